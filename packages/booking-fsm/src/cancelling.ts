/** Passengers leave a confirmed booking: their seats are free at once, their money is owed. */
import { onItsWay, owedMinor, refundsOf, taxReturned, totalOf, valuesOf } from './cancellation.ts'
import { chargedBack, chargedBackOf } from './chargebacks/charged.ts'
import { companyOf } from './companies/company.ts'
import { withdrawDelayPay } from './disruption/delay-pays.ts'
import { queueEffect } from './effects.ts'
import { sharedWith } from './exchanges.ts'
import { pricesOf, taxesOf } from './fares.ts'
import { transfer } from './ledger.ts'
import { endBooking, freePassengers, travelling } from './live.ts'
import { keepCompensation } from './loading/exchanges.ts'
import { queueNotice } from './notices.ts'
import { faresPaid } from './party.ts'
import { refundPaid } from './refund-paid.ts'
import { proportion } from './rounding.ts'
import { deleteRow, type Work, writeRow } from './store.ts'
import type { Booking, CancelledPassenger, Payment, RefundTerms } from './things.ts'
import { leadOf } from './trips.ts'
import { giveBack, redeemedFor, shareOfVoucher } from './vouchers/using.ts'

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
    offered ||
    charged ||
    faresPaid(booking) !== undefined ||
    booking.cancelled.length > 0 ||
    state.compensations.has(booking.bookingId)
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
    if (!payLater) sendRefund(work, booking, refundMinor)
  }
  transfer(work, 'fareRevenue', 'taxPayable', taxMinor, payment, 'tax on the charge')
  const passengers = terms.map(({ position }) => position)
  queueNotice(work, booking, 'bookingCancelled', { refundMinor, passengers })
  return refundMinor
}

/** The payment that the booking, or its trip, was confirmed by. */
export function paidBy(booking: Booking): Payment | undefined {
  return inForce(leadOf(booking).payments)
}

function inForce(payments: readonly Payment[]): Payment | undefined {
  return payments.find((it) => it.status === 'authorised' || it.status === 'captured')
}

/** To where the money came from: of exchanged bookings the latest payment first. */
export function sendRefund(work: Work, booking: Booking, amountMinor: number): void {
  const charged = chargedBackOf(work.state, booking) > 0
  let left = charged ? Math.min(amountMinor, owedMinor(work.state, booking)) : amountMinor
  for (const lead of sharedWith(work.state, booking).toReversed()) {
    const payment = inForce(lead.payments)
    if (payment === undefined || left === 0) continue
    const use = redeemedFor(work.state, lead)
    const back = payment.refundedMinor + onItsWay(payment) + chargedBack(work.state, payment)
    const ofVoucher = use === undefined ? 0 : use.amountMinor - use.refundedMinor
    const both = Math.min(left, payment.amountMinor - back + ofVoucher)
    if (both === 0) continue
    left -= both
    const toVoucher = shareOfVoucher(use, payment.amountMinor, back, both)
    if (use !== undefined && toVoucher > 0) giveBack(work, use, toVoucher, payment)
    const part = both - toVoucher
    if (part === 0) continue
    // What a company owes is less at once: nobody has to send anything.
    if (companyOf(work.state, payment) !== undefined) {
      refundPaid(work, payment, part)
      writeRow(work, 'payments', payment)
      continue
    }
    payment.refundPending = true
    queueEffect(work, 'refund', payment, part)
    writeRow(work, 'payments', payment)
  }
  if (left > 0) throw new Error(`booking ${booking.bookingId}: ${left} more than was paid`)
}

/** What one passenger gets back without leaving. */
export interface Back {
  /** In the booking's passengers. */
  readonly position: number
  readonly amountMinor: number
}

/**
 * Gives some of the fare back of a booking that stands, or more of it of one that was cancelled: for a
 * delay, another class, goodwill. Each at most what is left of the passenger's fare. Gives the sum.
 */
export function refundSome(
  work: Work,
  booking: Booking,
  backs: readonly Back[],
  reason: string,
): number {
  const { state } = work
  const payment = paidBy(booking)
  const sold = booking.status === 'confirmed' || booking.status === 'cancelled'
  if (payment === undefined || !sold) return 0
  const [prices, taxes] = [pricesOf(booking), taxesOf(booking)]
  let sum = 0
  for (const { position, amountMinor } of backs) {
    const refunded = refundsOf(state, booking).find((it) => it.position === position)
    const left = (valuesOf(state, booking)[position] ?? 0) - (refunded?.refundMinor ?? 0)
    const amount = Math.min(amountMinor, left)
    if (amount <= 0) continue
    const tax = proportion(taxes[position] as number, amount, prices[position] as number)
    compensate(work, booking, { position, amountMinor: amount }, tax, reason)
    transfer(work, 'fareRevenue', 'refundsPayable', amount - tax, payment, reason)
    transfer(work, 'taxPayable', 'refundsPayable', tax, payment, reason)
    sum += amount
  }
  // An offer was made of what the fares were worth before.
  if (sum > 0) closeOffer(work, booking)
  if (sum > 0) sendRefund(work, booking, sum)
  return sum
}

/** Everybody who still travels leaves, with all that is left of their fares: it is the railway's doing. */
export function refundAll(work: Work, booking: Booking): number {
  const values = valuesOf(work.state, booking)
  const terms = travelling(booking).map((position) => ({
    position,
    refundMinor: values[position] as number,
    chargeMinor: 0,
    taxMinor: 0,
  }))
  return cancelPassengers(work, booking, terms, false, true)
}

/** What is owed becomes nothing: the fare was never paid. */
export function withdrawRefunds(work: Work, booking: Booking, payment: Payment): void {
  const { state } = work
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
  for (const of of state.compensations.get(booking.bookingId) ?? []) {
    const { amountMinor, taxMinor } = of
    const reason = 'refund withdrawn'
    transfer(work, 'refundsPayable', 'fareRevenue', amountMinor - taxMinor, payment, reason)
    transfer(work, 'refundsPayable', 'taxPayable', taxMinor, payment, reason)
    of.amountMinor = 0
    of.taxMinor = 0
    writeRow(work, 'compensations', of)
  }
  withdrawDelayPay(work, booking)
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

function compensate(
  work: Work,
  { bookingId }: Booking,
  { position, amountMinor }: Back,
  taxMinor: number,
  reason: string,
): void {
  const { state } = work
  const { nowMs } = state.meta
  let of = state.compensations.get(bookingId)?.find((it) => it.position === position)
  if (of === undefined) {
    const none = { amountMinor: 0, taxMinor: 0, lastAtMs: nowMs, reason }
    of = { hashLow: 0, hashHigh: 0, bookingId, position, ...none }
    keepCompensation(state, of)
  }
  of.amountMinor += amountMinor
  of.taxMinor += taxMinor
  of.lastAtMs = nowMs
  of.reason = reason
  writeRow(work, 'compensations', of)
}
