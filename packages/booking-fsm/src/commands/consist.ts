/** Another train formation for a run, from now on. */
import type { Reason } from './reasons.ts'
import type { Coach } from './timetable.ts'

/** What a run is to become: other coaches, fewer coaches, seats off sale; at least one of the three. */
export interface ConsistChange {
  readonly runId: number
  /** All coaches of the new formation, in order, 0 to 40; empty: those that the run has. */
  readonly coaches: readonly Coach[]
  /** Labels of coaches that are taken out of these, 0 to 40. */
  readonly withoutCoaches: readonly string[]
  /** Seats of what is left that go off sale, numbered as it numbers them, 0 to 200. */
  readonly blockedSeats: readonly number[]
}

/**
 * The run is off sale until everybody has a seat in the new formation, in portions of
 * `continueDisruption`; all move in one entry. Who finds no place may choose another train or the money.
 */
export interface ChangeConsist extends ConsistChange {
  readonly type: 'changeConsist'
  readonly reason: Reason
}
