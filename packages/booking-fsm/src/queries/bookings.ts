import { priceOf } from '../fares.ts'
import { coachOf, letterOf, rowOf } from '../inventory/layout.ts'
import { decodePnr } from '../pnr.ts'
import type { BookingState } from '../state.ts'
import type { Booking, Payment } from '../things.ts'
import type { BookingView, PaymentView } from '../views.ts'

export function findBooking(state: BookingState, bookingId: number): BookingView | undefined {
  const booking = state.bookings.get(bookingId)
  return booking && bookingView(state, booking)
}

export function findBookingByPnr(state: BookingState, pnr: string): BookingView | undefined {
  const bookingId = decodePnr(state.meta.pnrKey, pnr)
  return bookingId === undefined ? undefined : findBooking(state, bookingId)
}

/** Newest first. */
export function bookingsOf(state: BookingState, accountId: number, limit: number): BookingView[] {
  const views: BookingView[] = []
  const ids = state.accounts.get(accountId)?.bookingIds ?? []
  for (let i = ids.length - 1; i >= 0 && views.length < limit; i--) {
    const view = findBooking(state, ids[i] as number)
    if (view !== undefined) views.push(view)
  }
  return views
}

function bookingView(state: BookingState, booking: Booking): BookingView {
  return {
    bookingId: booking.bookingId,
    pnr: booking.pnr,
    accountId: booking.accountId,
    status: booking.status,
    runId: booking.run.runId,
    fromStop: booking.fromStop,
    toStop: booking.toStop,
    classCode: booking.classCode,
    passengers: (JSON.parse(booking.namesJson) as string[]).map((name, i) =>
      passengerView(booking, name, i),
    ),
    priceMinor: priceOf(booking),
    currency: state.meta.currency,
    heldAtMs: booking.heldAtMs,
    expiresAtMs: booking.expiresAtMs,
    confirmedAtMs: booking.confirmedAtMs,
    cancelledAtMs: booking.cancelledAtMs,
    refundMinor: booking.refundMinor,
    payments: booking.payments.map(paymentView),
  }
}

function passengerView(
  booking: Booking,
  name: string,
  position: number,
): BookingView['passengers'][number] {
  const seat = booking.seats[position] as number
  const coach = coachOf(booking.run.train.layout, seat)
  return {
    name,
    seat,
    seatLabel: coach === undefined ? '' : `${rowOf(coach, seat)}${letterOf(coach, seat)}`,
    coachLabel: coach?.label ?? '',
    priceMinor: booking.priceEachMinor,
  }
}

function paymentView(payment: Payment): PaymentView {
  const { paymentId, status, amountMinor, refundedMinor, refundPending, declineReason } = payment
  return { paymentId, status, amountMinor, refundedMinor, refundPending, declineReason }
}
