import { noBooking, ownBooking } from '../actors.ts'
import { firstInvalid, isId } from '../checks.ts'
import type { LeaveWaitingList } from '../commands.ts'
import { expireIfDue } from '../expiry.ts'
import { refuse } from '../refusal.ts'
import type { Reply } from '../replies.ts'
import type { Work } from '../store.ts'
import { endWaiting } from '../waiting/ending.ts'

export function leaveWaitingList(work: Work, { bookingId }: LeaveWaitingList): Reply {
  const refusal = firstInvalid([[isId(bookingId), 'bookingId']])
  if (refusal !== undefined) return refusal
  const booking = ownBooking(work, bookingId)
  if (booking === undefined) return noBooking(work, bookingId)
  expireIfDue(work, booking)
  const entry = work.state.waiting.get(bookingId)
  if (entry === undefined) return refuse(booking.status === 'lapsed' ? 'waitingOver' : 'notWaiting')
  endWaiting(work, entry, 'released')
  return { type: 'done' }
}
