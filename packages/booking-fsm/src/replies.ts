/** What a command answers. A refusal is a reply too: `applyEntry` never throws. */
export type Reply =
  | { readonly type: 'done' }
  | { readonly type: 'passengerSaved'; readonly passengerId: number }
  | { readonly type: 'accountRegistered'; readonly accountId: number }
  | { readonly type: 'guestOpened'; readonly accountId: number }
  | { readonly type: 'tillOpened'; readonly tillId: number }
  | {
      readonly type: 'tillClosed'
      readonly tillId: number
      /** What should have been in it. */
      readonly expectedMinor: number
      /** Counted less expected. */
      readonly differenceMinor: number
    }
  | { readonly type: 'companySet'; readonly companyId: number }
  | { readonly type: 'trainAdded'; readonly trainId: number }
  | { readonly type: 'runsAdded'; readonly runIds: readonly number[]; readonly skipped: number }
  | {
      readonly type: 'calendarSet'
      /** Of the runs on days that the train has no more: those that are not on sale any longer. */
      readonly withdrawn: readonly number[]
      /** Those that go all the same, because somebody has booked them, or waits for them. */
      readonly kept: readonly number[]
    }
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
  | {
      readonly type: 'waitingListJoined'
      readonly bookingId: number
      readonly pnr: string
      /** Of what is wanted first. */
      readonly priceMinor: number
      /** What a payment reserves: the dearest of what it may become. */
      readonly reserveMinor: number
      /** How many bookings of a better rank want seats there on some of the same segments. */
      readonly ahead: number
    }
  | {
      readonly type: 'runArchived'
      /** Of the bookings that were looked at, so many stay for now: something of them is open. */
      readonly left: number
      /** Where the next portion begins; 0: all were looked at. */
      readonly belowBookingId: number
      /** The run is in the archive too. */
      readonly gone: boolean
    }
  | { readonly type: 'voucherIssued'; readonly voucherId: number }
  /** What the voucher pays, and what is left to be paid. */
  | {
      readonly type: 'voucherApplied'
      readonly voucherMinor: number
      readonly dueMinor: number
    }
  | { readonly type: 'seatsBlocked'; readonly blockId: number }
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
  | {
      readonly type: 'exchangeHeld'
      /** The new one, held. */
      readonly bookingId: number
      readonly pnr: string
      readonly seats: readonly number[]
      readonly priceMinor: number
      /** What the old one is worth, the exchange paid. */
      readonly valueMinor: number
      /** What the exchange costs, and the tax on it. */
      readonly chargeMinor: number
      readonly taxMinor: number
      /** What is to be paid; 0: `confirmBooking`. */
      readonly dueMinor: number
      /** What goes back when it is confirmed. */
      readonly surplusMinor: number
      readonly expiresAtMs: number
    }
  /** The run is off sale, or its delay is recorded; the rest follows by itself. */
  | { readonly type: 'disruptionBegun'; readonly disruptionId: number }
  /** `waits`: for a second person; else it is done, or declined as was asked. */
  | {
      readonly type: 'refundOverridden'
      readonly overrideId: number
      readonly waits: boolean
    }
  | { readonly type: 'rebooked'; readonly runId: number; readonly seats: readonly number[] }
  /** What has been sent off by this request. */
  | { readonly type: 'refundQueued'; readonly refundMinor: number }
  | {
      readonly type: 'ticketsIssued'
      /** The valid tickets of those asked for, by position. */
      readonly tickets: readonly { readonly position: number; readonly ticketNumber: string }[]
    }
  | {
      readonly type: 'ticketInspected'
      readonly verdict: TicketVerdict
      readonly bookingId: number
      readonly position: number
      /** Of a duplicate: when, where and by which device the ticket was seen first; else 0 and ''. */
      readonly earlierAtMs: number
      readonly earlierStop: number
      readonly earlierDeviceId: string
    }
  /** Answer to `resolveRequest`: what the request answered then, or that it can not happen any more. */
  | { readonly type: 'resolved'; readonly reply: Reply }
  | { readonly type: 'burned' }
  | { readonly type: 'drawOpened'; readonly drawId: number }
  /** The entry's number in its draw, from 1. */
  | { readonly type: 'drawEntered'; readonly number: number }
  | Refusal

export type TicketVerdict =
  | 'ok'
  /** Another scan has seen it before. */
  | 'duplicate'
  /** Its passenger has a newer one, or does not travel any more. */
  | 'voided'
  | 'wrongRun'
  /** The same train on another date. */
  | 'wrongDay'
  /** Not good between these stops. */
  | 'wrongStretch'

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
  | 'accountClosed'
  | 'lastOperator'
  | 'resetNotFound'
  | 'secondFactorRequired'
  | 'secondFactorNeeded'
  | 'secondFactorOn'
  | 'secondFactorOff'
  | 'codeUsed'
  | 'recoveryCodeNotFound'
  | 'factorResetNotAsked'
  | 'guestsNotAllowed'
  | 'guestHasBooking'
  | 'guestNoSecondFactor'
  | 'guestNotFound'
  | 'guestLinkNotFound'
  | 'otherAddress'
  | 'companyNotFound'
  | 'creditExceeded'
  | 'invoiceOverdue'
  | 'invoiceOpen'
  | 'invoiceNotFound'
  | 'nothingToInvoice'
  | 'tooMuchPaid'
  | 'tillOpen'
  | 'tillNotOpen'
  | 'tillTooLow'
  | 'passengerNotFound'
  | 'bookingNotOver'
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
  | 'voucherCodeTaken'
  | 'voucherNotFound'
  | 'voucherNotValid'
  | 'voucherUsedUp'
  | 'voucherMinimum'
  | 'voucherApplied'
  | 'passengerDataRequired'
  | 'productNotFound'
  | 'productNotOnSale'
  | 'productSoldOut'
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
  | 'seatBlocked'
  | 'seatGivenLater'
  | 'seatsNeeded'
  | 'blockNotFound'
  | 'poolNotFound'
  | 'poolNotAllowed'
  | 'quotaExhausted'
  | 'quotaInUse'
  | 'bookingNotFound'
  | 'bookingArchived'
  | 'requestArchived'
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
  | 'chargebackTooHigh'
  | 'chargebackNotFound'
  | 'chargebackDiffers'
  | 'notExchangeable'
  | 'exchangeOpen'
  | 'alreadyExchanged'
  | 'paymentDue'
  | 'nothingToPay'
  | 'runCancelled'
  | 'disruptionNotFound'
  | 'nothingDue'
  | 'arrivalRecorded'
  | 'notArrived'
  | 'notDisrupted'
  | 'otherStations'
  | 'tooFarApart'
  | 'overrideNotFound'
  | 'overrideDecided'
  | 'secondPersonNeeded'
  | 'refundTooHigh'
  | 'ticketNotFound'
  | 'alreadyInspected'
  | 'ticketKeyNotFound'
  | 'ticketKeyTaken'
  | 'nodeNotFound'
  | 'nodeAddressTaken'
  | 'outboxNotFound'
  | 'outboxResolved'
  | 'noWaitingList'
  | 'seatsAvailable'
  | 'waitingListFull'
  | 'alreadyWaiting'
  | 'chartClosed'
  | 'onWaitingList'
  | 'notWaiting'
  | 'waitingOver'
  | 'noticeNotOpen'
  | 'drawNotFound'
  | 'drawNotOpen'
  | 'alreadyEntered'
  | 'seedMismatch'
  | 'runInDraw'
  | 'consistChanging'
  | 'coachNotFound'
  | 'tooMany'
