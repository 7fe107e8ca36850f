import { noBooking, ownBooking } from '../actors.ts'
import { firstInvalid, isId } from '../checks.ts'
import type { ReleaseHold } from '../commands.ts'
import { expireIfDue } from '../expiry.ts'
import { endBooking } from '../live.ts'
import { refuse } from '../refusal.ts'
import type { Refusal, Reply } from '../replies.ts'
import { type Work, writeRow } from '../store.ts'
import type { Booking } from '../things.ts'
import { legsOf } from '../trips.ts'

export function releaseHold(work: Work, command: ReleaseHold): Reply {
  const refusal = firstInvalid([[isId(command.bookingId), 'bookingId']])
  if (refusal !== undefined) return refusal
  const booking = ownBooking(work, command.bookingId)
  if (booking === undefined) return noBooking(work, command.bookingId)
  expireIfDue(work, booking)
  const unfit = mustBeHeld(booking)
  if (unfit !== undefined) return unfit
  releaseTrip(work, booking)
  return { type: 'done' }
}

/** Its seats are free; an authorisation that comes is voided. */
export function releaseTrip(work: Work, booking: Booking): void {
  for (const leg of legsOf(booking)) {
    endBooking(work, leg, 'released')
    writeRow(work, 'bookings', leg)
  }
}

/** Why it is not just held. */
export function mustBeHeld(booking: Booking): Refusal | undefined {
  switch (booking.status) {
    case 'held':
      return undefined
    case 'paying':
      return refuse('alreadyPaying')
    case 'confirmed':
    case 'disrupted':
      return refuse('alreadyConfirmed')
    case 'exchanged':
      return refuse('alreadyExchanged')
    case 'cancelled':
      return refuse('alreadyCancelled')
    case 'expired':
      return refuse('holdExpired')
    case 'released':
      return refuse('notHeld')
    case 'waiting':
      return refuse('onWaitingList')
    case 'lapsed':
      return refuse('waitingOver')
  }
}
