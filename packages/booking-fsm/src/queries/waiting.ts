import type { BookingState } from '../state.ts'
import type { Booking } from '../things.ts'
import type { WaitingView } from '../views.ts'
import { aheadOf, isClosed, priceOfOption, reservedMinor } from '../waiting/list.ts'

/** How it stands with a booking that waits. */
export function waitingView(state: BookingState, { bookingId }: Booking): WaitingView | undefined {
  const entry = state.waiting.get(bookingId)
  if (entry === undefined) return undefined
  return {
    deadlineMs: entry.deadlineMs,
    reserveMinor: reservedMinor(entry),
    options: entry.options.map((option) => ({
      runId: option.run.runId,
      fromStop: option.fromStop,
      toStop: option.toStop,
      classCode: option.classCode,
      pool: option.pool,
      onlyPool: option.onlyPool,
      shared: option.shared,
      priceMinor: priceOfOption(entry, option),
      closesAtMs: state.charts.get(option.run.runId)?.closesAtMs ?? 0,
      closed: isClosed(state, option.run),
      ahead: aheadOf(state, entry, option),
    })),
  }
}
