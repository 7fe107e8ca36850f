/** What costs nothing, or nothing more, is confirmed without the provider. */
import { ownBooking } from '../actors.ts'
import { firstInvalid, isId } from '../checks.ts'
import type { ConfirmBooking } from '../commands.ts'
import { dueMinor } from '../exchanges.ts'
import { mayExchange, settleExchange } from '../exchanging.ts'
import { expireIfDue } from '../expiry.ts'
import { hasDeparted } from '../fares.ts'
import { keepPayment, sellBooking } from '../live.ts'
import { queueNotice } from '../notices.ts'
import { refuse } from '../refusal.ts'
import type { Refusal, Reply } from '../replies.ts'
import type { BookingState } from '../state.ts'
import { type Work, writeRow } from '../store.ts'
import { type Booking, none, type Payment } from '../things.ts'
import { leadOf, legsOf } from '../trips.ts'
import { redeemVoucher, voucherPart } from '../vouchers/using.ts'
import { captured } from './record-outcome.ts'
import { mustBeHeld } from './release-hold.ts'

/** A payment of nothing stands for it, captured at once; its reference says why. */
export function confirmBooking(work: Work, { bookingId }: ConfirmBooking): Reply {
  const { state } = work
  const refusal = firstInvalid([[isId(bookingId), 'bookingId']])
  if (refusal !== undefined) return refusal
  const named = ownBooking(work, bookingId)
  if (named === undefined) return refuse('bookingNotFound')
  const booking = leadOf(named)
  expireIfDue(work, booking)
  const unfit = mustBeHeld(named) ?? mustBeFree(state, booking)
  if (unfit !== undefined) return unfit
  for (const leg of legsOf(booking)) {
    sellBooking(state, leg)
    writeRow(work, 'bookings', leg)
  }
  const exchange = state.exchanges.get(booking.bookingId)
  const byVoucher = voucherPart(state, booking) > 0 ? 'voucher' : 'free'
  const payment = paymentOfNothing(work, booking, exchange === undefined ? byVoucher : 'exchange')
  redeemVoucher(work, booking)
  if (exchange !== undefined) settleExchange(work, exchange)
  captured(work, payment)
  writeRow(work, 'payments', payment)
  queueNotice(work, booking, 'bookingConfirmed')
  return { type: 'done' }
}

function mustBeFree(state: BookingState, booking: Booking): Refusal | undefined {
  const { nowMs } = state.meta
  if (legsOf(booking).some(({ run }) => run.cancelled)) return refuse('runCancelled')
  const departed = legsOf(booking).some((leg) => hasDeparted(leg.run, leg.fromStop, nowMs))
  if (departed) return refuse('runDeparted')
  const exchange = state.exchanges.get(booking.bookingId)
  if (exchange !== undefined && !mayExchange(state, exchange)) return refuse('notExchangeable')
  const due = dueMinor(state, booking)
  return due > 0 ? refuse('paymentDue', { figure: due }) : undefined
}

function paymentOfNothing(work: Work, booking: Booking, providerReference: string): Payment {
  const { meta } = work.state
  const payment: Payment = {
    hashLow: 0,
    hashHigh: 0,
    paymentId: meta.nextPaymentId++,
    booking,
    status: 'captured',
    amountMinor: 0,
    refundedMinor: 0,
    refundPending: false,
    declineReason: '',
    providerReference,
    paymentToken: '',
    startedAtMs: meta.nowMs,
    startedUntilMs: booking.expiresAtMs,
    requestKey: '',
    contentHash: '',
    effects: none,
  }
  keepPayment(work.state, payment)
  return payment
}
