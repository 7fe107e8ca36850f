import { mustBeStaff, noBooking, ownBooking } from '../actors.ts'
import { payOwed } from '../archive/complaints.ts'
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
  if (booking === undefined) return payStub(work, bookingId, isStaff)
  const refundMinor = owedMinor(work.state, booking)
  if (refundMinor === 0) return refuse('nothingOwed')
  sendRefund(work, booking, refundMinor)
  return { type: 'refundQueued', refundMinor }
}

/** Of an archived booking something is owed only when a refund after a complaint did not come through. */
function payStub(work: Work, bookingId: number, isStaff: boolean): Reply {
  const stub = work.state.archive.get(bookingId)
  if (stub === undefined || !(isStaff || stub.accountId === work.actor)) {
    return noBooking(work, bookingId)
  }
  const refundMinor = payOwed(work, stub)
  return refundMinor === 0 ? refuse('nothingOwed') : { type: 'refundQueued', refundMinor }
}
