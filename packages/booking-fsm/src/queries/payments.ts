import type { StubEffect, StubPayment } from '../archive/things.ts'
import { refundAt, refundValidUntil } from '../cancellation.ts'
import { counterOf } from '../counters.ts'
import { hasDeparted, priceOf } from '../fares.ts'
import type { BookingState } from '../state.ts'
import type { Effect } from '../things.ts'
import { isAtCounter } from '../tills/till.ts'
import type { LedgerTotals, OutboxView, RefundQuote } from '../views.ts'

export function ledgerTotals(state: BookingState): LedgerTotals {
  const { providerClearing, fareRevenue, refundsPayable } = state.meta
  const taxPayable = counterOf(state, 'taxPayable')
  const exchangeCredit = counterOf(state, 'exchangeCredit')
  return {
    providerClearing,
    fareRevenue,
    refundsPayable,
    taxPayable,
    exchangeCredit,
    cashInTills: counterOf(state, 'cashInTills'),
    cashInSafe: counterOf(state, 'cashInSafe'),
    cashDifferences: counterOf(state, 'cashDifferences'),
    terminalClearing: counterOf(state, 'terminalClearing'),
    commissionExpense: counterOf(state, 'commissionExpense'),
    commissionPayable: counterOf(state, 'commissionPayable'),
    receivables: counterOf(state, 'receivables'),
    bank: counterOf(state, 'bank'),
    chargebacks: counterOf(state, 'chargebacks'),
    chargebackLosses: counterOf(state, 'chargebackLosses'),
    voucherLiability: counterOf(state, 'voucherLiability'),
    voucherCost: counterOf(state, 'voucherCost'),
  }
}

/** Of each payment the oldest unanswered effect, by id: what may be done now. */
export function pendingOutbox(state: BookingState, limit: number): OutboxView[] {
  const views: OutboxView[] = []
  for (const effect of state.effects.values()) {
    if (views.length >= limit) break
    // What was paid at a counter is paid back at one.
    if (isAtCounter(effect.payment)) continue
    if (effect.payment.effects[0] === effect) views.push(outboxView(state, effect))
  }
  for (const effect of state.archive.effects.values()) {
    const [first] = state.archive.effectsOf(effect.payment.paymentId)
    if (first === effect) views.push(archivedView(state, effect))
  }
  return views.sort((a, b) => a.outboxId - b.outboxId).slice(0, Math.max(limit, 0))
}

/** Refunds to be given at a counter, oldest first. Looks through all effects. */
export function pendingPayOuts(state: BookingState, limit: number): OutboxView[] {
  const views: OutboxView[] = []
  for (const effect of state.effects.values()) {
    if (views.length >= limit) break
    if (isAtCounter(effect.payment)) views.push(outboxView(state, effect))
  }
  return views
}

/** Undefined unless the booking could be cancelled at `nowMs`. */
export function refundQuote(
  state: BookingState,
  bookingId: number,
  nowMs: number,
): RefundQuote | undefined {
  const booking = state.bookings.get(bookingId)
  if (booking?.status !== 'confirmed') return undefined
  if (hasDeparted(booking.run, booking.fromStop, nowMs)) return undefined
  return {
    bookingId,
    priceMinor: priceOf(booking),
    refundMinor: refundAt(state, booking, nowMs),
    validUntilMs: refundValidUntil(state, booking, nowMs),
  }
}

/** Of a booking that is archived: the payment's token is not kept, a refund goes by its reference. */
function archivedView(state: BookingState, effect: StubEffect): OutboxView {
  const { outboxId, key, kind, payment, amountMinor } = effect
  const { paymentId } = payment
  const of: Partial<StubPayment> = state.archive.payment(paymentId) ?? {}
  const { bookingId = 0, providerReference = '' } = of
  const { currency } = state.meta
  const what = { outboxId, key, kind, paymentId, bookingId, amountMinor, currency }
  return { ...what, paymentToken: '', providerReference }
}

function outboxView(state: BookingState, effect: Effect): OutboxView {
  const { outboxId, key, kind, payment, amountMinor } = effect
  const { paymentId, paymentToken, providerReference } = payment
  return {
    outboxId,
    key,
    kind,
    paymentId,
    bookingId: payment.booking.bookingId,
    amountMinor,
    currency: state.meta.currency,
    paymentToken,
    providerReference,
  }
}
