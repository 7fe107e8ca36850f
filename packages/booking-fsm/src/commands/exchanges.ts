/** Another journey in place of one that is sold. */

/**
 * Holds seats that are to take the place of a confirmed booking's, or of one leg's of a trip, for everybody
 * who still travels on it: a booking of its own. The old one stays as it is until the new one is confirmed, by `startPayment`
 * of the difference or, when there is none, by `confirmBooking`. The reply is the offer: what the old
 * one is worth, what the exchange costs, what is to be paid or goes back. It ends with the hold.
 */
export interface HoldExchange {
  readonly type: 'holdExchange'
  /** The old one. */
  readonly bookingId: number
  readonly runId: number
  readonly fromStop: number
  readonly toStop: number
  readonly classCode: string
  /** One for each who still travels; empty: the best fit is chosen. */
  readonly seats: readonly number[]
  /** So many need wheelchair places, those who have one now first; absent: as many as have one now. */
  readonly wheelchairPlaces?: number
  /** As in `HoldSeats`. */
  readonly product?: string | undefined
}

/** Confirms a held booking or trip for which nothing is left to pay. */
export interface ConfirmBooking {
  readonly type: 'confirmBooking'
  readonly bookingId: number
}
