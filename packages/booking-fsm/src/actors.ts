/** Who may do what. */
import { refuse } from './refusal.ts'
import type { Refusal } from './replies.ts'
import type { Work } from './store.ts'
import type { Booking } from './things.ts'

export function mustBeStaff(work: Work): Refusal | undefined {
  if (work.cluster) return undefined
  const role = work.state.accounts.get(work.actor)?.role
  return role === 'staff' || role === 'operator' ? undefined : refuse('notAllowed')
}

export function mustBeOperator(work: Work): Refusal | undefined {
  if (work.cluster) return undefined
  const role = work.state.accounts.get(work.actor)?.role
  return role === 'operator' ? undefined : refuse('notAllowed')
}

export function mustBeCluster(work: Work): Refusal | undefined {
  return work.cluster ? undefined : refuse('notAllowed')
}

/** There is no such booking, or it is in the archive; the staff may know of everybody's. */
export function noBooking(work: Work, bookingId: number, isStaff = false): Refusal {
  const stub = work.state.archive.get(bookingId)
  const isKnown = stub !== undefined && (isStaff || stub.accountId === work.actor)
  return refuse(isKnown ? 'bookingArchived' : 'bookingNotFound')
}

/** The actor's own booking; somebody else's is not told from one that does not exist. */
export function ownBooking(work: Work, bookingId: number): Booking | undefined {
  const booking = work.state.bookings.get(bookingId)
  return booking?.accountId === work.actor ? booking : undefined
}
