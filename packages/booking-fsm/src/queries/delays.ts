import type { Delay } from '../disruption/delay-things.ts'
import { delayAt, lateMinutesAt } from '../disruption/delays.ts'
import type { BookingState } from '../state.ts'
import type { Booking, Run } from '../things.ts'
import type { BookingDelayView, DelayView, LateView, StopView } from '../views.ts'

/** The latest record first. */
export function listDelays({ disruption }: BookingState, limit: number): DelayView[] {
  const all = [...disruption.delays.values()].flat().sort((a, b) => b.recordId - a.recordId)
  return all.slice(0, Math.max(limit, 0)).map(delayView)
}

export function lateAtStop(
  state: BookingState,
  { runId }: Run,
  stop: number,
): Pick<StopView, 'lateMinutes' | 'lateFinal'> {
  const delay = delayAt(state, runId, stop)
  const lateFinal = delay?.final === true && delay.stop === stop
  return { lateMinutes: delay?.lateMinutes ?? 0, lateFinal }
}

export function lateView(
  state: BookingState,
  { runId }: Run,
  fromStop: number,
  toStop: number,
): LateView {
  return {
    departureLateMinutes: lateMinutesAt(state, runId, fromStop),
    arrivalLateMinutes: lateMinutesAt(state, runId, toStop),
  }
}

export function bookingDelayView(
  state: BookingState,
  booking: Booking,
): BookingDelayView | undefined {
  const { bookingId, run, toStop } = booking
  const delay = delayAt(state, run.runId, toStop)
  const pays = state.disruption.delayPays.get(bookingId)
  if (delay === undefined && pays === undefined) return undefined
  return {
    lateMinutes: delay?.lateMinutes ?? 0,
    final: delay?.final === true && delay.stop === toStop,
    compensationMinor: (pays ?? []).reduce((sum, it) => sum + it.amountMinor, 0),
  }
}

function delayView({ runId, stop, lateMinutes, final, reason, atMs }: Delay): DelayView {
  return { runId, stop, lateMinutes, final, reason, atMs }
}
