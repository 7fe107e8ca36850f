/** Runs on which somebody is to be seated. */
import type { BookingState } from '../state.ts'
import type { Run } from '../things.ts'

/** The chart has been closed: from the next entry on its parties are seated. */
export function expectSeating(state: BookingState, run: Run): void {
  if (run.inventory?.later?.some((later) => later?.some((places) => places > 0)) === true) {
    state.seating.set(run, undefined)
  }
}
