import { timestampFromMs } from '@bufbuild/protobuf/wkt'
import { Code, ConnectError, createClient, type Transport } from '@connectrpc/connect'
import { listRuns, pendingOutbox } from '@quorail/booking-fsm'
import { BookingService } from '@quorail/proto/quorail/booking/v1/booking_service_pb'
import {
  DisruptionKind,
  DisruptionPhase,
  DisruptionService,
  OverrideStatus,
} from '@quorail/proto/quorail/booking/v1/disruption_service_pb'
import { PaymentService } from '@quorail/proto/quorail/booking/v1/payment_service_pb'
import {
  BookingStatus,
  JourneyChangeKind,
  Reason,
} from '@quorail/proto/quorail/booking/v1/types_pb'
import { ErrorDetailSchema } from '@quorail/proto/quorail/cluster/v1/errors_pb'
import { beforeEach, expect, test } from 'vitest'
import { newSessionToken, tokenHash } from '../auth/sessions.ts'
import { disruptionWork } from '../host/disruption-work.ts'
import { startLeaderWork } from '../host/leader-work.ts'
import type { MemoryHost } from '../testing/memory-host.ts'
import { memoryServices } from '../testing/memory-services.ts'

const now = Date.UTC(2026, 10, 22, 9, 0)
const day = 86_400_000
let host: MemoryHost
let transport: Transport
let requests = 0
const requestId = () => `request-${++requests}`

beforeEach(() => {
  ;({ host, transport } = memoryServices(now))
})

const disruptions = () => createClient(DisruptionService, transport)
const bookings = () => createClient(BookingService, transport)

function login(email: string, role: 'passenger' | 'staff') {
  const account = { email, displayName: email, passwordHash: 'hash', role } as const
  const reply = host.run({ type: 'registerAccount', ...account })
  if (reply.type !== 'accountRegistered') throw new Error(reply.type)
  const { accountId } = reply
  const token = newSessionToken()
  host.run({ type: 'openSession', accountId, tokenHash: tokenHash(token), ttlMs: 30 * day })
  return { headers: { authorization: `Bearer ${token}` } }
}

async function codeOf(call: Promise<unknown>) {
  const error = await call.then(() => undefined, ConnectError.from)
  return [error?.code, error?.findDetails(ErrorDetailSchema)[0]?.code]
}

/** The run of a train on some day, and the one of the same train on the day after. */
function twoRuns() {
  const runs = listRuns(host.state, { fromDate: 20261125, toDate: 20261126, limit: 999 })
  for (const first of runs) {
    const second = runs.find((it) => it.trainId === first.trainId && it !== first)
    if (second !== undefined) return { first, second }
  }
  throw new Error('no train of the demo timetable goes twice')
}

async function sold(
  auth: { headers: Record<string, string> },
  runId: number,
  classCode: string,
  party = ['Anna', 'Ben'],
  toStop = 1,
) {
  const hold = { runId: BigInt(runId), fromStop: 0, toStop, classCode }
  const { booking } = await bookings().holdSeats(
    { requestId: requestId(), ...hold, passengers: party.map((name) => ({ name })) },
    auth,
  )
  if (booking === undefined) throw new Error('no booking')
  const { bookingId, price } = booking
  const pay = { bookingId, paymentToken: 'tok_12345678', amountMinor: price?.minor ?? 0n }
  await createClient(PaymentService, transport).pay({ requestId: requestId(), ...pay }, auth)
  settle()
  settle()
  return booking
}

/** The provider does what is next. */
function settle() {
  for (const { outboxId } of pendingOutbox(host.state, 1)) {
    const outcome = { type: 'done', providerReference: 'ref' } as const
    host.run({ type: 'recordOutcome', outboxId, outcome })
  }
}

/** What the leader does of its own accord, as long as the test runs. */
async function withLeader(test: () => Promise<void>) {
  const failures: unknown[] = []
  const work = startLeaderWork(host, disruptionWork(host, 5), (error) => failures.push(error))
  try {
    await test()
  } finally {
    await work.stop()
  }
  expect(failures).toEqual([])
}

test('staff cancel a run; one passenger takes another train, one the money, one does nothing', async () => {
  const [anna, ben, cleo] = ['anna', 'ben', 'cleo'].map((name) =>
    login(`${name}@example.org`, 'passenger'),
  ) as [ReturnType<typeof login>, ReturnType<typeof login>, ReturnType<typeof login>]
  const staff = login('staff@example.org', 'staff')
  const rule = { choiceHours: 24, rebookHours: 48, bands: [{ fromMinutes: 60, basisPoints: 2500 }] }
  await disruptions().setCompensationRule(
    { requestId: requestId(), validFrom: timestampFromMs(now), ...rule },
    staff,
  )
  const { first, second } = twoRuns()
  const classCode = first.coaches[0]?.classCode ?? ''
  const ids = []
  for (const who of [anna, ben, cleo]) ids.push((await sold(who, first.runId, classCode)).bookingId)
  const [hers, his, theirs] = ids as [bigint, bigint, bigint]
  const cancelling = { requestId: requestId(), runId: BigInt(first.runId), reason: Reason.STRIKE }
  await withLeader(async () => {
    const { disruption } = await disruptions().cancelRun(cancelling, staff)
    expect((await disruptions().cancelRun(cancelling, staff)).disruption?.disruptionId).toBe(
      disruption?.disruptionId,
    )
    await expect
      .poll(async () => (await disruptions().listDisruptions({}, staff)).disruptions)
      .toMatchObject([{ phase: DisruptionPhase.CHOOSING, bookings: 3, open: 3 }])
    const { booking: lost } = await bookings().getBooking({ bookingId: hers }, anna)
    expect(lost).toMatchObject({
      status: BookingStatus.DISRUPTED,
      disruption: { reason: Reason.STRIKE, mayRebook: true, mayTakeRefund: true },
      changes: [{ kind: JourneyChangeKind.TRAIN_CANCELLED }],
    })
    const other = { runId: BigInt(second.runId), fromStop: 0, toStop: 1 }
    const { booking: moved } = await disruptions().rebookFree(
      { requestId: requestId(), bookingId: hers, ...other },
      anna,
    )
    expect(moved?.status).toBe(BookingStatus.CONFIRMED)
    expect(moved?.pnr).toBe(lost?.pnr)
    expect(moved?.changes[1]?.journey?.runId).toBe(BigInt(first.runId))
    const { booking: paid } = await disruptions().takeRefund(
      { requestId: requestId(), bookingId: his },
      ben,
    )
    expect(paid?.refund).toEqual(paid?.price)
    host.advance(day)
    await expect
      .poll(async () => (await disruptions().listDisruptions({}, staff)).disruptions[0]?.phase)
      .toBe(DisruptionPhase.OVER)
    const { booking: silent } = await bookings().getBooking({ bookingId: theirs }, cleo)
    expect(silent?.status).toBe(BookingStatus.CANCELLED)
    expect(silent?.refund).toEqual(silent?.price)
  })
})

test('a refund against the rules needs a reason, and above the limit a second person', async () => {
  const anna = login('anna@example.org', 'passenger')
  const [staff, other] = [login('st@example.org', 'staff'), login('op@example.org', 'staff')]
  const { first } = twoRuns()
  const party = ['Anna', 'Ben', 'Cleo', 'Dan', 'Eve', 'Finn']
  const classCode = first.coaches[0]?.classCode ?? ''
  const last = first.stops.length - 1
  const { bookingId, price } = await sold(anna, first.runId, classCode, party, last)
  const asking = (amountMinor: bigint) => ({
    requestId: requestId(),
    bookingId,
    passengers: [0, 1, 2, 3, 4, 5],
    amountMinor,
    reason: Reason.MEDICAL,
    note: 'A broken leg.',
  })
  const { override: small } = await disruptions().overrideRefund(asking(100n), staff)
  expect(small).toMatchObject({ status: OverrideStatus.PAID, amount: { minor: 100n } })
  const rest = (price?.minor ?? 0n) - 100n
  expect(await codeOf(disruptions().overrideRefund(asking(rest + 1n), staff))).toEqual([
    Code.FailedPrecondition,
    'REFUND_TOO_HIGH',
  ])
  expect((await codeOf(disruptions().overrideRefund(asking(100n), anna)))[0]).toBe(
    Code.PermissionDenied,
  )
  const { override } = await disruptions().overrideRefund(asking(rest), staff)
  const overrideId = override?.overrideId ?? 0n
  const deciding = () => ({ requestId: requestId(), overrideId, approve: true })
  expect(override?.status).toBe(OverrideStatus.WAITING)
  expect((await codeOf(disruptions().decideOverride(deciding(), staff)))[1]).toBe(
    'SECOND_PERSON_NEEDED',
  )
  const { override: decided } = await disruptions().decideOverride(deciding(), other)
  expect(decided?.status).toBe(OverrideStatus.PAID)
  expect((await codeOf(disruptions().decideOverride(deciding(), other)))[1]).toBe(
    'OVERRIDE_DECIDED',
  )
  const { overrides } = await disruptions().listOverrides({}, staff)
  expect(overrides.map(({ status }) => status)).toEqual([OverrideStatus.PAID, OverrideStatus.PAID])
})

test('who may not is refused, and what is wrong is named', async () => {
  const [anna, staff] = [login('anna@example.org', 'passenger'), login('s@example.org', 'staff')]
  const { first } = twoRuns()
  const cancelling = () => ({
    requestId: requestId(),
    runId: BigInt(first.runId),
    reason: Reason.OTHER,
  })
  expect((await codeOf(disruptions().cancelRun(cancelling(), anna)))[0]).toBe(Code.PermissionDenied)
  expect((await codeOf(disruptions().listDisruptions({}, anna)))[0]).toBe(Code.PermissionDenied)
  const unsaid = { ...cancelling(), reason: Reason.UNSPECIFIED }
  expect((await codeOf(disruptions().cancelRun(unsaid, staff)))[0]).toBe(Code.InvalidArgument)
  const { bookingId } = await sold(anna, first.runId, first.coaches[0]?.classCode ?? '')
  const taking = { requestId: requestId(), bookingId }
  expect(await codeOf(disruptions().takeRefund(taking, anna))).toEqual([
    Code.FailedPrecondition,
    'NOT_DISRUPTED',
  ])
  await disruptions().cancelRun(cancelling(), staff)
  expect((await codeOf(disruptions().cancelRun(cancelling(), staff)))[1]).toBe('RUN_CANCELLED')
})

test('staff record a delay; who got off there has the money without a claim, and sees why', async () => {
  const anna = login('anna@example.org', 'passenger')
  const staff = login('staff@example.org', 'staff')
  const rule = { choiceHours: 24, rebookHours: 48, bands: [{ fromMinutes: 60, basisPoints: 2500 }] }
  await disruptions().setCompensationRule(
    { requestId: requestId(), validFrom: timestampFromMs(now), ...rule },
    staff,
  )
  const { first } = twoRuns()
  const classCode = first.coaches[0]?.classCode ?? ''
  const { bookingId, price } = await sold(anna, first.runId, classCode)
  const record = (lateMinutes: number, final: boolean) => ({
    requestId: requestId(),
    ...{ runId: BigInt(first.runId), stop: 1, lateMinutes, final, reason: Reason.DISRUPTION },
  })
  expect((await codeOf(disruptions().recordDelay(record(5, false), anna)))[0]).toBe(
    Code.PermissionDenied,
  )
  expect((await codeOf(disruptions().recordDelay(record(5, true), staff)))[1]).toBe('NOT_ARRIVED')
  await withLeader(async () => {
    await disruptions().recordDelay(record(40, false), staff)
    const { booking: waits } = await bookings().getBooking({ bookingId }, anna)
    expect(waits).toMatchObject({
      delay: { lateMinutes: 40, final: false, compensation: { minor: 0n } },
      journey: { departureLateMinutes: 0, arrivalLateMinutes: 40 },
    })
    host.advance(4 * day)
    const { disruption } = await disruptions().recordDelay(record(75, true), staff)
    expect(disruption?.kind).toBe(DisruptionKind.RUN_DELAYED)
    await expect
      .poll(async () => (await disruptions().listDisruptions({}, staff)).disruptions[0]?.phase)
      .toBe(DisruptionPhase.OVER)
  })
  const { delays } = await disruptions().listDelays({}, staff)
  expect(delays).toMatchObject([{ stop: 1, lateMinutes: 75, final: true }])
  const { booking: paid } = await bookings().getBooking({ bookingId }, anna)
  const each = ((price?.minor ?? 0n) / 2n + 2n) / 4n
  expect(paid?.delay).toMatchObject({ lateMinutes: 75, compensation: { minor: 2n * each } })
  const [refund] = pendingOutbox(host.state, 9)
  expect(refund).toMatchObject({ kind: 'refund', amountMinor: Number(2n * each) })
})
