/** Who does not travel as it says has no ticket any more. */
import { type Work, writeRow } from '../store.ts'
import type { Booking } from '../things.ts'

/**
 * Voids the valid tickets of some passengers, or of all. Called by whatever ends a booking, takes a
 * passenger out of it, or gives one another seat.
 */
export function voidTickets(
  work: Work,
  { bookingId }: Booking,
  positions: readonly number[] | undefined,
): void {
  const { tickets, meta } = work.state
  for (const ticket of tickets.get(bookingId) ?? []) {
    const meant = positions === undefined || positions.includes(ticket.position)
    if (!meant || ticket.voidedAtMs > 0) continue
    ticket.voidedAtMs = meta.nowMs
    writeRow(work, 'tickets', ticket)
  }
}
