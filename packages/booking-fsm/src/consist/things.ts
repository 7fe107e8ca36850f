/** Formations of single runs, and re-seating under way: rows of their own, because few runs have any. */
import type { Coach } from '../commands/timetable.ts'
import type { Layout } from '../inventory/layout.ts'
import type { Hashed } from '../things.ts'

/** The coaches of a run that are not those of its train. */
export interface RunConsist extends Hashed {
  readonly runId: number
  readonly changedAtMs: number
  readonly coaches: readonly Coach[]
}

/** A change of consist until all is told; the disruption of the same id says how far it is. */
export interface Reseating extends Hashed {
  readonly disruptionId: number
  readonly runId: number
  readonly coaches: readonly Coach[]
  /** Numbered as in these coaches. */
  readonly blockedSeats: readonly number[]
  /** Who has asked for it. */
  readonly accountId: number
  /** Derived. */
  readonly layout: Layout
  /** Derived: all have moved. */
  moved: boolean
  /** Derived: those that are not done with. */
  readonly parties: Map<number, Party>
}

/** A booking to be seated. */
export interface Party extends Hashed {
  readonly bookingId: number
  readonly disruptionId: number
  /** The lower is seated first, among equals the lower booking. */
  readonly rank: number
  status: PartyStatus
  classCode: string
  /** By position; −1 for who had left. */
  seats: readonly number[]
  /** By position: what a cheaper class gives back. */
  backs: readonly number[]
}
export type PartyStatus =
  /** Not looked at yet. */
  | 'listed'
  /** There was no room in its class; another one comes next. */
  | 'left'
  | 'seated'
  /** There is no room at all. */
  | 'lost'

/** What of the state is about consists. */
export interface ConsistState {
  /** By run. */
  readonly own: Map<number, RunConsist>
  /** By run: what is under way. */
  readonly changing: Map<number, Reseating>
}

export function createConsistState(): ConsistState {
  return { own: new Map(), changing: new Map() }
}
