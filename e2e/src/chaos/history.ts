/**
 * What the clients did and were told: one line of JSON for each call. Times are milliseconds of one monotonic
 * clock, taken before a call is sent and after its answer has come.
 */
export interface Operation {
  readonly client: number
  /** Of this client, from 1. A client has one call under way at a time. */
  readonly nth: number
  readonly call: Call
  readonly startMs: number
  readonly endMs: number
  /** How often it was sent when it was not certain that an earlier time had no effect; 1 or more. */
  readonly attempts: number
  /** How an outcome that was unknown became known. */
  readonly resolvedBy?: 'sameRequest' | 'resolveRequest'
  readonly outcome: Outcome
}

export type Call = HoldCall | SaleStep | SeatMapCall | BookingCall

export interface HoldCall {
  readonly kind: 'hold'
  readonly runId: number
  readonly fromStop: number
  readonly toStop: number
  readonly seat: number
  /** Unlike any other in the history: it shows whose booking it is. */
  readonly name: string
}

export interface SaleStep {
  readonly kind: 'pay' | 'cancel' | 'release'
  readonly bookingId: number
}

export interface SeatMapCall {
  readonly kind: 'seatMap'
  readonly runId: number
  readonly fromStop: number
  readonly toStop: number
}

export interface BookingCall {
  readonly kind: 'booking'
  readonly bookingId: number
}

export type Outcome =
  /** Answered, at this index of the log. `exact`: the call itself is the entry of that index. */
  | {
      readonly type: 'done'
      readonly index: number
      readonly exact: boolean
      readonly answer: Answer
    }
  /** The state machine said no. */
  | { readonly type: 'refused'; readonly code: string }
  /** Certainly without effect, now and later. */
  | { readonly type: 'notDone'; readonly code: string }
  /** A read that nobody answered; it says nothing. */
  | { readonly type: 'unanswered'; readonly code: string }
  /** Nobody knows. None may be left at the end. */
  | { readonly type: 'unknown'; readonly code: string }

export type Answer = BookingAnswer | SeatMapAnswer

export interface BookingAnswer {
  readonly kind: 'booking'
  readonly bookingId: number
  readonly status: Status
  readonly seat: number
  readonly name: string
}

export interface SeatMapAnswer {
  readonly kind: 'seatMap'
  /** Seats that are not free on the whole way asked for. */
  readonly taken: readonly number[]
}

/** As the API writes them, without the prefix. */
export type Status = string

/** What a node's database holds of a booking when all is over. */
export interface FinalBooking {
  readonly bookingId: number
  readonly runId: number
  readonly fromStop: number
  readonly toStop: number
  readonly seat: number
  readonly name: string
  readonly status: Status
  readonly heldAtIndex: number
}

/** All that is judged. */
export interface History {
  readonly operations: readonly Operation[]
  /** The bookings on the runs that only the clients sold, node by node. */
  readonly final: Readonly<Record<string, readonly FinalBooking[]>>
  /** Hash of the state of each node, and at which index; all stand still. */
  readonly hashes: Readonly<Record<string, { readonly index: number; readonly hash: string }>>
  readonly ledger: { readonly sumMinor: number; readonly orphans: number }
}

export const isRead = ({ kind }: Call): boolean => kind === 'seatMap' || kind === 'booking'
