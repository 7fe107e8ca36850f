/** Seats: what they are like, who may have them, and when they are given out. */
import type { AccountRole } from './accounts.ts'
import type { Reason } from './reasons.ts'

/** What can be said of a seat or berth. */
export type SeatProperty =
  | 'window'
  | 'aisle'
  /** At a table. */
  | 'table'
  /** Looks at another seat. */
  | 'facing'
  | 'quiet'
  | 'lowerBerth'
  | 'middleBerth'
  | 'upperBerth'
  /** Along the aisle. */
  | 'sideLowerBerth'
  | 'sideUpperBerth'
  /** For somebody in a wheelchair; kept for them until the seat rule's release. */
  | 'wheelchair'
  /** Beside a wheelchair place. */
  | 'companion'

/** What is special about a coach. */
export interface Seating {
  /**
   * So many neighbouring rows, from row 1, are a bay between two aisles or walls: 1 is a compartment or a
   * pair, 2 seats that face each other, 0 there are none. At most 4.
   */
  readonly bayRows: number
  /** What seats are like; at most 64 lines. A seat has the properties of all lines that name it. */
  readonly rules: readonly SeatRuleLine[]
}

export interface SeatRuleLine {
  /** Rows from 1, inclusive. */
  readonly firstRow: number
  readonly lastRow: number
  /** Of the coach's columns; '': all. */
  readonly letters: string
  /**
   * Where no line of the coach names a window or an aisle, the first and the last letter of a row have
   * a window, and those beside a `-` an aisle; in a coach without `Seating`, too.
   */
  readonly properties: readonly SeatProperty[]
}

/** What a party would like. Wheelchair and companion places are asked for by number only. */
export interface SeatPreferences {
  /** Each seat must have them all. */
  readonly required: readonly SeatProperty[]
  /** The more of them the better; nobody is refused for a wish. */
  readonly wished: readonly SeatProperty[]
  /** The party may be seated anywhere in the class, for the sake of its wishes. */
  readonly apart: boolean
  /** The first so many passengers need wheelchair places. */
  readonly wheelchairPlaces: number
}

/** Dated data: how seats are offered from an instant on. Staff, operator or cluster. */
export interface SetSeatRule {
  readonly type: 'setSeatRule'
  readonly validFromMs: number
  /** Wheelchair places are for everybody in the last so many milliseconds before the run's first departure. */
  readonly wheelchairReleaseMs: number
  readonly choiceLimits: readonly ChoiceLimit[]
}

/** On busy runs only the seats that fit best may be chosen by number. */
export interface ChoiceLimit {
  /** '': each class without a line of its own. */
  readonly classCode: string
  /** Counts when at least this share of the class is taken on the journey, 0 to 10,000. */
  readonly fromLoadBasisPoints: number
  /** The share of the free seats that may be chosen, at least six: those that leave the shortest gaps. */
  readonly offeredBasisPoints: number
}

/**
 * Takes seats off sale: on one run, or on all runs of a train between two dates, those that are opened later
 * too. Refused while somebody has one of them. Staff, operator or cluster.
 */
export interface BlockSeats {
  readonly type: 'blockSeats'
  /** Either the run, with 0 as the train and the dates, or the train. */
  readonly runId: number
  readonly trainId: number
  /** Service dates as yyyymmdd, inclusive. */
  readonly fromDate: number
  readonly toDate: number
  /** Different ones, at most 200. */
  readonly seats: readonly number[]
  readonly reason: Reason
  /**
   * Berths that two passengers share who wait for whole ones (`joinWaitingList`, `shared`), each sitting on one half;
   * absent: false, they are nobody's.
   */
  readonly shared?: boolean
}

/** Puts the seats of a block on sale again. Staff, operator or cluster. */
export interface UnblockSeats {
  readonly type: 'unblockSeats'
  readonly blockId: number
  readonly reason: Reason
}

/**
 * Keeps places of a class for some: on one run, or on all runs of a train from a date on that have no quotas
 * of their own, those that are opened later too. In place of what was set for the same run, or the same
 * train and date. What no pool keeps is general. Staff, operator or cluster.
 */
export interface SetQuotas {
  readonly type: 'setQuotas'
  /** Either the run, with 0 as the train and the date, or the train. */
  readonly runId: number
  readonly trainId: number
  /** Service date as yyyymmdd. */
  readonly fromDate: number
  readonly classCode: string
  /** At most 8; together no more than the class has. None: everything is general. */
  readonly pools: readonly QuotaPool[]
}

export interface QuotaPool {
  /** Unique; as a hold names it. */
  readonly code: string
  /** So many places on each segment. */
  readonly capacity: number
  /** Whose accounts may take from it; none: everybody's. */
  readonly roles: readonly AccountRole[]
  /** Types of the tariff that all passengers of a hold must be of; none: anybody. */
  readonly passengerTypes: readonly string[]
  /** It is general in the last so many milliseconds before the run's first departure. */
  readonly releaseBeforeDepartureMs: number
}

/** Moves places of one run from pool to pool; '' is what is general. Staff, operator or cluster. */
export interface MoveQuota {
  readonly type: 'moveQuota'
  readonly runId: number
  readonly classCode: string
  readonly fromPool: string
  readonly toPool: string
  /** 1 to 2,000. */
  readonly count: number
}
