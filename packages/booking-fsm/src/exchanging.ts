/** The value of a booking goes over to another one, in the entry that confirms that. */
import { bandTerms, lineOf, owedMinor, taxReturned, totalOf, valuesOf } from './cancellation.ts'
import { closeOffer, paidBy, sendRefund } from './cancelling.ts'
import type { Exchange } from './exchange-things.ts'
import { sharedWith } from './exchanges.ts'
import { departureMs, hasDeparted } from './fares.ts'
import { transfer } from './ledger.ts'
import { endBooking, travelling } from './live.ts'
import { soldAs } from './products/buckets.ts'
import type { BookingState } from './state.ts'
import { type Work, writeRow } from './store.ts'
import type { Booking, Payment, RefundTerms } from './things.ts'

/** What everybody who still travels brings along at the instant, and what it costs; undefined: the rule has no exchange. */
export function exchangeTerms(
  state: BookingState,
  booking: Booking,
  atMs: number,
): RefundTerms[] | undefined {
  if (soldAs(state, booking)?.exchangeable === false) return undefined
  const charges = state.refundRules.get(booking.refundRuleId)?.charges
  const line = charges && lineOf(charges, 'confirmed', booking.classCode)
  const aheadMs = departureMs(booking.run, booking.fromStop) - atMs
  const band = line?.exchange?.bands.find((it) => it.untilBeforeDepartureMs < aheadMs)
  if (charges === undefined || line === undefined || band === undefined) return undefined
  const values = valuesOf(state, booking)
  return travelling(booking).map((position) => ({
    position,
    ...bandTerms(charges, line, band, values[position] as number),
  }))
}

/** Nothing of it, or of what was exchanged for it, is still on its way to us. */
export function isPaid(state: BookingState, booking: Booking): boolean {
  return sharedWith(state, booking).every(({ payments }) =>
    payments.every(({ status }) => status !== 'authorised' && status !== 'authorising'),
  )
}

/** The old booking is still what it was when the new one was held, and no later one is to take its place. */
export function mayExchange(state: BookingState, exchange: Exchange): boolean {
  const old = state.bookings.get(exchange.oldBookingId)
  if (old?.status !== 'confirmed' || state.exchangeOfOld.get(old.bookingId) !== exchange)
    return false
  if (hasDeparted(old.run, old.fromStop, state.meta.nowMs)) return false
  const values = valuesOf(state, old)
  const there = travelling(old)
  return (
    there.length === exchange.terms.length &&
    exchange.terms.every(
      ({ position, refundMinor, chargeMinor, taxMinor }) =>
        there.includes(position) && values[position] === refundMinor + chargeMinor + taxMinor,
    )
  )
}

/** The new booking is confirmed: the old one ends, its seats are free, and its value is carried over. */
export function settleExchange(work: Work, exchange: Exchange): void {
  const { state } = work
  const old = state.bookings.get(exchange.oldBookingId)
  const payment = old && paidBy(old)
  if (old === undefined || payment === undefined) throw new Error('an exchange of what is not paid')
  closeOffer(work, old)
  endBooking(work, old, 'exchanged')
  writeRow(work, 'bookings', old)
  exchange.confirmedAtMs = state.meta.nowMs
  writeRow(work, 'exchanges', exchange)
  const { carriedMinor, surplusMinor, terms } = exchange
  const { refundMinor, taxMinor } = totalOf(terms)
  const tax = taxReturned(old, terms)
  const kept = refundMinor - carriedMinor - surplusMinor
  transfer(work, 'fareRevenue', 'exchangeCredit', refundMinor - tax, payment, 'exchanged')
  transfer(work, 'taxPayable', 'exchangeCredit', tax, payment, 'tax of the exchanged fare')
  transfer(work, 'fareRevenue', 'taxPayable', taxMinor, payment, 'tax on the charge')
  transfer(work, 'exchangeCredit', 'fareRevenue', kept, payment, 'surplus kept')
  transfer(work, 'exchangeCredit', 'refundsPayable', surplusMinor, payment, 'surplus')
  if (surplusMinor > 0) sendRefund(work, old, surplusMinor)
}

/** The difference was never paid: what was carried over is owed, and all that is owed is sent off. */
export function undoExchange(work: Work, exchange: Exchange, payment: Payment): void {
  const { state } = work
  exchange.undone = true
  writeRow(work, 'exchanges', exchange)
  const { carriedMinor } = exchange
  transfer(work, 'exchangeCredit', 'refundsPayable', carriedMinor, payment, 'exchange undone')
  const owed = owedMinor(state, payment.booking)
  if (owed > 0) sendRefund(work, payment.booking, owed)
}
