import { ownBooking } from '../actors.ts'
import { firstInvalid, isId, isInt } from '../checks.ts'
import type { CancelBooking } from '../commands.ts'
import { queueEffect } from '../effects.ts'
import { expireIfDue } from '../expiry.ts'
import { hasDeparted, refundAt } from '../fares.ts'
import { transfer } from '../ledger.ts'
import { endBooking } from '../live.ts'
import { refuse } from '../refusal.ts'
import type { Reply } from '../replies.ts'
import { type Work, writeRow } from '../store.ts'
import type { Booking } from '../things.ts'

/** Frees the seats at once; the refund follows after the capture, if that is still on its way. */
export function cancelBooking(work: Work, command: CancelBooking): Reply {
  const { state } = work
  const { bookingId, expectedRefundMinor } = command
  const refusal = firstInvalid([
    [isId(bookingId), 'bookingId'],
    [isInt(expectedRefundMinor, 0, Number.MAX_SAFE_INTEGER), 'expectedRefundMinor'],
  ])
  if (refusal !== undefined) return refusal
  const booking = ownBooking(work, bookingId)
  if (booking === undefined) return refuse('bookingNotFound')
  expireIfDue(work, booking)
  if (booking.status === 'cancelled') return refuse('alreadyCancelled')
  if (booking.status !== 'confirmed') return refuse('notConfirmed')
  const { nowMs } = state.meta
  if (hasDeparted(booking.run, booking.fromStop, nowMs)) return refuse('runDeparted')
  const refundMinor = refundAt(state, booking, nowMs)
  if (refundMinor !== expectedRefundMinor) return refuse('refundChanged', { figure: refundMinor })
  endBooking(state, booking, 'cancelled')
  booking.cancelledAtMs = nowMs
  booking.refundMinor = refundMinor
  writeRow(work, 'bookings', booking)
  if (refundMinor > 0) queueRefund(work, booking)
  return { type: 'bookingCancelled', refundMinor }
}

function queueRefund(work: Work, booking: Booking): void {
  const payment = booking.payments.find(
    (it) => it.status === 'authorised' || it.status === 'captured',
  )
  if (payment === undefined) throw new Error(`booking ${booking.bookingId} is confirmed and unpaid`)
  payment.refundPending = true
  transfer(work, 'fareRevenue', 'refundsPayable', booking.refundMinor, payment, 'cancellation')
  queueEffect(work, 'refund', payment, booking.refundMinor)
  writeRow(work, 'payments', payment)
}
