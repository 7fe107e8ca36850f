/** The things of waiting lists that are rows. */
import type { Queued } from '../heap.ts'
import type { Booking, Hashed, Run } from '../things.ts'

export interface WaitingRule extends Hashed {
  readonly ruleId: number
  readonly validFromMs: number
  readonly capBasisPoints: number
  readonly chartBeforeDepartureMs: number
  readonly promotedHoldMs: number
}

/** A booking that waits: its row goes when it gets seats, leaves or lapses. */
export interface WaitingEntry extends Hashed, Queued {
  readonly booking: Booking
  /** The lower goes first; among equals who joined first. */
  readonly priority: number
  /** The rule that it joined under. */
  readonly ruleId: number
  /** Until when it is wanted. */
  readonly deadlineMs: number
  /** The best first. The first one is what the booking's own row says. */
  readonly options: readonly WaitingOption[]
}

/** What the booking becomes when there are seats, with the price as it was when it joined. */
export interface WaitingOption {
  readonly run: Run
  readonly fromStop: number
  readonly toStop: number
  readonly classCode: string
  readonly priceEachMinor: number
  readonly namesJson: string
  /** The quota's pool that will do; '': none. */
  readonly pool: string
  /** What is general will not do while the pool is kept. */
  readonly onlyPool: boolean
  /** Half a berth will do until there is one. */
  readonly shared: boolean
}

/** When those who wait are to be offered places again: some may be general then. */
export interface Offering extends Queued {
  readonly run: Run
  /** 0: at no known instant. */
  atMs: number
}

/** Of a run that somebody has waited for, or that was closed by staff. */
export interface Chart extends Hashed, Queued {
  readonly run: Run
  /** Fixed with the first who joins, by the rule then. */
  readonly closesAtMs: number
  /** 0: open. */
  closedAtMs: number
  readonly offering: Offering
}
