/** What happens to a booking that is sold. */

/** Cancels a confirmed booking; refused when the refund is not (any more) what was shown. */
export interface CancelBooking {
  readonly type: 'cancelBooking'
  readonly bookingId: number
  readonly expectedRefundMinor: number
}

/**
 * Offers what cancelling some passengers would give back, for a while: the sum is fixed even when a
 * band ends meanwhile. One offer is open per booking: a new one takes the place of the earlier one.
 */
export interface OfferRefund {
  readonly type: 'offerRefund'
  readonly bookingId: number
  /** Positions in the booking, ascending; empty: everybody who still travels. */
  readonly passengers: readonly number[]
}

/** Cancels the passengers of an open offer for the refund that was offered. An offer counts once. */
export interface AcceptRefund {
  readonly type: 'acceptRefund'
  readonly bookingId: number
  readonly offerId: number
  /** Free the seats and fix the sum now; the money waits for `payRefund`. */
  readonly payLater: boolean
}

/**
 * A passenger's bank has taken money back from the provider. It is in dispute: the booking and its tickets stand,
 * and no more goes back of the payment than what is left of it. Counts once per reference.
 */
export interface RecordChargeback {
  readonly type: 'recordChargeback'
  readonly bookingId: number
  /** The provider's, of the dispute. */
  readonly reference: string
  readonly amountMinor: number
  /** As the provider says it. */
  readonly reason: string
}

/** A dispute is over: won, the money is back; lost, it stays away. */
export interface SettleChargeback {
  readonly type: 'settleChargeback'
  readonly reference: string
  readonly won: boolean
}

/** Sends off what is owed for a booking: refunds put off, and those the provider has refused. */
export interface PayRefund {
  readonly type: 'payRefund'
  readonly bookingId: number
}
