/** Selling to others, through the API. */
import { Code, ConnectError, createClient, type Transport } from '@connectrpc/connect'
import { findBooking, ledgerTotals, pendingNotices, refundQuote } from '@quorail/booking-fsm'
import { AgentService, CounterMeans } from '@quorail/proto/quorail/booking/v1/agent_service_pb'
import { BookingService } from '@quorail/proto/quorail/booking/v1/booking_service_pb'
import { beforeEach, expect, test } from 'vitest'
import { factsOf } from '../mail/notice-facts.ts'
import type { MemoryHost } from '../testing/memory-host.ts'
import { loginTo, memoryServices } from '../testing/memory-services.ts'
import { demoJourney } from '../testing/sold-booking.ts'

let host: MemoryHost
let transport: Transport

beforeEach(() => {
  ;({ host, transport } = memoryServices(Date.UTC(2026, 10, 22, 9, 0)))
})

type Login = ReturnType<typeof loginTo>
const agents = () => createClient(AgentService, transport)
const bookings = () => createClient(BookingService, transport)
const codeOf = async (call: Promise<unknown>) =>
  (await call.then(() => undefined, ConnectError.from))?.code
let asked = 0
const requestId = () => `request-${asked++}`

async function held(by: Login) {
  const { runId, fromStop, toStop, classes } = demoJourney(host)
  const hold = { runId: BigInt(runId), fromStop, toStop, classCode: classes[0]?.classCode ?? '' }
  const passengers = [{ name: 'Cora' }]
  const { booking } = await bookings().holdSeats(
    { requestId: requestId(), ...hold, passengers },
    by,
  )
  const bookingId = booking?.bookingId ?? 0n
  const amountMinor = BigInt(booking?.price?.minor ?? 0)
  return { bookingId, amountMinor }
}

test('an agent sells for cash: the customer is told, the till knows, the agent has a share', async () => {
  host.run({ type: 'switchNotices', on: true })
  const staff = loginTo(host, 'staff@example.org', 'staff')
  const agent = loginTo(host, 'agent@example.org', 'agent')
  const rule = { maxOpenHolds: 3, commissionBasisPoints: 1_000, validFrom: {} }
  await agents().setAgentRule({ requestId: requestId(), ...rule }, staff)
  const { bookingId, amountMinor } = await held(agent)
  const sale = { bookingId, amountMinor, means: CounterMeans.CASH }
  const pay = (by: Login) => agents().payAtCounter({ requestId: requestId(), ...sale }, by)
  expect(await codeOf(pay(agent))).toBe(Code.FailedPrecondition)
  await agents().openTill({ requestId: requestId(), floatMinor: 5_000n }, agent)
  const customer = { displayName: 'Cora', email: 'cora@example.org' }
  await agents().nameCustomer({ requestId: requestId(), bookingId, ...customer }, agent)
  await pay(agent)
  expect(findBooking(host.state, Number(bookingId))?.status).toBe('confirmed')
  const [notice] = pendingNotices(host.state, 1)
  expect(notice && factsOf(host.state, notice)).toMatchObject({
    to: 'cora@example.org',
    name: 'Cora',
  })
  const till = await agents().getTill({}, agent)
  expect([till.floatMinor, till.cashMinor]).toEqual([5_000n, 5_000n + amountMinor])
  const share = Math.floor((Number(amountMinor) + 5) / 10)
  expect(ledgerTotals(host.state)).toMatchObject({
    cashInTills: 5_000 + Number(amountMinor),
    cashInSafe: -5_000,
    commissionExpense: share,
    commissionPayable: -share,
  })
})

test('a cancelled sale is paid out at the counter, and the shift ends with its difference', async () => {
  const agent = loginTo(host, 'agent@example.org', 'agent')
  const other = loginTo(host, 'other@example.org', 'agent')
  for (const by of [agent, other]) {
    await agents().openTill({ requestId: requestId(), floatMinor: 0n }, by)
  }
  const { bookingId, amountMinor } = await held(agent)
  const sale = { bookingId, amountMinor, means: CounterMeans.CASH }
  await agents().payAtCounter({ requestId: requestId(), ...sale }, agent)
  const quote = refundQuote(host.state, Number(bookingId), host.nowMs())
  const expectedRefundMinor = BigInt(quote?.refundMinor ?? 0)
  const cancel = { requestId: requestId(), bookingId, expectedRefundMinor }
  expect(await codeOf(bookings().cancelBooking(cancel, other))).toBe(Code.NotFound)
  await bookings().cancelBooking(cancel, agent)
  const [due] = (await agents().getTill({}, agent)).payOuts
  expect(due).toMatchObject({ bookingId, amountMinor: expectedRefundMinor })
  expect((await agents().getTill({}, other)).payOuts).toEqual([])
  const payOut = { outboxId: due?.outboxId ?? 0n }
  expect(await codeOf(agents().payOut({ requestId: requestId(), ...payOut }, other))).toBe(
    Code.NotFound,
  )
  await agents().payOut({ requestId: requestId(), ...payOut }, agent)
  const countedMinor = amountMinor - expectedRefundMinor + 7n
  const closed = await agents().closeTill({ requestId: requestId(), countedMinor }, agent)
  expect([closed.expectedMinor, closed.differenceMinor]).toEqual([countedMinor - 7n, 7n])
  expect(ledgerTotals(host.state)).toMatchObject({ cashInTills: 0, cashDifferences: -7 })
})

test('who only buys has no till, and an agent is no staff', async () => {
  const ann = loginTo(host, 'ann@example.org', 'passenger')
  const agent = loginTo(host, 'agent@example.org', 'agent')
  expect(await codeOf(agents().openTill({ requestId: requestId() }, ann))).toBe(
    Code.PermissionDenied,
  )
  const rule = { requestId: requestId(), validFrom: {} }
  expect(await codeOf(agents().setAgentRule(rule, agent))).toBe(Code.PermissionDenied)
})
