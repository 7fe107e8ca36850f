/** How late a run is, by what staff have recorded. */
import { arrivalMs, departureMs } from '../fares.ts'
import type { BookingState } from '../state.ts'
import type { Booking } from '../things.ts'
import type { Delay } from './delay-things.ts'
import { ONE_DAY_MS, soldAs } from './journeys.ts'

/** The record that counts at the stop: its own, or that of the last stop before it which has one. */
export function delayAt(
  { disruption }: BookingState,
  runId: number,
  stop: number,
): Delay | undefined {
  return disruption.delays.get(runId)?.findLast((delay) => delay.stop <= stop)
}

export function lateMinutesAt(state: BookingState, runId: number, stop: number): number {
  return delayAt(state, runId, stop)?.lateMinutes ?? 0
}

/** The one that was recorded last. */
export function newestDelay({ disruption }: BookingState, runId: number): Delay | undefined {
  const all = disruption.delays.get(runId) ?? []
  return all.reduce<Delay | undefined>(
    (newest, it) => (newest === undefined || it.recordId > newest.recordId ? it : newest),
    undefined,
  )
}

/**
 * So late the booking ended, against what was sold; undefined as long as that is not settled. Who was moved
 * to a train that left more than a day from the first one chose another day: that train counts alone.
 */
export function endedLateBy(state: BookingState, booking: Booking): number | undefined {
  const { run, fromStop, toStop } = booking
  const delay = state.disruption.delays.get(run.runId)?.find((it) => it.stop === toStop)
  if (delay === undefined || !delay.final) return undefined
  const sold = soldAs(state, booking)
  const laterMs = departureMs(run, fromStop) - departureMs(sold.run, sold.fromStop)
  const movedMs =
    laterMs > ONE_DAY_MS ? 0 : arrivalMs(run, toStop) - arrivalMs(sold.run, sold.toStop)
  const lateMs = movedMs + delay.lateMinutes * 60_000
  return lateMs <= 0 ? 0 : (lateMs - (lateMs % 60_000)) / 60_000
}
