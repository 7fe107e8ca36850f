import { mustBeStaff, ownBooking } from '../actors.ts'
import { owedMinor } from '../cancellation.ts'
import { sendRefund } from '../cancelling.ts'
import { firstInvalid, isId } from '../checks.ts'
import type { PayRefund } from '../commands.ts'
import { refuse } from '../refusal.ts'
import type { Reply } from '../replies.ts'
import type { Work } from '../store.ts'

/** For the booking's owner and for staff: the sum was fixed when the seats were freed. */
export function payRefund(work: Work, { bookingId }: PayRefund): Reply {
  const refusal = firstInvalid([[isId(bookingId), 'bookingId']])
  if (refusal !== undefined) return refusal
  const isStaff = mustBeStaff(work) === undefined
  const booking = isStaff ? work.state.bookings.get(bookingId) : ownBooking(work, bookingId)
  if (booking === undefined) return refuse('bookingNotFound')
  const refundMinor = owedMinor(work.state, booking)
  if (refundMinor === 0) return refuse('nothingOwed')
  sendRefund(work, booking, refundMinor)
  return { type: 'refundQueued', refundMinor }
}
