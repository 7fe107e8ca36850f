import { timestampFromMs } from '@bufbuild/protobuf/wkt'
import { Code, ConnectError, createClient, type Transport } from '@connectrpc/connect'
import { findBooking, findRun } from '@quorail/booking-fsm'
import { ReportKind, ReportService } from '@quorail/proto/quorail/booking/v1/report_service_pb'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { MemoryHost } from '../testing/memory-host.ts'
import { loginTo, memoryServicesWithReports } from '../testing/memory-services.ts'
import { demoJourney, settleEffects, soldBooking } from '../testing/sold-booking.ts'

/** 23:30 on the clocks of Lisbon, the next day already in Zurich. */
const now = Date.UTC(2026, 10, 22, 23, 30)
const day = 86_400_000
let services: ReturnType<typeof memoryServicesWithReports>
let host: MemoryHost
let transport: Transport

beforeEach(() => {
  services = memoryServicesWithReports(now)
  ;({ host, transport } = services)
})

afterEach(() => services.close())

const reports = () => createClient(ReportService, transport)

function login(email: string, role: 'passenger' | 'agent' | 'staff' = 'passenger') {
  const { accountId, headers } = loginTo(host, email, role)
  return { accountId, auth: { headers } }
}

const period = { from: timestampFromMs(now - day), to: timestampFromMs(now + day) }

/** The rows of a report as objects. */
async function report(kind: ReportKind, auth: object, timeZone = 'Europe/Zurich') {
  const { table } = await reports().getReport({ kind, ...period, timeZone }, auth)
  return (table?.rows ?? []).map(({ cells }) =>
    Object.fromEntries(cells.map((cell, i) => [table?.columns[i], cell])),
  )
}

test('sales by day of the zone, train and class; what was given back stands beside it', async () => {
  const [ann, staff] = [login('ann@example.org'), login('st@example.org', 'staff')]
  const first = soldBooking(host, ann.accountId)
  soldBooking(host, ann.accountId, ['Cy'])
  const price = (id: number) => findBooking(host.state, id)?.priceMinor ?? 0
  host.run(
    { type: 'cancelBooking', bookingId: first, expectedRefundMinor: price(first) },
    ann.accountId,
  )
  const run = findRun(host.state, findBooking(host.state, first)?.runId ?? 0)
  const row = {
    day: '2026-11-23',
    train: run?.trainNumber,
    class: findBooking(host.state, first)?.classCode,
    bookings: '2',
    passengers: '3',
    sold_minor: String(price(first) + price(first + 1)),
    refund_minor: String(price(first)),
  }
  expect(await report(ReportKind.SALES, staff.auth)).toEqual([row])
  expect(await report(ReportKind.SALES, staff.auth, 'Europe/Lisbon')).toEqual([
    { ...row, day: '2026-11-22' },
  ])
})

test('the ledger sums to zero, and money and ledger agree', async () => {
  const [ann, staff] = [login('ann@example.org'), login('st@example.org', 'staff')]
  const bookingId = soldBooking(host, ann.accountId)
  const expectedRefundMinor = findBooking(host.state, bookingId)?.priceMinor ?? 0
  host.run({ type: 'cancelBooking', bookingId, expectedRefundMinor }, ann.accountId)
  const refunds = () => report(ReportKind.REFUNDS, staff.auth)
  const amount = String(expectedRefundMinor)
  expect(await refunds()).toEqual([
    { day: 'now', outcome: 'on its way', refunds: '1', amount_minor: amount },
  ])
  settleEffects(host)
  expect(await refunds()).toEqual([
    { day: '2026-11-23', outcome: 'done', refunds: '1', amount_minor: amount },
    { day: 'now', outcome: 'on its way', refunds: '0', amount_minor: '0' },
  ])
  const lines = await report(ReportKind.LEDGER, staff.auth)
  expect(lines.length).toBeGreaterThan(3)
  expect(lines.reduce((sum, { amount_minor: minor }) => sum + Number(minor), 0)).toBe(0)
  expect(await report(ReportKind.RECONCILIATION, staff.auth)).toEqual([])
  services.sqlite.prepare('update payments set refunded_minor = refunded_minor - 1').run()
  expect(await report(ReportKind.RECONCILIATION, staff.auth)).toMatchObject([{ booking_id: '1' }])
})

test('what became of holds, and the money that was lost with them', async () => {
  const [ann, staff] = [login('ann@example.org'), login('st@example.org', 'staff')]
  soldBooking(host, ann.accountId)
  const { runId, fromStop, toStop, classes } = demoJourney(host)
  const classCode = classes[0]?.classCode ?? ''
  const passengers = [{ name: 'P' }]
  const hold = {
    type: 'holdSeats',
    runId,
    fromStop,
    toStop,
    classCode,
    passengers,
    seats: [],
  } as const
  const [expired, released] = [host.run(hold, ann.accountId), host.run(hold, ann.accountId)]
  if (expired.type !== 'seatsHeld' || released.type !== 'seatsHeld') throw new Error('no hold')
  host.run({ type: 'releaseHold', bookingId: released.bookingId }, ann.accountId)
  host.advance(600_000)
  host.run({ type: 'tick' })
  expect(await report(ReportKind.HOLDS, staff.auth)).toMatchObject([
    {
      ...{ holds: '3', sold: '1', expired: '1', released: '1' },
      lost_minor: String(expired.priceMinor + released.priceMinor),
    },
  ])
})

test('what became of mails', async () => {
  const [ann, staff] = [login('ann@example.org'), login('st@example.org', 'staff')]
  host.run({ type: 'switchNotices', on: true })
  soldBooking(host, ann.accountId)
  const outcome = { type: 'refused', reason: 'no such box' } as const
  host.run({ type: 'recordNotice', noticeId: 1, outcome })
  expect(await report(ReportKind.NOTICES, staff.auth)).toEqual([
    { day: '2026-11-23', kind: 'bookingConfirmed', outcome: 'refused', notices: '1' },
  ])
})

test('how full each segment of a day’s runs is', async () => {
  const [ann, staff] = [login('ann@example.org'), login('st@example.org', 'staff')]
  const bookingId = soldBooking(host, ann.accountId)
  const booking = findBooking(host.state, bookingId)
  const run = findRun(host.state, booking?.runId ?? 0)
  const text = String(run?.serviceDate)
  const date = `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`
  const asked = { fromDate: date, toDate: date, trainId: BigInt(run?.trainId ?? 0) }
  const { table } = await reports().getOccupancyReport(asked, staff.auth)
  const sold = (table?.rows ?? [])
    .filter(({ cells }) => cells[0] === String(run?.runId))
    .map(({ cells }) => Number(cells[5]))
  const expected = sold.map((_, i) =>
    i >= (booking?.fromStop ?? 0) && i < (booking?.toStop ?? 0) ? 2 : 0,
  )
  expect(sold).toEqual(expected)
  expect(sold.length).toBe((run?.stops.length ?? 0) - 1)
})

test('the money of a booking, step by step: for its owner and for staff', async () => {
  const [ann, ben] = [login('ann@example.org'), login('ben@example.org')]
  const staff = login('st@example.org', 'staff')
  const bookingId = soldBooking(host, ann.accountId)
  const expectedRefundMinor = findBooking(host.state, bookingId)?.priceMinor ?? 0
  host.advance(60_000)
  host.run({ type: 'cancelBooking', bookingId, expectedRefundMinor }, ann.accountId)
  const events = async (auth: object) => {
    const asked = { bookingId: BigInt(bookingId) }
    const { events: found } = await reports().getMoneyTimeline(asked, auth)
    return found.map(({ event, reference }) => [event, reference].filter(Boolean).join(' '))
  }
  const so = ['paymentStarted', 'authorised ref-1', 'captured ref-2', 'refundAgreed']
  const before = await events(ann.auth)
  expect(before.slice(0, 4)).toEqual(so)
  expect(before[4]).toMatch(/^refundQueued 0+-\d+-\d+$/)
  settleEffects(host)
  expect(await events(staff.auth)).toEqual([...so, 'refunded ref-3'])
  const error = await events(ben.auth).then(() => undefined, ConnectError.from)
  expect(error?.code).toBe(Code.NotFound)
})

test('what agents sold, their share, and their tills: money and ledger agree', async () => {
  const staff = login('st@example.org', 'staff')
  const agent = login('agent@example.org', 'agent').accountId
  const terms = { validFromMs: 0, maxOpenHolds: 0, commissionBasisPoints: 1_000 }
  host.run({ type: 'setAgentRule', accountId: 0, ...terms })
  host.run({ type: 'openTill', floatMinor: 100 }, agent)
  const { runId, fromStop, toStop, classes } = demoJourney(host)
  const journey = { runId, fromStop, toStop, classCode: classes[0]?.classCode ?? '' }
  const hold = { ...journey, passengers: [{ name: 'Cora' }], seats: [] }
  const held = host.run({ type: 'holdSeats', ...hold }, agent)
  if (held.type !== 'seatsHeld') throw new Error(held.type)
  const { bookingId, priceMinor: price } = held
  const sale = { bookingId, means: 'cash', amountMinor: price, reference: '' } as const
  host.run({ type: 'payAtCounter', ...sale }, agent)
  host.run({ type: 'closeTill', countedMinor: price + 90 }, agent)
  const share = Math.floor((price + 5) / 10)
  expect(await report(ReportKind.SELLERS, staff.auth)).toEqual([
    {
      ...{ day: '2026-11-23', account_id: String(agent), means: 'cash', sales: '1' },
      ...{ sold_minor: String(price), refunded_minor: '0', commission_minor: String(share) },
    },
  ])
  const [till] = await report(ReportKind.TILLS, staff.auth)
  expect(till).toMatchObject({ till_id: '1', difference_minor: '-10' })
  expect(await report(ReportKind.RECONCILIATION, staff.auth)).toEqual([])
})

test('reports are for staff, and what is wrong is named', async () => {
  const [ann, staff] = [login('ann@example.org'), login('st@example.org', 'staff')]
  const codeOf = async (call: Promise<unknown>) =>
    (await call.then(() => undefined, ConnectError.from))?.code
  const asked = { kind: ReportKind.SALES, ...period, timeZone: '' }
  expect(await codeOf(reports().getReport(asked, ann.auth))).toBe(Code.PermissionDenied)
  const wrong = [
    { ...asked, kind: ReportKind.UNSPECIFIED },
    { ...asked, timeZone: 'Nowhere' },
    { ...asked, from: period.to, to: period.from },
  ]
  for (const one of wrong) {
    expect(await codeOf(reports().getReport(one, staff.auth))).toBe(Code.InvalidArgument)
  }
})

test('the provider’s list against ours: what is missing here or there, what is another sum, and what to do', async () => {
  const [ann, staff] = [login('ann@example.org'), login('st@example.org', 'staff')]
  const first = soldBooking(host, ann.accountId)
  soldBooking(host, ann.accountId, ['Cy'])
  settleEffects(host)
  const captures = services.sqlite
    .prepare<[], { key: string; amountMinor: number }>(
      "select effect_key as key, amount_minor as amountMinor from effect_outcomes where kind = 'capture'",
    )
    .all()
  const lines = captures.map(({ key, amountMinor }) => `${key},capture,${amountMinor}`)
  const compare = async (csv: string, auth = staff.auth) => {
    const { table } = await reports().reconcileSettlements({ csv, ...period }, auth)
    return (table?.rows ?? []).map(({ cells }) => [cells[0], cells[1], cells[5], cells[6]])
  }
  expect(await compare(['key,kind,amount_minor', ...lines].join('\n'))).toEqual([])
  const [one, two] = captures as [(typeof captures)[0], (typeof captures)[0]]
  expect(
    await compare(`${one.key},capture,${one.amountMinor + 1}\nothers-1-0,refund,500\n`),
  ).toEqual([
    ['other amount', one.key, String(one.amountMinor), String(one.amountMinor + 1)],
    ['missing here', 'others-1-0', '0', '500'],
    ['missing there', two.key, String(two.amountMinor), '0'],
  ])
  const expectedRefundMinor = findBooking(host.state, first)?.priceMinor ?? 0
  host.run({ type: 'cancelBooking', bookingId: first, expectedRefundMinor }, ann.accountId)
  const waits = services.sqlite
    .prepare<[], { key: string }>('select effect_key as key from outbox')
    .get()
  const refund = `${waits?.key},refund,${expectedRefundMinor}`
  expect(await compare([...lines, refund].join('\n'))).toEqual([
    ['not answered yet', waits?.key, '0', String(expectedRefundMinor)],
  ])
  for (const wrong of [`${one.key},capture`, `${lines[0]}\n${lines[0]}`, 'a,void,5']) {
    const error = await compare(wrong).catch(ConnectError.from)
    expect((error as ConnectError).code).toBe(Code.InvalidArgument)
  }
  const denied = await compare('', ann.auth).catch(ConnectError.from)
  expect((denied as ConnectError).code).toBe(Code.PermissionDenied)
})

test('delays that were recorded, and what was paid back for them', async () => {
  const [ann, staff] = [login('ann@example.org'), login('st@example.org', 'staff')]
  const rule = { choiceMs: day, rebookMs: day, minimumMinor: 0, maximumMinor: 0 }
  const bands = [{ fromMinutes: 60, basisPoints: 10_000 }]
  host.run({ type: 'setCompensationRule', validFromMs: 0, ...rule, bands })
  const sold = findBooking(host.state, soldBooking(host, ann.accountId))
  if (sold === undefined) throw new Error('nothing is sold')
  settleEffects(host)
  host.advance(3 * day)
  const { runId, toStop: stop, priceMinor } = sold
  const late = { lateMinutes: 61, final: true, reason: 'strike' } as const
  host.run({ type: 'recordDelay', runId, stop, ...late })
  host.run({ type: 'continueDisruption', disruptionId: 1 })
  const recorded = { from: timestampFromMs(now), to: timestampFromMs(now + 9 * day) }
  const asked = { kind: ReportKind.DELAYS, ...recorded, timeZone: '' }
  const { table } = await reports().getReport(asked, staff.auth)
  const date = String(findRun(host.state, runId)?.serviceDate)
  const number = findRun(host.state, runId)?.trainNumber
  expect(table?.rows.map(({ cells }) => cells)).toEqual([
    [date, number, String(stop), '61', '1', 'strike', String(priceMinor)],
  ])
})
