import { timestampFromMs } from '@bufbuild/protobuf/wkt'
import { Code, ConnectError, createClient, type Transport } from '@connectrpc/connect'
import { pendingOutbox, searchJourneys } from '@quorail/booking-fsm'
import {
  AdministrationService,
  Rounding,
  TravelState,
} from '@quorail/proto/quorail/booking/v1/administration_service_pb'
import { BookingService } from '@quorail/proto/quorail/booking/v1/booking_service_pb'
import { PaymentService } from '@quorail/proto/quorail/booking/v1/payment_service_pb'
import { type Booking, BookingStatus } from '@quorail/proto/quorail/booking/v1/types_pb'
import { ErrorDetailSchema } from '@quorail/proto/quorail/cluster/v1/errors_pb'
import { beforeEach, expect, test } from 'vitest'
import type { MemoryHost } from '../testing/memory-host.ts'
import { loginTo, memoryServices } from '../testing/memory-services.ts'

const now = Date.UTC(2026, 10, 22, 9, 0)
const day = 86_400_000
let host: MemoryHost
let transport: Transport
let requests = 0
const requestId = () => `request-${++requests}`

beforeEach(() => {
  ;({ host, transport } = memoryServices(now))
})

const bookings = () => createClient(BookingService, transport)
const administration = () => createClient(AdministrationService, transport)

const login = (email: string, role: 'passenger' | 'staff') => loginTo(host, email, role)

async function detailOf(call: Promise<unknown>) {
  const error = await call.then(() => undefined, ConnectError.from)
  return { code: error?.code, detail: error?.findDetails(ErrorDetailSchema)[0] }
}

/** 10 % of the fare and 1.00 at least. */
const rule = () => {
  const bands = [{ untilMinutesBeforeDeparture: 0, flatMinor: 100n, chargeBasisPoints: 1_000 }]
  const line = { state: TravelState.CONFIRMED, classCode: '', taxBasisPoints: 0, bands }
  return {
    requestId: requestId(),
    validFrom: timestampFromMs(now),
    offerSeconds: 900,
    roundToMinor: 1,
    rounding: Rounding.UP,
    lines: [{ ...line, exchange: { bands, surplusBack: true } }],
  }
}

type Auth = ReturnType<typeof login>

/** Two trains between the same stations. */
function journeys() {
  for (let from = 1; from <= 30; from++) {
    for (let to = 1; to <= 30; to++) {
      const found = searchJourneys(host.state, {
        fromStationId: from,
        toStationId: to,
        earliestMs: now + 2 * day,
        latestMs: now + 5 * day,
        nowMs: now,
        passengers: 1,
        limit: 2,
      }).filter((it) => it.classes.length > 0)
      const [first, second] = found
      if (first !== undefined && second !== undefined) return [first, second] as const
    }
  }
  throw new Error('the demo timetable has no two journeys')
}

const journeyOf = (journey: ReturnType<typeof journeys>[number]) => ({
  runId: BigInt(journey.runId),
  fromStop: journey.fromStop,
  toStop: journey.toStop,
  classCode: journey.classes[0]?.classCode ?? '',
})

async function sold(auth: Auth) {
  const asked = { ...journeyOf(journeys()[0]), passengers: [{ name: 'Anna' }] }
  const { booking } = await bookings().holdSeats({ requestId: requestId(), ...asked }, auth)
  if (booking === undefined) throw new Error('no booking')
  await pay(booking, auth)
  return booking
}

async function pay({ bookingId, due }: Booking, auth: Auth) {
  const amountMinor = due?.minor ?? 0n
  const paying = { requestId: requestId(), bookingId, paymentToken: 'tok_12345678', amountMinor }
  await createClient(PaymentService, transport).pay(paying, auth)
  settle()
  settle()
}

/** The provider does what is next. */
function settle() {
  for (const { outboxId } of pendingOutbox(host.state, 1)) {
    const outcome = { type: 'done', providerReference: 'ref' } as const
    host.run({ type: 'recordOutcome', outboxId, outcome })
  }
}

test('a booking is exchanged: the difference is shown and paid, and the old one stays until then', async () => {
  const [anna, staff] = [login('anna@example.org', 'passenger'), login('st@example.org', 'staff')]
  await administration().setCancellationRule(rule(), staff)
  const old = await sold(anna)
  const price = old.price?.minor ?? 0n
  const asked = { requestId: requestId(), bookingId: old.bookingId, ...journeyOf(journeys()[1]) }
  const { booking: held } = await bookings().holdExchange(asked, anna)
  if (held === undefined) throw new Error('no exchange')
  const charge = BigInt(Math.max(100, Math.floor(Number(price) / 10 + 0.5)))
  expect(held.exchange?.value?.minor).toBe(price - charge)
  expect(held.exchange?.charge?.minor).toBe(charge)
  expect(held.due?.minor).toBe((held.price?.minor ?? 0n) - (price - charge))
  const before = await bookings().getBooking({ bookingId: old.bookingId }, anna)
  expect(before.booking?.status).toBe(BookingStatus.CONFIRMED)
  expect(before.booking?.exchangedFor).toBe(held.bookingId)
  // The same request again is the same exchange.
  expect((await bookings().holdExchange(asked, anna)).booking?.bookingId).toBe(held.bookingId)
  await pay(held, anna)
  const after = await bookings().getBooking({ bookingId: old.bookingId }, anna)
  expect(after.booking?.status).toBe(BookingStatus.EXCHANGED)
  const now = await bookings().getBooking({ bookingId: held.bookingId }, anna)
  expect(now.booking?.status).toBe(BookingStatus.CONFIRMED)
  expect(now.booking?.exchange?.confirmedAt).toBeDefined()
})

test('one leg of a trip is exchanged, and the journey is told as it is now', async () => {
  const [anna, staff] = [login('anna@example.org', 'passenger'), login('st@example.org', 'staff')]
  await administration().setCancellationRule(rule(), staff)
  const [there, on] = journeys()
  const legs = [journeyOf(there), journeyOf(on)]
  const asked = { requestId: requestId(), legs, passengers: [{ name: 'Anna' }] }
  const { bookings: held } = await bookings().holdTrip(asked, anna)
  const [first, second] = held
  if (first === undefined || second === undefined) throw new Error('no trip')
  await pay(first, anna)
  const again = { requestId: requestId(), bookingId: first.bookingId, ...journeyOf(there) }
  const { booking } = await bookings().holdExchange({ ...again, wheelchairPlaces: 0 }, anna)
  if (booking === undefined) throw new Error('no exchange')
  if ((booking.due?.minor ?? 0n) > 0n) await pay(booking, anna)
  else await bookings().confirmBooking({ ...again, bookingId: booking.bookingId }, anna)
  const now = await bookings().getBooking({ bookingId: second.bookingId }, anna)
  expect(now.booking?.journeyBookingIds).toEqual([booking.bookingId, second.bookingId])
  expect(now.booking?.tripBookingIds).toEqual([first.bookingId, second.bookingId])
})

test('what is not one’s own, has no exchange, or costs something, is refused', async () => {
  const [anna, ben, staff] = [
    login('anna@example.org', 'passenger'),
    login('ben@example.org', 'passenger'),
    login('st@example.org', 'staff'),
  ]
  const codeOf = async (call: Promise<unknown>) => (await detailOf(call)).detail?.code
  const plain = await sold(anna)
  const to = journeyOf(journeys()[1])
  const ask = (bookingId: bigint, auth: Auth) =>
    bookings().holdExchange({ requestId: requestId(), bookingId, ...to }, auth)
  expect(await codeOf(ask(plain.bookingId, anna))).toBe('NOT_EXCHANGEABLE')
  await administration().setCancellationRule(rule(), staff)
  const { bookingId } = await sold(anna)
  expect(await codeOf(ask(bookingId, ben))).toBe('BOOKING_NOT_FOUND')
  const { booking: held } = await ask(bookingId, anna)
  expect(await codeOf(ask(bookingId, anna))).toBe('EXCHANGE_OPEN')
  const confirming = { requestId: requestId(), bookingId: held?.bookingId ?? 0n }
  expect(await codeOf(bookings().confirmBooking(confirming, anna))).toBe('PAYMENT_DUE')
  expect((await detailOf(ask(0n, anna))).code).toBe(Code.InvalidArgument)
})

test('the price that was shown is held, or none', async () => {
  const anna = login('anna@example.org', 'passenger')
  const [first] = journeys()
  const each = first.classes[0]?.pricePerPassengerMinor ?? 0
  const asked = { ...journeyOf(first), passengers: [{ name: 'Anna' }] }
  const hold = (expectedPriceMinor: bigint) =>
    bookings().holdSeats({ requestId: requestId(), ...asked, expectedPriceMinor }, anna)
  expect((await detailOf(hold(BigInt(each + 1)))).detail?.code).toBe('PRICE_CHANGED')
  expect((await hold(BigInt(each))).booking?.price?.minor).toBe(BigInt(each))
})

test('staff read the ledger: every account, and no money without a reason', async () => {
  const [anna, staff] = [login('anna@example.org', 'passenger'), login('st@example.org', 'staff')]
  const { price } = await sold(anna)
  const report = await administration().getLedgerReport({}, staff)
  const balanceOf = (name: string) => report.balances.find(({ account }) => account === name)
  expect(balanceOf('providerClearing')?.balance?.minor).toBe(price?.minor)
  expect(report.balances.reduce((sum, { balance }) => sum + (balance?.minor ?? 0n), 0n)).toBe(0n)
  expect([report.orphans, report.nextAfterBookingId]).toEqual([[], 0n])
  const denied = administration().getLedgerReport({}, anna)
  expect((await detailOf(denied)).code).toBe(Code.PermissionDenied)
})
