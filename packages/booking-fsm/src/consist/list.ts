/** The bookings of a run that are to be seated anew, gathered in portions. */
import { expireIfDue } from '../expiry.ts'
import { claimOf } from '../live.ts'
import { deleteRow, type Work, writeRow } from '../store.ts'
import { type Booking, none, unhashed } from '../things.ts'
import { rankOf } from './plan.ts'
import type { Party, Reseating } from './things.ts'

/** All move in one entry, which has its time: some 20 µs for each that moves, 10 for each that stays. */
export const MAX_PARTIES = 800

/** One booking of the run, if it has seats there. False: there are too many, and the run stays as it is. */
export function listBooking(work: Work, booking: Booking, reseating: Reseating): boolean {
  expireIfDue(work, booking)
  if (claimOf(booking.status) === undefined) return true
  if (reseating.parties.size === MAX_PARTIES) return false
  const party = partyOf(booking, reseating.disruptionId)
  reseating.parties.set(party.bookingId, party)
  writeRow(work, 'reseated_parties', party)
  return true
}

export function partyOf(booking: Booking, disruptionId: number): Party {
  const { bookingId, classCode } = booking
  const rank = rankOf(booking)
  const to = { status: 'listed', classCode, seats: none, backs: none } as const
  return { ...unhashed, bookingId, disruptionId, rank, ...to }
}

/** Nothing is left to be done for it. */
export function dropParty(work: Work, reseating: Reseating, party: Party): void {
  reseating.parties.delete(party.bookingId)
  deleteRow(work, 'reseated_parties', party, [party.bookingId])
}

/** It is over, or was given up: the run may be changed again. */
export function dropReseating(work: Work, reseating: Reseating): void {
  for (const party of [...reseating.parties.values()]) dropParty(work, reseating, party)
  work.state.consist.changing.delete(reseating.runId)
  deleteRow(work, 'reseatings', reseating, [reseating.disruptionId])
}
