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
import { BookingStatus } from '@quorail/proto/quorail/booking/v1/types_pb'
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

/** A quarter is kept, 4.00 at least, and 10 % tax on that. */
const rule = () => ({
  requestId: requestId(),
  validFrom: timestampFromMs(now),
  offerSeconds: 900,
  roundToMinor: 100,
  rounding: Rounding.UP,
  lines: [
    {
      state: TravelState.CONFIRMED,
      classCode: '',
      taxBasisPoints: 1_000,
      bands: [{ untilMinutesBeforeDeparture: 60, flatMinor: 400n, chargeBasisPoints: 2_500 }],
    },
  ],
})

/** Two passengers, paid. */
async function sold(auth: { headers: Record<string, string> }) {
  const journey = Array.from({ length: 30 * 30 }, (_, i) => [1 + (i % 30), 1 + Math.floor(i / 30)])
    .flatMap(([fromStationId = 0, toStationId = 0]) =>
      searchJourneys(host.state, {
        fromStationId,
        toStationId,
        earliestMs: now + 2 * day,
        latestMs: now + 3 * day,
        nowMs: now,
        passengers: 2,
        limit: 1,
      }),
    )
    .find((it) => it.classes.length > 0)
  if (journey === undefined) throw new Error('the demo timetable has no journey')
  const { booking } = await bookings().holdSeats(
    {
      requestId: requestId(),
      runId: BigInt(journey.runId),
      fromStop: journey.fromStop,
      toStop: journey.toStop,
      classCode: journey.classes[0]?.classCode ?? '',
      passengers: [{ name: 'Anna' }, { name: 'Ben' }],
    },
    auth,
  )
  if (booking === undefined) throw new Error('no booking')
  const { bookingId } = booking
  await createClient(PaymentService, transport).pay(
    {
      requestId: requestId(),
      bookingId,
      paymentToken: 'tok_12345678',
      amountMinor: booking.price?.minor ?? 0n,
    },
    auth,
  )
  settle()
  settle()
  return { bookingId, fare: Number(booking.price?.minor) / 2 }
}

/** The provider does what is next. */
function settle() {
  for (const { outboxId } of pendingOutbox(host.state, 1)) {
    const outcome = { type: 'done', providerReference: 'ref' } as const
    host.run({ type: 'recordOutcome', outboxId, outcome })
  }
}

test('staff set a rule, a passenger is offered its terms, and one of two is cancelled', async () => {
  const [anna, staff] = [login('anna@example.org', 'passenger'), login('st@example.org', 'staff')]
  await administration().setCancellationRule(rule(), staff)
  const { bookingId, fare } = await sold(anna)
  const kept = Math.max(400, Math.ceil(Math.floor(fare / 4 + 0.5) / 100) * 100)
  const tax = Math.floor(kept / 10 + 0.5)
  const asked = { requestId: requestId(), bookingId, passengers: [1] }
  const { offer, booking: seen } = await bookings().offerRefund(asked, anna)
  expect(offer?.passengers).toEqual([1])
  expect([offer?.charge?.minor, offer?.tax?.minor]).toEqual([BigInt(kept), BigInt(tax)])
  expect(offer?.refund?.minor).toBe(BigInt(fare - kept - tax))
  expect(seen?.refundOffer).toEqual(offer)
  const offerId = offer?.offerId ?? 0n
  const accepting = { requestId: requestId(), bookingId, offerId }
  const { booking } = await bookings().acceptRefund(accepting, anna)
  expect(booking?.status).toBe(BookingStatus.CONFIRMED)
  expect(booking?.passengers.map((one) => one.cancelledAt !== undefined)).toEqual([false, true])
  expect(booking?.passengers[1]?.refund?.minor).toBe(BigInt(fare - kept - tax))
  expect(booking?.refundOffer).toBeUndefined()
  // The same request again: the same answer, and once.
  expect((await bookings().acceptRefund(accepting, anna)).booking).toEqual(booking)
  expect((await bookings().offerRefund(asked, anna)).offer).toEqual(offer)
  const late = bookings().acceptRefund({ requestId: requestId(), bookingId, offerId }, anna)
  expect((await detailOf(late)).detail?.code).toBe('OFFER_NOT_OPEN')
})

test('seats are given back now and the money is sent off later, by the passenger or by staff', async () => {
  const [anna, ben, staff] = [
    login('anna@example.org', 'passenger'),
    login('ben@example.org', 'passenger'),
    login('st@example.org', 'staff'),
  ]
  const { bookingId } = await sold(anna)
  const { offer } = await bookings().offerRefund({ requestId: requestId(), bookingId }, anna)
  const offerId = offer?.offerId ?? 0n
  const accepting = { requestId: requestId(), bookingId, offerId, payLater: true }
  const { booking } = await bookings().acceptRefund(accepting, anna)
  expect(booking?.status).toBe(BookingStatus.CANCELLED)
  expect(booking?.refundOwed).toEqual(offer?.refund)
  const pay = () => ({ requestId: requestId(), bookingId })
  expect((await detailOf(bookings().payRefund(pay(), ben))).detail?.code).toBe('BOOKING_NOT_FOUND')
  expect((await bookings().payRefund(pay(), staff)).refund).toEqual(offer?.refund)
  expect((await detailOf(bookings().payRefund(pay(), anna))).detail?.code).toBe('NOTHING_OWED')
  settle()
  const after = await bookings().getBooking({ bookingId }, anna)
  expect(after.booking?.payments[0]?.refunded).toEqual(offer?.refund)
})

test('an offer that has run out cancels nothing', async () => {
  const anna = login('anna@example.org', 'passenger')
  const { bookingId } = await sold(anna)
  const { offer } = await bookings().offerRefund({ requestId: requestId(), bookingId }, anna)
  host.advance(600_000)
  const accepting = { requestId: requestId(), bookingId, offerId: offer?.offerId ?? 0n }
  const { code, detail } = await detailOf(bookings().acceptRefund(accepting, anna))
  expect([code, detail?.code]).toEqual([Code.FailedPrecondition, 'OFFER_EXPIRED'])
  const { booking } = await bookings().getBooking({ bookingId }, anna)
  expect(booking?.status).toBe(BookingStatus.CONFIRMED)
})

test('who may not is refused, and what is wrong is named', async () => {
  const [anna, ben, staff] = [
    login('anna@example.org', 'passenger'),
    login('ben@example.org', 'passenger'),
    login('st@example.org', 'staff'),
  ]
  const { bookingId } = await sold(anna)
  const asked = { requestId: requestId(), bookingId }
  const codeOf = async (call: Promise<unknown>) => (await detailOf(call)).detail?.code
  expect(await codeOf(bookings().offerRefund(asked, ben))).toBe('BOOKING_NOT_FOUND')
  const accepting = { requestId: requestId(), bookingId, offerId: 1n }
  expect(await codeOf(bookings().acceptRefund(accepting, ben))).toBe('BOOKING_NOT_FOUND')
  expect((await detailOf(administration().setCancellationRule(rule(), anna))).code).toBe(
    Code.PermissionDenied,
  )
  const field = async (changed: object) => {
    const call = administration().setCancellationRule({ ...rule(), ...changed }, staff)
    const { code, detail } = await detailOf(call)
    return [code, detail?.field]
  }
  expect(await field({ rounding: Rounding.UNSPECIFIED })).toEqual([
    Code.InvalidArgument,
    'rounding',
  ])
  expect(await field({ lines: [] })).toEqual([Code.InvalidArgument, 'lines'])
  expect(await field({ validFrom: undefined })).toEqual([Code.InvalidArgument, 'valid_from'])
  const twice = [...rule().lines, ...rule().lines]
  expect(await field({ lines: twice })).toEqual([Code.InvalidArgument, 'lines[1].classCode'])
})
