/** Waiting for seats that are not free, and the closing of the list before departure. */
import type { PassengerInput } from './sales.ts'

/** How waiting lists work from an instant on. Dated data; without one nobody can wait. */
export interface SetWaitingRule {
  readonly type: 'setWaitingRule'
  /** The rule counts for those who join from this instant on. */
  readonly validFromMs: number
  /** At most this share of a class may wait on a run: 0 to 10,000; 2,500 is a quarter, 0: nobody. */
  readonly capBasisPoints: number
  /** The chart of a run closes so long before it leaves its first stop: 0 to 100,000,000,000. */
  readonly chartBeforeDepartureMs: number
  /** Who gets a place and has reserved no money keeps it so long, at most: 1,000 to 86,400,000. */
  readonly promotedHoldMs: number
}

/**
 * Waits for seats for 1 to 6 passengers together, on one run or on any of several. The price is fixed now;
 * nothing is captured before there are seats.
 */
export interface JoinWaitingList extends WaitingChoice {
  readonly type: 'joinWaitingList'
  readonly passengers: readonly PassengerInput[]
  /** Until when it is still wanted. */
  readonly deadlineMs: number
  /** Up to 5 others that would do, the better ones first: another class, or another run of the same stops. */
  readonly alternatives: readonly WaitingChoice[]
  /** What it may cost, whichever of them it becomes; a choice above it is refused. */
  readonly maxPriceMinor: number
}

export interface WaitingChoice {
  readonly runId: number
  readonly fromStop: number
  readonly toStop: number
  readonly classCode: string
  /** A quota's pool that the party may use; absent or '': what is general. With a pool either will do, the pool first. */
  readonly pool?: string
  /** Nothing but the pool will do, as long as that is kept; absent: false. */
  readonly onlyPool?: boolean
  /** Half a berth, to sit on, will do until there is a whole one; not with `onlyPool`. Absent: false. */
  readonly shared?: boolean
}

/** Gives the place in the list up; what was reserved of the money is given back. */
export interface LeaveWaitingList {
  readonly type: 'leaveWaitingList'
  readonly bookingId: number
}

/** Staff close the list of a run before its instant: who has no seat by now gets the money back. */
export interface CloseChart {
  readonly type: 'closeChart'
  readonly runId: number
}
