/** An error as a page shows it and a program decides by. */
export interface DescribedError {
  /** Stable, upper snake case, e.g. `SEAT_TAKEN`; `NO_NODE_REACHABLE` when nobody answered. */
  readonly code: string
  /** For a person: what happened and what it means. Never empty. */
  readonly sentence: string
  /** For a person: what to do next. May be empty. */
  readonly nextStep: string
  /** `unknown`: it may have had its effect; settle it with `resolveUnknown`. */
  readonly outcome: 'notDone' | 'unknown'
  /** The field of the request at fault; '' when none. */
  readonly field: string
  /** The same request may succeed a little later. */
  readonly retryable: boolean
  /** The seats that are taken, for `SEAT_TAKEN`. */
  readonly seats: readonly number[]
  /** A figure that explains (true price, true refund, limit); 0 when none. */
  readonly figure: number
}
