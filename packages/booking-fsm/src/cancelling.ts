/** Passengers leave a confirmed booking: their seats are free at once, their money is owed. */
import { taxReturned, totalOf } from './cancellation.ts'
import { queueEffect } from './effects.ts'
import { transfer } from './ledger.ts'
import { endBooking, freePassengers, travelling } from './live.ts'
import { queueNotice } from './notices.ts'
import { faresPaid } from './party.ts'
import { deleteRow, type Work, writeRow } from './store.ts'
import type { Booking, CancelledPassenger, Payment, RefundTerms } from './things.ts'
import { leadOf } from './trips.ts'

/**
 * Gives the refund. With the last passenger the booking is cancelled. `agreed`: the terms are not what the
 * booking's rule says.
 */
export function cancelPassengers(
  work: Work,
  booking: Booking,
  terms: readonly RefundTerms[],
  payLater: boolean,
  agreed = false,
): number {
  const { state } = work
  const { nowMs } = state.meta
  const payment = paidBy(booking)
  if (payment === undefined) throw new Error(`booking ${booking.bookingId} is confirmed and unpaid`)
  const whole = terms.length === travelling(booking).length
  const charged = state.refundRules.get(booking.refundRuleId)?.charges !== undefined
  // An offer counts as it was made, also when the booking's rule says something else by now.
  const offered = agreed || booking.offer?.terms === terms
  const single =
    offered || charged || faresPaid(booking) !== undefined || booking.cancelled.length > 0
  if (whole) {
    endBooking(work, booking, 'cancelled')
    booking.cancelledAtMs = nowMs
  } else
    freePassengers(
      work,
      booking,
      terms.map(({ position }) => position),
    )
  // Of a booking that ends as a whole by a rule of shares, its own row says everything.
  if (!whole || single) writePassengers(work, booking, terms)
  const { refundMinor, taxMinor } = totalOf(terms)
  booking.refundMinor += refundMinor
  closeOffer(work, booking)
  writeRow(work, 'bookings', booking)
  if (refundMinor > 0) {
    const tax = taxReturned(booking, terms)
    transfer(work, 'fareRevenue', 'refundsPayable', refundMinor - tax, payment, 'cancellation')
    transfer(work, 'taxPayable', 'refundsPayable', tax, payment, 'tax of the cancelled fare')
    if (!payLater) sendRefund(work, payment, refundMinor)
  }
  transfer(work, 'fareRevenue', 'taxPayable', taxMinor, payment, 'tax on the charge')
  const passengers = terms.map(({ position }) => position)
  queueNotice(work, booking, 'bookingCancelled', { refundMinor, passengers })
  return refundMinor
}

/** The payment that the booking, or its trip, was confirmed by. */
export function paidBy(booking: Booking): Payment | undefined {
  return leadOf(booking).payments.find(
    (it) => it.status === 'authorised' || it.status === 'captured',
  )
}

export function sendRefund(work: Work, payment: Payment, amountMinor: number): void {
  payment.refundPending = true
  queueEffect(work, 'refund', payment, amountMinor)
  writeRow(work, 'payments', payment)
}

/** What is owed becomes nothing: the fare was never paid. */
export function withdrawRefunds(work: Work, booking: Booking, payment: Payment): void {
  const all = booking.cancelled.map(({ terms }) => terms)
  const returned = taxReturned(booking, all)
  const net = booking.refundMinor - returned
  transfer(work, 'refundsPayable', 'fareRevenue', net, payment, 'refund withdrawn')
  transfer(work, 'refundsPayable', 'taxPayable', returned, payment, 'refund withdrawn')
  transfer(work, 'taxPayable', 'fareRevenue', totalOf(all).taxMinor, payment, 'tax withdrawn')
  for (const passenger of booking.cancelled) {
    const { position } = passenger.terms
    passenger.terms = { position, refundMinor: 0, chargeMinor: 0, taxMinor: 0 }
    writeRow(work, 'cancelled_passengers', passenger)
  }
  booking.refundMinor = 0
  closeOffer(work, booking)
}

export function closeOffer(work: Work, booking: Booking): void {
  const { offer, bookingId } = booking
  if (offer === undefined) return
  booking.offer = undefined
  work.state.offers.delete(bookingId)
  deleteRow(work, 'refund_offers', offer, [bookingId])
}

/** By position, whoever left first: a machine that is loaded from its rows goes through them in the same order. */
export function withPassengers(
  those: readonly CancelledPassenger[],
  leaving: readonly CancelledPassenger[],
): readonly CancelledPassenger[] {
  return [...those, ...leaving].sort((a, b) => a.terms.position - b.terms.position)
}

function writePassengers(work: Work, booking: Booking, terms: readonly RefundTerms[]): void {
  const { state } = work
  const { bookingId } = booking
  const leaving = terms.map(
    (of): CancelledPassenger => ({
      hashLow: 0,
      hashHigh: 0,
      bookingId,
      cancelledAtMs: state.meta.nowMs,
      terms: of,
    }),
  )
  booking.cancelled = withPassengers(booking.cancelled, leaving)
  state.cancelled.set(bookingId, booking.cancelled)
  for (const passenger of leaving) writeRow(work, 'cancelled_passengers', passenger)
}
