/** What a command answers. A refusal is a reply too: `applyEntry` never throws. */
export type Reply =
  | { readonly type: 'done' }
  | { readonly type: 'accountRegistered'; readonly accountId: number }
  | { readonly type: 'trainAdded'; readonly trainId: number }
  | { readonly type: 'runsAdded'; readonly runIds: readonly number[]; readonly skipped: number }
  | { readonly type: 'importBegun'; readonly importId: number }
  | {
      readonly type: 'seatsHeld'
      readonly bookingId: number
      readonly pnr: string
      readonly seats: readonly number[]
      readonly priceMinor: number
      readonly expiresAtMs: number
    }
  | {
      readonly type: 'tripHeld'
      /** The id of the first leg's booking. */
      readonly tripId: number
      /** Of the first leg. */
      readonly pnr: string
      readonly legs: readonly {
        readonly bookingId: number
        readonly seats: readonly number[]
        readonly priceMinor: number
      }[]
      /** Of all legs. */
      readonly priceMinor: number
      readonly expiresAtMs: number
    }
  | { readonly type: 'holdExtended'; readonly expiresAtMs: number }
  | { readonly type: 'paymentStarted'; readonly paymentId: number; readonly expiresAtMs: number }
  | { readonly type: 'bookingCancelled'; readonly refundMinor: number }
  | {
      readonly type: 'refundOffered'
      readonly offerId: number
      /** Positions in the booking. */
      readonly passengers: readonly number[]
      readonly refundMinor: number
      /** What the railway keeps of the fares, and the tax on it. */
      readonly chargeMinor: number
      readonly taxMinor: number
      readonly expiresAtMs: number
    }
  /** What has been sent off by this request. */
  | { readonly type: 'refundQueued'; readonly refundMinor: number }
  /** Answer to `resolveRequest`: what the request answered then, or that it can not happen any more. */
  | { readonly type: 'resolved'; readonly reply: Reply }
  | { readonly type: 'burned' }
  | { readonly type: 'drawOpened'; readonly drawId: number }
  /** The entry's number in its draw, from 1. */
  | { readonly type: 'drawEntered'; readonly number: number }
  | Refusal

export interface Refusal {
  readonly type: 'refused'
  readonly code: RefusalCode
  /** The seats of the request that are taken, for `seatTaken`; else empty. */
  readonly seats: readonly number[]
  /** A figure that explains: the true refund, the true price, the limit; 0 when there is none. */
  readonly figure: number
  /** The field at fault in the command, e.g. `stops[3].arrivalSeconds`; '' when none. */
  readonly field: string
}

/** Stable: they are stored in the log's replies and shown to programs. */
export type RefusalCode =
  | 'notFounded'
  | 'featureNotActive'
  | 'featureActive'
  | 'alreadyFounded'
  | 'invalidField'
  | 'notAllowed'
  | 'requestIdReused'
  | 'requestBurned'
  | 'emailTaken'
  | 'accountNotFound'
  | 'sessionNotFound'
  | 'stationNotFound'
  | 'trainNotFound'
  | 'importNotFound'
  | 'importNotOpen'
  | 'runNotFound'
  | 'runDeparted'
  | 'runNotOnSale'
  | 'stopNotAllowed'
  | 'classNotFound'
  | 'noFare'
  | 'passengerTypeNotFound'
  | 'concessionLimit'
  | 'notEnoughSeats'
  | 'seatTaken'
  | 'seatNotFound'
  | 'seatInOtherClass'
  | 'tooManyHolds'
  | 'saleNotOpen'
  | 'saleClosed'
  | 'extensionNotAllowed'
  | 'alreadyExtended'
  | 'seatNotOffered'
  | 'bookingNotFound'
  | 'holdExpired'
  | 'alreadyPaying'
  | 'alreadyConfirmed'
  | 'notHeld'
  | 'notConfirmed'
  | 'alreadyCancelled'
  | 'priceChanged'
  | 'refundChanged'
  | 'passengerCancelled'
  | 'offerNotOpen'
  | 'offerExpired'
  | 'nothingOwed'
  | 'outboxNotFound'
  | 'outboxResolved'
  | 'noticeNotOpen'
  | 'drawNotFound'
  | 'drawNotOpen'
  | 'alreadyEntered'
  | 'seedMismatch'
  | 'runInDraw'
  | 'tooMany'
