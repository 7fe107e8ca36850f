import { isVisible } from '../imports.ts'
import { travelling } from '../live.ts'
import type { BookingState } from '../state.ts'
import type { BookingView, ManifestView } from '../views.ts'
import { closingMs, isClosed, waitingOn } from '../waiting/list.ts'
import { findBooking } from './bookings.ts'

/** Who sits where on a run, by seat and boarding stop: what is sold, and what is held still. */
export function manifest(state: BookingState, runId: number): ManifestView | undefined {
  const run = state.runs.get(runId)
  if (run === undefined || !isVisible(state, run.importId)) return undefined
  const passengers: ManifestView['passengers'][number][] = []
  for (const bookingId of state.bookings.idsOnRun(runId)) {
    const booking = state.bookings.get(bookingId)
    if (booking === undefined || !onBoard.has(booking.status)) continue
    const view = findBooking(state, bookingId)
    if (view !== undefined) passengers.push(...linesOf(view, travelling(booking)))
  }
  passengers.sort((a, b) => a.seat - b.seat || a.fromStop - b.fromStop)
  return {
    runId,
    closesAtMs: closingMs(state, run) ?? 0,
    closed: isClosed(state, run),
    waiting: waitingOn(state, run).reduce((sum, { booking }) => sum + booking.passengers, 0),
    passengers,
  }
}

const onBoard: ReadonlySet<string> = new Set(['held', 'paying', 'confirmed'])

function linesOf(
  { bookingId, pnr, status, passengers, fromStop, toStop, classCode }: BookingView,
  there: readonly number[],
): ManifestView['passengers'] {
  return there.flatMap((position) => {
    const passenger = passengers[position]
    if (passenger === undefined) return []
    const { name, passengerType, seat, shared, seatLabel, coachLabel } = passenger
    const place = { seat, shared, seatLabel, coachLabel, fromStop, toStop, classCode }
    return [
      { bookingId, pnr, position, name, passengerType, ...place, sold: status === 'confirmed' },
    ]
  })
}
