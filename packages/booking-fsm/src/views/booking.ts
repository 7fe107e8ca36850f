/** What queries give of bookings, and of what they cost. */

import type { Reason } from '../commands.ts'
import type { VoucherUseStatus } from '../vouchers/things.ts'
import type { BookingDelayView, DisruptionChoiceView, JourneyChangeView } from './disruption.ts'
import type { BookingProductView } from './journey.ts'

/** What a voucher pays of a booking. */
export interface BookingVoucherView {
  readonly voucherId: number
  readonly amountMinor: number
  /** Of that, what came back to the voucher. */
  readonly refundedMinor: number
  readonly status: VoucherUseStatus
}

/** A voucher, without its code, which nobody knows here. */
export interface VoucherView {
  readonly voucherId: number
  readonly amountMinor: number
  readonly basisPoints: number
  readonly maximumMinor: number
  readonly minimumMinor: number
  readonly validFromMs: number
  readonly validToMs: number
  readonly once: boolean
  readonly accountId: number
  readonly reason: Reason
  readonly issuedBy: number
  readonly issuedAtMs: number
  readonly expiredMinor: number
  /** Set aside or paid with it, and not back. */
  readonly takenMinor: number
  /** By how many bookings. */
  readonly bookings: number
  /** Of a sum. */
  readonly leftMinor: number
}

export type BookingStatus =
  | 'held'
  | 'paying'
  | 'confirmed'
  | 'cancelled'
  | 'expired'
  | 'released'
  /** On the waiting list, without seats. */
  | 'waiting'
  /** It waited in vain: its time was over, or the chart closed. */
  | 'lapsed'
  /** Another booking has taken its place. */
  | 'exchanged'
  | 'disrupted'

export type PaymentStatus =
  /** The provider has been asked, or will be. */
  | 'authorising'
  /** The money is reserved; the capture is on its way. */
  | 'authorised'
  | 'captured'
  | 'declined'
  /** The hold was gone: the reservation of the money is being given back. */
  | 'voiding'
  | 'voided'

export interface BookingView {
  readonly bookingId: number
  readonly pnr: string
  readonly accountId: number
  readonly status: BookingStatus
  readonly runId: number
  readonly fromStop: number
  readonly toStop: number
  readonly classCode: string
  readonly passengers: readonly {
    readonly name: string
    readonly seat: number
    /** Of that berth a half, to sit on: another passenger may have the other one. */
    readonly shared: boolean
    readonly seatLabel: string
    readonly coachLabel: string
    readonly priceMinor: number
    /** '' pays in full. */
    readonly passengerType: string
    /** As yyyymmdd; 0: not said. */
    readonly birthDate: number
    /** '': not said. */
    readonly document: string
    /** '': not said. */
    readonly contact: string
    /** Fare and supplements; with their taxes they make up the price. */
    readonly lines: readonly FareLineView[]
    /** 0: travels, as far as the booking does. */
    readonly cancelledAtMs: number
    /** What the cancellation of this passenger gives back. */
    readonly refundMinor: number
    /** What came back of the fare by itself. */
    readonly compensationMinor: number
  }[]
  readonly priceMinor: number
  readonly currency: string
  readonly heldAtMs: number
  readonly expiresAtMs: number
  readonly confirmedAtMs: number
  readonly cancelledAtMs: number
  readonly refundMinor: number
  /** Of the refund: agreed, and neither paid nor on its way; of a trip for all its legs. */
  readonly owedMinor: number
  /** The offer of a refund that is open at the state's clock. */
  readonly refundOffer: RefundOfferView | undefined
  /** The quota's pool its places are out of; '': what is general. */
  readonly pool: string
  /** While it sits on halves of berths, and the list of its run is open: how many bookings are to have whole ones before it. */
  readonly sharersAhead: number
  /** Of the booking, or the trip that it is a leg of; undefined: it is paid without. */
  readonly voucher: BookingVoucherView | undefined
  /** Undefined: the full fare. */
  readonly product: BookingProductView | undefined
  /** What `startPayment` takes while it is held: the price of all legs, or the difference of an exchange. */
  readonly dueMinor: number
  /** Set for one that is to take another one's place, or has. */
  readonly exchange: ExchangeView | undefined
  /** The last booking that was to take this one's place; 0: none was. */
  readonly exchangedFor: number
  /** The first booking of the trip that this is a leg of; 0: it is by itself. */
  readonly tripId: number
  /** Of the legs in order; itself alone when it is by itself. */
  readonly tripBookingIds: readonly number[]
  /** The same as it is travelled: each leg as what it was exchanged for. */
  readonly journeyBookingIds: readonly number[]
  /** What is paid at once: of all legs. */
  readonly tripPriceMinor: number
  /** While it waits. */
  readonly waiting: WaitingView | undefined
  /** Oldest first; none in most bookings. */
  readonly changes: readonly JourneyChangeView[]
  readonly disruption: DisruptionChoiceView | undefined
  readonly delay: BookingDelayView | undefined
  /** The payments of this booking or its trip, oldest first. */
  readonly payments: readonly PaymentView[]
}

/** How it stands with a booking on the waiting list. */
export interface WaitingView {
  readonly deadlineMs: number
  /** What a payment reserves: the dearest of what it may become. Nothing is captured while it waits. */
  readonly reserveMinor: number
  /** What it may become, the best first. */
  readonly options: readonly {
    readonly runId: number
    readonly fromStop: number
    readonly toStop: number
    readonly classCode: string
    /** The quota's pool that will do; '': none. */
    readonly pool: string
    /** What is general will not do while the pool is kept. */
    readonly onlyPool: boolean
    /** Half a berth will do until there is a whole one. */
    readonly shared: boolean
    /** Of all passengers, as it was when they joined. */
    readonly priceMinor: number
    readonly closesAtMs: number
    readonly closed: boolean
    /**
     * How many bookings of a better rank want the same kind of places there on some of the same segments. It
     * grows only when a pool is kept anew, or is general.
     */
    readonly ahead: number
  }[]
}

export interface ExchangeView {
  readonly oldBookingId: number
  /** What the old one is worth, what the exchange costs, and the tax on that. */
  readonly valueMinor: number
  readonly chargeMinor: number
  readonly taxMinor: number
  /** Of the value: what the new price needs, and what goes back. */
  readonly carriedMinor: number
  readonly surplusMinor: number
  /** 0: not yet, or never. */
  readonly confirmedAtMs: number
}

export interface FareLineView {
  /** `fare`, or a supplement's. */
  readonly code: string
  readonly netMinor: number
  readonly taxMinor: number
}

/** What a party would pay now. */
export interface PartyQuote {
  readonly priceMinor: number
  readonly passengers: readonly {
    readonly passengerType: string
    readonly priceMinor: number
    readonly lines: readonly FareLineView[]
  }[]
}

export interface PaymentView {
  readonly paymentId: number
  readonly status: PaymentStatus
  readonly amountMinor: number
  readonly refundedMinor: number
  /** A refund has been queued and not been answered. */
  readonly refundPending: boolean
  /** The provider's word for a decline; '' otherwise. */
  readonly declineReason: string
}

export interface RefundQuote {
  readonly bookingId: number
  readonly priceMinor: number
  readonly refundMinor: number
  /** Until when this figure holds; the departure when it never falls again. */
  readonly validUntilMs: number
}

export interface RefundOfferView {
  readonly offerId: number
  /** Positions in the booking. */
  readonly passengers: readonly number[]
  readonly refundMinor: number
  readonly chargeMinor: number
  readonly taxMinor: number
  readonly expiresAtMs: number
}
