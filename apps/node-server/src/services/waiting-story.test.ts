/** A waiting list from end to end: RPCs, the outbox at a payment provider over HTTP, and the mails. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { timestampFromMs } from '@bufbuild/protobuf/wkt'
import { createClient, type Transport } from '@connectrpc/connect'
import { pendingNotices } from '@quorail/booking-fsm'
import { BookingService } from '@quorail/proto/quorail/booking/v1/booking_service_pb'
import { PaymentService } from '@quorail/proto/quorail/booking/v1/payment_service_pb'
import { BookingStatus, PaymentStatus } from '@quorail/proto/quorail/booking/v1/types_pb'
import { WaitingListService } from '@quorail/proto/quorail/booking/v1/waiting_list_service_pb'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { startLeaderWork } from '../host/leader-work.ts'
import type { Mail } from '../mail/mail-port.ts'
import { sendNotices } from '../mail/notice-worker.ts'
import { startOutbox } from '../payments/outbox-worker.ts'
import { memoryLog, secret } from '../payments/testing.ts'
import type { MemoryHost } from '../testing/memory-host.ts'
import { loginTo, memoryServices } from '../testing/memory-services.ts'

const now = Date.UTC(2026, 10, 22, 9, 0)
const [minute, day] = [60_000, 86_400_000]
const wait = { timeout: 30_000, interval: 5 }
const classCode = '2'
let host: MemoryHost
let transport: Transport
/** What the provider was asked for: `capture of booking-3`. */
let asked: string[]
let mails: Mail[]
let runIds: number[]
let requests = 0
const requestId = () => `request-${++requests}`

beforeEach(async () => {
  ;({ host, transport } = memoryServices(now))
  asked = []
  mails = []
  runIds = smallRuns()
  const providerUrl = await provider()
  const outbox = startOutbox({
    ...{ host, providerUrl, secret, log: memoryLog() },
    limits: { pauseFirstMs: 5, pauseMostMs: 20 },
  })
  onTestFinished(() => outbox.stop())
  const mail = { send: async (one: Mail) => `taken as ${mails.push(one)}`, close: () => undefined }
  host.run({ type: 'switchNotices', on: true })
  const job = sendNotices({ host, mail, log: memoryLog(), lookEveryMs: 5 })
  const post = startLeaderWork(host, job, (error) => expect(error).toBeUndefined())
  onTestFinished(() => post.stop())
})

/** Three seats, on two days. */
function smallRuns(): number[] {
  const codes = [...host.state.stations.values()].slice(0, 2).map(({ code }) => code)
  const stops = codes.map((stationCode, at) => ({
    ...{ stationCode, arrivalSeconds: 3_600 * at, departureSeconds: 3_600 * at },
    ...{ distanceMetres: 100_000 * at, boarding: true, alighting: true },
  }))
  const coaches = [{ label: '1', classCode, rows: 1, columns: 'A-BC' }]
  const train = { importId: undefined, number: 'IC 901', name: '', stops, coaches }
  const added = host.run({ type: 'addTrain', ...train, calendar: undefined })
  if (added.type !== 'trainAdded') throw new Error(JSON.stringify(added))
  const runs = [2, 3].map((days) => ({ serviceDate: 20261122 + days, baseMs: now + days * day }))
  const of = { importId: undefined, trainId: added.trainId, trainNumber: '', runs }
  const opened = host.run({ type: 'addRuns', ...of })
  if (opened.type !== 'runsAdded') throw new Error(JSON.stringify(opened))
  return [...opened.runIds]
}

/** A provider that does everything at once, and keeps what it was asked for. */
async function provider(): Promise<string> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      // The first that a worker finds another one may have sent: not here.
      if (request.method === 'GET') return response.writeHead(404).end('{"state":"unknown"}')
      const body = JSON.parse(Buffer.concat(chunks).toString() || '{}') as { reference?: string }
      const [, , , of = body.reference, what = 'authorise'] = request.url?.split('/') ?? []
      asked.push(`${what} of ${of}`)
      return response.end(JSON.stringify({ state: 'done', providerReference: of }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

type Login = ReturnType<typeof loginTo>
const passenger = (name: string) => loginTo(host, `${name}@example.org`, 'passenger')
const bookings = () => createClient(BookingService, transport)
const lists = () => createClient(WaitingListService, transport)
const journey = (run = 0) => ({
  ...{ runId: BigInt(runIds[run] ?? 0), fromStop: 0, toStop: 1, classCode },
})
const party = (size: number) => Array.from({ length: size }, (_, i) => ({ name: `P ${i}` }))

async function shown(who: Login, bookingId: bigint) {
  const { booking } = await bookings().getBooking({ bookingId }, who)
  if (booking === undefined) throw new Error('no booking')
  return booking
}

/** What it is, how many are ahead of it, and what became of its money. */
async function stands(who: Login, bookingId: bigint) {
  const { status, waiting, payments } = await shown(who, bookingId)
  const ahead = waiting?.options.map((option) => option.ahead)
  return { status, ahead, paid: payments.map((it) => it.status) }
}

async function pays(who: Login, bookingId: bigint): Promise<void> {
  const { due, price, waiting } = await shown(who, bookingId)
  const amountMinor = (waiting?.reserve ?? due ?? price)?.minor ?? 0n
  const payment = { bookingId, paymentToken: 'tok_12345678', amountMinor }
  await createClient(PaymentService, transport).pay({ requestId: requestId(), ...payment }, who)
}

async function holds(who: Login, size: number, run = 0): Promise<bigint> {
  const request = { requestId: requestId(), ...journey(run), passengers: party(size) }
  return (await bookings().holdSeats(request, who)).booking?.bookingId ?? 0n
}

async function joins(who: Login, size = 1, more: object = {}): Promise<bigint> {
  const request = {
    ...{ requestId: requestId(), wanted: journey(), passengers: party(size) },
    ...{ deadline: timestampFromMs(now + day), maxPriceMinor: 1_000_000n, ...more },
  }
  return (await lists().joinWaitingList(request, who)).booking?.bookingId ?? 0n
}

/** The run is sold out, and there is a rule. */
async function soldOut(): Promise<{ bob: Login; sold: bigint; staff: Login }> {
  const [bob, staff] = [passenger('bob'), loginTo(host, 'st@example.org', 'staff')]
  const rule = { validFrom: timestampFromMs(now), capBasisPoints: 10_000 }
  const times = { chartMinutesBeforeDeparture: 60, promotedHoldSeconds: 600 }
  await lists().setWaitingRule({ requestId: requestId(), ...rule, ...times }, staff)
  const sold = await holds(bob, 2)
  const single = await holds(bob, 1)
  for (const bookingId of [sold, single]) {
    await pays(bob, bookingId)
    await settled(bob, bookingId, PaymentStatus.CAPTURED)
  }
  return { bob, sold, staff }
}

const settled = (who: Login, bookingId: bigint, status: PaymentStatus) =>
  expect.poll(async () => (await stands(who, bookingId)).paid, wait).toEqual([status])

const mailed = (to: string, words: RegExp) =>
  expect
    .poll(() => mails.filter((it) => it.to.startsWith(to)).map((it) => it.subject), wait)
    .toContainEqual(expect.stringMatching(words))

test('a cancellation gives the seat to who waits in the same entry; only then is the money taken, and a mail says so', async () => {
  const { bob, sold } = await soldOut()
  const [dora, carl] = [passenger('dora'), passenger('carl')]
  const first = await joins(dora)
  const second = await joins(carl, 2)
  expect((await stands(dora, first)).ahead).toEqual([0])
  expect((await stands(carl, second)).ahead).toEqual([1])
  await pays(dora, first)
  await settled(dora, first, PaymentStatus.AUTHORISED)
  expect(await stands(dora, first)).toMatchObject({ status: BookingStatus.WAITING, ahead: [0] })
  expect(asked).not.toContain(`capture of booking-${first}`)

  const entries: string[][] = []
  const stop = host.onRows((changes = []) => {
    const ids = changes.flatMap((it) =>
      it.type === 'upsert' && it.table === 'bookings' ? [String(it.values[0])] : [],
    )
    entries.push(ids)
  })
  const { refund } = await bookings().quoteRefund({ bookingId: sold }, bob)
  const expectedRefundMinor = refund?.minor ?? 0n
  await bookings().cancelBooking(
    { requestId: requestId(), bookingId: sold, expectedRefundMinor },
    bob,
  )
  stop()
  expect(entries.find((ids) => ids.includes(String(sold)))).toContain(String(first))
  expect((await stands(dora, first)).status).toBe(BookingStatus.CONFIRMED)
  expect((await stands(carl, second)).ahead).toEqual([0])
  await settled(dora, first, PaymentStatus.CAPTURED)
  await expect.poll(() => asked, wait).toContain(`refunds of booking-${sold}`)
  expect(asked.filter((it) => it === `capture of booking-${first}`)).toHaveLength(1)
  await mailed('dora', /^You have seats/)
  await expect.poll(() => pendingNotices(host.state, 9), wait).toEqual([])
})

test('what else would do comes to who has reserved nothing as a hold; the deadline gives back what was reserved', async () => {
  await soldOut()
  const [eve, dora, carl] = [passenger('eve'), passenger('dora'), passenger('carl')]
  const other = await holds(eve, 3, 1)
  const either = await joins(dora, 1, { alternatives: [journey(1)] })
  const soon = await joins(carl, 1, { deadline: timestampFromMs(now + 5 * minute) })
  expect((await stands(dora, either)).ahead).toEqual([0, 0])
  expect((await stands(carl, soon)).ahead).toEqual([1])
  await pays(carl, soon)
  await settled(carl, soon, PaymentStatus.AUTHORISED)

  await bookings().releaseHold({ requestId: requestId(), bookingId: other }, eve)
  const promoted = await shown(dora, either)
  expect(promoted.status).toBe(BookingStatus.HELD)
  expect(promoted.journey?.runId).toBe(journey(1).runId)
  expect((await stands(carl, soon)).ahead).toEqual([0])
  await mailed('dora', /^You have seats/)

  host.advance(5 * minute)
  host.run({ type: 'tick' })
  expect((await stands(carl, soon)).status).toBe(BookingStatus.LAPSED)
  await settled(carl, soon, PaymentStatus.VOIDED)
  expect(asked).toContain(`void of booking-${soon}`)
  expect(asked).not.toContain(`capture of booking-${soon}`)
  // Nobody pays for the hold, so that it is gone as well.
  host.advance(10 * minute)
  host.run({ type: 'tick' })
  expect((await stands(dora, either)).status).toBe(BookingStatus.EXPIRED)
})

test('when the list closes, by itself or by staff, whoever has no seat gets everything back', async () => {
  const { staff } = await soldOut()
  const [dora, carl] = [passenger('dora'), passenger('carl')]
  const waits = await joins(dora, 1, { deadline: timestampFromMs(now + 2 * day) })
  await pays(dora, waits)
  await settled(dora, waits, PaymentStatus.AUTHORISED)
  host.advance(2 * day - 60 * minute - 1)
  host.run({ type: 'tick' })
  expect((await stands(dora, waits)).status).toBe(BookingStatus.WAITING)
  host.advance(1)
  host.run({ type: 'tick' })
  expect((await stands(dora, waits)).status).toBe(BookingStatus.LAPSED)
  await settled(dora, waits, PaymentStatus.VOIDED)
  expect(asked.filter((it) => it.endsWith(`of booking-${waits}`))).toEqual([
    `authorise of booking-${waits}`,
    `void of booking-${waits}`,
  ])
  await mailed('dora', /^No seats came free/)

  const full = await holds(carl, 3, 1)
  const late = await joins(dora, 1, {
    ...{ wanted: journey(1), deadline: timestampFromMs(now + 3 * day) },
  })
  await pays(dora, late)
  await settled(dora, late, PaymentStatus.AUTHORISED)
  await lists().closeChart({ requestId: requestId(), runId: journey(1).runId }, staff)
  expect((await stands(dora, late)).status).toBe(BookingStatus.LAPSED)
  await settled(dora, late, PaymentStatus.VOIDED)
  expect((await stands(carl, full)).status).toBe(BookingStatus.HELD)
  const manifest = await lists().getManifest({ runId: journey(1).runId }, staff)
  expect(manifest).toMatchObject({ closed: true, waiting: 0 })
})
