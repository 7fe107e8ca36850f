/** Runs on which somebody is to be seated. */
import type { BookingState } from '../state.ts'
import type { Run } from '../things.ts'

/** The chart has been closed: from the next entry on its parties are seated. */
export function expectSeating(state: BookingState, run: Run): void {
  if (run.inventory?.later?.some((later) => later?.some((places) => places > 0)) === true) {
    state.seating.set(run, undefined)
  }
}

/** Its parties can be seated now: not while those of them who lose the train by its being cancelled are gone through. */
export function isSeating({ disruption }: BookingState, run: Run): boolean {
  if (!run.cancelled) return true
  for (const { runId, kind, phase } of disruption.unsettled) {
    if (runId === run.runId && kind === 'runCancelled' && phase === 'ending') return false
  }
  return true
}
