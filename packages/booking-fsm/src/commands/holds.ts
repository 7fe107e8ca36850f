/** What the railway lets a passenger hold, when, and for how long. */

/**
 * Dated: counts for what is asked from `validFromMs` on. The limits are for passengers; staff and those
 * who sell for others are not held to them.
 */
export interface SetSalesRule {
  readonly type: 'setSalesRule'
  readonly validFromMs: number
  /** How long a hold lasts. */
  readonly holdMs: number
  /** By how much a hold may be extended, once; 0: not at all. */
  readonly extensionMs: number
  /** Bookings and trips that a passenger may hold at once; 0: any number. */
  readonly maxOpenHolds: number
  /** Of one hold, 1 to 6. */
  readonly maxPassengers: number
  /** The sale opens so long before the departure at the boarding stop; 0: with the run. */
  readonly opensBeforeMs: number
  /** The sale closes so long before it; 0: with the departure. */
  readonly closesBeforeMs: number
}

/** Extends a hold, or that of a whole trip, once, by what the rule in force gives. */
export interface ExtendHold {
  readonly type: 'extendHold'
  readonly bookingId: number
}
