/** What queries of the state give: plain readonly data, made when asked. */

import type {
  AccountRole,
  Coach,
  PassengerDatum,
  Reason,
  SeatProperty,
  TrainCalendar,
} from './commands.ts'
import type {
  ChangeKind,
  DisruptionKind,
  DisruptionPhase,
  OverrideStatus,
} from './disruption/things.ts'
import type { VoucherUseStatus } from './vouchers/things.ts'

export interface AccountView {
  readonly accountId: number
  readonly email: string
  readonly displayName: string
  readonly role: AccountRole
  readonly passwordHash: string
  readonly registeredAtMs: number
  /** Nobody acts with it. */
  readonly isClosed: boolean
}

export interface StationView {
  readonly stationId: number
  readonly code: string
  readonly name: string
  readonly aliases: readonly string[]
  readonly latitudeE6: number
  readonly longitudeE6: number
  readonly timeZone: string
  /** Code of the group that it belongs to; '' for none. */
  readonly groupCode: string
  /** Least time between two trains here. */
  readonly changeSeconds: number
  readonly zone: string
}

export interface StopView {
  readonly stationId: number
  readonly arrivalMs: number
  readonly departureMs: number
  readonly distanceMetres: number
  readonly boarding: boolean
  readonly alighting: boolean
  /** As far as is known: what was recorded for it, or for the last stop before it that has a record. */
  readonly lateMinutes: number
  /** It has come, and so late it was; otherwise it is what is expected. */
  readonly lateFinal: boolean
}

export interface TrainView {
  readonly trainId: number
  readonly number: string
  readonly name: string
  readonly stationIds: readonly number[]
  readonly coaches: readonly Coach[]
  readonly calendar: TrainCalendar | undefined
  /** Latest service date opened, yyyymmdd; 0 when none. */
  readonly lastServiceDate: number
}

export interface RunView {
  readonly runId: number
  readonly trainId: number
  readonly trainNumber: string
  readonly trainName: string
  readonly serviceDate: number
  readonly stops: readonly StopView[]
  readonly coaches: readonly Coach[]
  /** It does not go. */
  readonly cancelled: boolean
  /** When it is cancelled: the stop where it ends; 0: it does not go at all. */
  readonly goesTo: number
}

/** A seat's number in its run: coaches in order, rows in order, letters in order, from 0. */
export interface SeatView {
  readonly seat: number
  readonly coachLabel: string
  readonly classCode: string
  /** Row and letter as painted, e.g. `12C`. */
  readonly label: string
  readonly row: number
  readonly column: string
  /** Free on every segment asked for. */
  readonly free: boolean
  readonly properties: readonly SeatProperty[]
  /** How many segments beside the journey it is free for: the less, the better it fits. 0 when it is not free. */
  readonly residual: number
  /** Free, and may be chosen by number by whoever needs no wheelchair place. */
  readonly offered: boolean
}

/** How late a run is at a stop, and behind it until the next record. */
export interface DelayView {
  readonly runId: number
  readonly stop: number
  readonly lateMinutes: number
  /** It has arrived; otherwise it is what is expected. */
  readonly final: boolean
  readonly reason: Reason
  readonly atMs: number
}
/** How late the run is where the journey begins and ends, as far as is known. */
export interface LateView {
  readonly departureLateMinutes: number
  readonly arrivalLateMinutes: number
}

export interface JourneyView extends LateView {
  readonly runId: number
  readonly trainNumber: string
  readonly trainName: string
  readonly serviceDate: number
  readonly fromStop: number
  readonly toStop: number
  readonly fromStationId: number
  readonly toStationId: number
  readonly departureMs: number
  readonly arrivalMs: number
  readonly distanceMetres: number
  /** Stops in between. */
  readonly stopsBetween: number
  readonly classes: readonly ClassOffer[]
  /** Absent: it is on sale. */
  readonly draw?: JourneyDraw
}
/** A draw decides first who gets seats on the run; until then none is free for who only comes. */
export interface JourneyDraw {
  readonly drawId: number
  /** The seed is revealed, or given up, until then; seats are held from then on, and what is left is on sale. */
  readonly untilMs: number
}
export interface ClassOffer {
  readonly classCode: string
  /** Seats free on the whole journey. */
  readonly freeSeats: number
  readonly capacity: number
  readonly pricePerPassengerMinor: number
  /** Free seats for all the passengers asked for. */
  readonly enoughSeats: boolean
  /** What the whole party can have for less than in full; absent: nothing. */
  readonly cheapest?: CheapestView
}
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
/** The conditions that a booking was sold under, where it was not at the full fare. */
export interface BookingProductView {
  readonly code: string
  readonly name: string
  readonly refundable: boolean
  readonly exchangeable: boolean
}
/** A fare product that there are places of for the whole party, and seats. */
export interface CheapestView extends BookingProductView {
  /** Of the whole party. */
  readonly priceMinor: number
  /** So many passengers can still have it on this journey. */
  readonly placesLeft: number
}
export interface ProductOffer extends CheapestView {
  /** Nobody has it from then on. */
  readonly soldUntilMs: number
  /** Of each passenger, besides the name. */
  readonly requires: readonly PassengerDatum[]
  readonly enoughPlaces: boolean
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
/** Who sits where on a run. */
export interface ManifestView {
  readonly runId: number
  /** When its waiting list closes, or closed; 0: by no rule. */
  readonly closesAtMs: number
  readonly closed: boolean
  /** Passengers who wait for it. */
  readonly waiting: number
  /** By seat, then by boarding stop. */
  readonly passengers: readonly {
    readonly bookingId: number
    readonly pnr: string
    /** In the booking. */
    readonly position: number
    readonly name: string
    readonly passengerType: string
    readonly seat: number
    /** Of that berth a half, to sit on. */
    readonly shared: boolean
    readonly seatLabel: string
    readonly coachLabel: string
    readonly classCode: string
    readonly fromStop: number
    readonly toStop: number
    /** Paid for; otherwise held still. */
    readonly sold: boolean
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
/** What a booking was before the railway changed it, and why. */
export interface JourneyChangeView {
  readonly atMs: number
  readonly kind: ChangeKind
  readonly reason: Reason
  readonly runId: number
  readonly fromStop: number
  readonly toStop: number
  readonly classCode: string
  readonly seats: readonly number[]
  /** By position: as they were painted; '' of who had left. */
  readonly places: readonly { readonly coachLabel: string; readonly seatLabel: string }[]
  /** By position: what the new seats lack of the old ones; empty when nothing is new on the same train. */
  readonly lost: readonly (readonly SeatProperty[])[]
  /** What comes back because the class is another one. */
  readonly backMinor: number
}
/** What a booking, or a leg of its trip, was hit by, and what its passenger may choose at the state's clock. */
export interface DisruptionChoiceView {
  readonly disruptionId: number
  readonly reason: Reason
  readonly choiceUntilMs: number
  readonly mayRebook: boolean
  readonly mayTakeRefund: boolean
}
/** How late its train is where its passengers get off; undefined: nothing was recorded, and nothing paid. */
export interface BookingDelayView {
  readonly lateMinutes: number
  /** It has arrived there. */
  readonly final: boolean
  /** What was paid of this booking's fares because they came late, all together. */
  readonly compensationMinor: number
}
/** A refund against the rules, as staff see it. */
export interface OverrideView {
  readonly overrideId: number
  readonly bookingId: number
  readonly passengers: readonly number[]
  readonly amountMinor: number
  readonly reason: Reason
  readonly note: string
  readonly askedBy: number
  readonly askedAtMs: number
  readonly status: OverrideStatus
  readonly decidedBy: number
  readonly decidedAtMs: number
}
/** A disruption as staff see it. */
export interface DisruptionView {
  readonly disruptionId: number
  readonly kind: DisruptionKind
  readonly runId: number
  readonly reason: Reason
  readonly begunAtMs: number
  readonly phase: DisruptionPhase
  readonly choiceUntilMs: number
  /** Of a run that is cancelled: the stop where it ends; 0: it does not go at all. */
  readonly fromStop: number
  /** That lost their train by it, so far. */
  readonly bookings: number
  /** Those of them that have not chosen. */
  readonly open: number
  /** That have other seats by it. */
  readonly moved: number
  /** While its run is seated anew: bookings that are to be dealt with, and those of them for whom seats were looked for. */
  readonly listed: number
  readonly seated: number
}
/** What a change of consist would do. */
export interface ConsistPreview {
  readonly runId: number
  /** Of the new formation. */
  readonly capacity: number
  /** Each by booking: with other seats, paid without any, held without any. */
  readonly moved: readonly ReseatedView[]
  readonly lost: readonly ReseatedView[]
  readonly released: readonly ReseatedView[]
  /** Bookings that keep their seats. */
  readonly unchanged: number
  /** Of all together, for cheaper classes. */
  readonly backMinor: number
}
export interface ReseatedView {
  readonly bookingId: number
  readonly pnr: string
  readonly classCode: string
  /** '': it has no seats. */
  readonly newClassCode: string
  readonly passengers: readonly {
    readonly position: number
    readonly coachLabel: string
    readonly seatLabel: string
    /** Both '': there is none. */
    readonly newCoachLabel: string
    readonly newSeatLabel: string
    readonly lost: readonly SeatProperty[]
  }[]
  readonly backMinor: number
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

export type EffectKind = 'authorise' | 'capture' | 'void' | 'refund'

/** An effect to be performed outside, in the order of ids per payment. */
export interface OutboxView {
  readonly outboxId: number
  /** The provider's idempotency key: cluster id, log index, number. Fixed when the row was made. */
  readonly key: string
  readonly kind: EffectKind
  readonly paymentId: number
  readonly bookingId: number
  readonly amountMinor: number
  readonly currency: string
  readonly paymentToken: string
  /** The authorisation's reference, for capture, void and refund; '' for authorise. */
  readonly providerReference: string
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

export interface OccupancyView {
  readonly runId: number
  readonly capacity: number
  /** Per segment: seats sold, seats held (held or paying) and seats off sale. */
  readonly segments: readonly {
    readonly sold: number
    readonly held: number
    readonly blocked: number
  }[]
}

/** What the ledger says, and what of it has no reason. */
export interface LedgerReport {
  readonly totals: LedgerTotals
  /** Empty, when all is well. */
  readonly orphans: readonly Orphan[]
  /** Where the next portion begins; 0: this was the last one. */
  readonly nextAfterBookingId: number
}
export interface Orphan {
  readonly why: /** Money that was reserved or taken for what was not sold. */
    | 'notSold'
    /** Sold, and no money is in force for it. */
    | 'notPaid'
    /** A second payment of the same. */
    | 'paidTwice'
    /** More went back than was paid or agreed. */
    | 'refundedTooMuch'
  readonly bookingId: number
  /** 0: there is none. */
  readonly paymentId: number
  readonly amountMinor: number
}

/** Totals of the double-entry ledger, minor units; they always sum to zero. */
export interface LedgerTotals {
  /** Money reserved at the provider and not captured: memo pair, nets to zero by itself. */
  readonly providerClearing: number
  readonly fareRevenue: number
  readonly refundsPayable: number
  /** Tax that was taken and belongs to the state. */
  readonly taxPayable: number
  /** What exchanged bookings were worth, until the difference to the new ones is captured. */
  readonly exchangeCredit: number
  /** Cash in tills that are open, and what was counted into the safe, less the floats out of it. */
  readonly cashInTills: number
  readonly cashInSafe: number
  /** What counts of tills found missing; negative: what was too much. */
  readonly cashDifferences: number
  /** Paid at terminals. */
  readonly terminalClearing: number
  /** Agents' shares, and what of them is owed. */
  readonly commissionExpense: number
  readonly commissionPayable: number
  /** What companies owe, and what has come for their invoices. */
  readonly receivables: number
  readonly bank: number
  /** What vouchers are still good for. */
  readonly voucherLiability: number
  /** What was given away with them. */
  readonly voucherCost: number
}

/** A way from A to B on one to three trains. */
export interface ConnectionView {
  readonly departureMs: number
  readonly arrivalMs: number
  readonly changes: number
  readonly legs: readonly LegView[]
  /** The classes in which all of it can be travelled. */
  readonly offers: readonly ConnectionOffer[]
}
export interface LegView extends LateView {
  readonly runId: number
  readonly trainNumber: string
  readonly trainName: string
  readonly serviceDate: number
  readonly fromStop: number
  readonly toStop: number
  readonly fromStationId: number
  readonly toStationId: number
  readonly departureMs: number
  readonly arrivalMs: number
  readonly distanceMetres: number
  readonly classes: readonly PartyClassOffer[]
  /** Absent: it is on sale. */
  readonly draw?: JourneyDraw
}
/** A class on a part of a run, for a whole party. */
export interface PartyClassOffer {
  readonly classCode: string
  /** Free on the whole part. */
  readonly freeSeats: number
  readonly capacity: number
  /** Of all of them. */
  readonly priceMinor: number
  /** For all of them. */
  readonly enoughSeats: boolean
  /** What the whole party can have for less than in full; absent: nothing. */
  readonly cheapest?: CheapestView
}
export interface ConnectionOffer {
  readonly classCode: string
  /** Of all of them, for all legs. */
  readonly priceMinor: number
  /** On the leg with the fewest. */
  readonly freeSeats: number
  /** On each leg, for all of them. */
  readonly enoughSeats: boolean
  /** Each leg at the cheapest product that can be had; absent: in full. */
  readonly cheapestMinor?: number
}

/** What can be had in place of a journey in a class; each for the whole party. */
export interface AlternativesView {
  /** The run is under a draw: nobody buys a seat, or waits for one, until that is over. */
  readonly draw: JourneyDraw | undefined
  /** Whether one can wait for what is general there. */
  readonly waitingList: WaitingChance
  /** On the whole journey, in its class. */
  readonly freeSeats: number
  /** Why it is full: the segments with fewer free seats than wanted; none when only no seat is free all the way. */
  readonly fullSegments: readonly { readonly segment: number; readonly freeSeats: number }[]
  readonly otherClasses: readonly PartyClassOffer[]
  readonly otherDates: readonly DatedAlternative[]
  readonly otherStops: readonly LegView[]
  readonly splits: readonly SplitView[]
}
/** What waiting for seats would be like. */
export interface WaitingChance {
  /** `open`: the party may join; else why not. */
  readonly state: 'open' | 'notNeeded' | 'none' | 'closed' | 'full' | 'inDraw'
  /** How many bookings that want some of the same segments would be ahead of it. */
  readonly ahead: number
  /** Half a berth for each, to sit on, is free now for who would share; they may join with `shared`. */
  readonly shareFree: boolean
  /** When the list closes, or closed; 0: there is none. */
  readonly closesAtMs: number
}
export interface DatedAlternative {
  /** −3 to 3; 0: another train about the same time. */
  readonly daysLater: number
  /** With the class asked for alone. */
  readonly leg: LegView
}
/** Seats one after the other on the same run: to be held as the legs of a trip. */
export interface SplitView {
  readonly legs: readonly LegView[]
  readonly priceMinor: number
}
