import { noBooking, ownBooking } from '../actors.ts'
import { termsAt, totalOf } from '../cancellation.ts'
import { cancelPassengers } from '../cancelling.ts'
import { firstInvalid, isId, isInt } from '../checks.ts'
import type { CancelBooking } from '../commands.ts'
import { openExchange } from '../exchanges.ts'
import { expireIfDue } from '../expiry.ts'
import { hasDeparted } from '../fares.ts'
import { travelling } from '../live.ts'
import { refuse } from '../refusal.ts'
import type { Refusal, Reply } from '../replies.ts'
import type { BookingState } from '../state.ts'
import type { Work } from '../store.ts'
import type { Booking } from '../things.ts'
import { losesTrain } from './cancel-run.ts'

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
  if (booking === undefined) return noBooking(work, bookingId)
  expireIfDue(work, booking)
  const unfit = mustBeCancellable(state, booking)
  if (unfit !== undefined) return unfit
  const terms = termsAt(state, booking, travelling(booking), state.meta.nowMs)
  const { refundMinor } = totalOf(terms)
  if (refundMinor !== expectedRefundMinor) return refuse('refundChanged', { figure: refundMinor })
  cancelPassengers(work, booking, terms, false)
  return { type: 'bookingCancelled', refundMinor }
}

/** Why nobody of it can be cancelled now. */
export function mustBeCancellable(state: BookingState, booking: Booking): Refusal | undefined {
  if (booking.status === 'cancelled') return refuse('alreadyCancelled')
  if (booking.status === 'exchanged') return refuse('alreadyExchanged')
  if (booking.status !== 'confirmed') return refuse('notConfirmed')
  // Nobody is charged for a train that does not go: all of it comes back.
  if (losesTrain(booking)) return refuse('runCancelled')
  const departed = hasDeparted(booking.run, booking.fromStop, state.meta.nowMs)
  if (departed) return refuse('runDeparted')
  return openExchange(state, booking) === undefined ? undefined : refuse('exchangeOpen')
}
