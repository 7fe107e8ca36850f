import { noBooking, ownBooking } from '../actors.ts'
import { isId } from '../checks.ts'
import type { ExtendHold } from '../commands.ts'
import { expireIfDue, extendHold as extend } from '../expiry.ts'
import { hasDeparted } from '../fares.ts'
import { invalid, refuse } from '../refusal.ts'
import type { Refusal, Reply } from '../replies.ts'
import { salesTerms } from '../sales-rules.ts'
import type { BookingState } from '../state.ts'
import { type Work, writeRow } from '../store.ts'
import type { Booking } from '../things.ts'
import { legsOf } from '../trips.ts'
import { mustBeHeld } from './release-hold.ts'

/** Once, by what the rule in force gives; of a trip all legs. */
export function extendHold(work: Work, command: ExtendHold): Reply {
  const { state } = work
  if (!isId(command.bookingId)) return invalid('bookingId')
  const booking = ownBooking(work, command.bookingId)
  if (booking === undefined) return noBooking(work, command.bookingId)
  expireIfDue(work, booking)
  const unfit = mustBeHeld(booking) ?? mustBeExtensible(state, booking)
  if (unfit !== undefined) return unfit
  const expiresAtMs = booking.expiresAtMs + (salesTerms(state)?.extensionMs ?? 0)
  extend(work, booking, expiresAtMs)
  for (const leg of legsOf(booking)) writeRow(work, 'bookings', leg)
  return { type: 'holdExtended', expiresAtMs }
}

/** A payment that was begun has extended it too: whoever comes back from one has had their time. */
function mustBeExtensible(state: BookingState, booking: Booking): Refusal | undefined {
  const departed = legsOf(booking).some((leg) =>
    hasDeparted(leg.run, leg.fromStop, state.meta.nowMs),
  )
  if (departed) return refuse('runDeparted')
  const { extensionMs = 0 } = salesTerms(state) ?? {}
  if (extensionMs === 0) return refuse('extensionNotAllowed')
  const { extended, expiresAtMs, heldUntilMs } = booking
  return extended || expiresAtMs !== heldUntilMs ? refuse('alreadyExtended') : undefined
}
