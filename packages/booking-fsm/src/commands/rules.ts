/** Rules as dated data. */

/** Fare = base + perKilometre × distance, by class, per passenger, rounded half up. Dated data. */
export interface SetFareRule {
  readonly type: 'setFareRule'
  /** The rule counts for holds made from this instant on. */
  readonly validFromMs: number
  readonly classes: readonly FareByClass[]
}

export interface FareByClass {
  readonly classCode: string
  readonly baseMinor: number
  /** Minor units per 1,000 km, so that cents per kilometre need no fraction. */
  readonly perThousandKilometresMinor: number
}

/**
 * Fares with everything that goes with them: a least distance, concessions, supplements, tax by line.
 * Dated data, in one series with `SetFareRule`: a booking keeps whichever was in force when it was held.
 *
 * A passenger's fare is (base + rate × the greater of distance and least distance, half up) × the share
 * of their type (half up), rounded to a multiple of `roundToMinor`; supplements are lines of their own,
 * rounded in the same way. Tax is added to each line, half up to one minor unit.
 */
export interface SetTariff {
  readonly type: 'setTariff'
  readonly validFromMs: number
  /** 1 to 1,000,000. */
  readonly roundToMinor: number
  readonly rounding: Rounding
  readonly classes: readonly TariffClass[]
  /** Who pays less; the full fare has no type. */
  readonly passengerTypes: readonly PassengerType[]
  readonly supplements: readonly Supplement[]
  /** Fares that do not follow the distance; absent: all do. */
  readonly fixedFares?: FixedFares | undefined
}

/**
 * A class's fare between two stations, or else between the zones of two stations, in place of the one by
 * distance. The order of the two does not matter; of several the first one counts.
 */
export interface FixedFares {
  /** Up to 1,000. */
  readonly pairs: readonly PairFare[]
  /** Up to 1,000. A station without a zone has no fare by zones. */
  readonly zones: readonly ZoneFare[]
}

export interface PairFare {
  readonly fromCode: string
  readonly toCode: string
  readonly classCode: string
  readonly amountMinor: number
}

export interface ZoneFare {
  readonly fromZone: string
  readonly toZone: string
  readonly classCode: string
  readonly amountMinor: number
}

export interface TariffClass extends FareByClass {
  /** A shorter journey pays for this distance: 0 to 40,000,000. */
  readonly minimumMetres: number
  readonly taxBasisPoints: number
}

export interface PassengerType {
  /** E.g. `child`, `senior`, `companion`, `card25`. */
  readonly code: string
  /** What is paid of the fare, 0 to 10,000. */
  readonly fareBasisPoints: number
  /** At most so many of them for each passenger of the party who pays in full; 0: no limit. */
  readonly perFullFare: number
}

export interface Supplement {
  /** The line's name; not `fare`. */
  readonly code: string
  /** For trains whose number begins so; '' for all. */
  readonly trainPrefix: string
  /** '' for every class. */
  readonly classCode: string
  readonly amountMinor: number
  readonly taxBasisPoints: number
  /** Concessions count for it too. */
  readonly reduced: boolean
}

/** The first band whose `untilBeforeDepartureMs` still lies ahead gives the share. Dated data. */
export interface SetRefundRule {
  readonly type: 'setRefundRule'
  readonly validFromMs: number
  /** Sorted by `untilBeforeDepartureMs` descending; behind the last band nothing is refunded. */
  readonly bands: readonly RefundBand[]
}

export interface RefundBand {
  /** The band ends this long before departure; 0 = until departure. */
  readonly untilBeforeDepartureMs: number
  /** Share of the price in basis points, 0 to 10,000; rounded half up. */
  readonly refundBasisPoints: number
}

/**
 * What a cancellation costs, by state, class and time, for each passenger: the greater of a flat sum
 * and a share of the fare, rounded, at most the fare, and tax on it. Dated data, in one series with
 * `SetRefundRule`: a booking keeps whichever of them was in force when it was held.
 */
export interface SetCancellationRule {
  readonly type: 'setCancellationRule'
  readonly validFromMs: number
  /** How long an offer of a refund holds, at most: 1,000 to 86,400,000. */
  readonly offerMs: number
  /** Each charge is rounded to a multiple of this, 1 to 1,000,000: 100 for whole rupees. */
  readonly roundToMinor: number
  /** Which multiple; tax is rounded half up to one minor unit, always. */
  readonly rounding: Rounding
  /** One line at most for a state and class. */
  readonly lines: readonly CancellationLine[]
}

export type Rounding = 'halfUp' | 'up' | 'down'

/** What a passenger has when the cancellation comes. */
export type TravelState = 'confirmed' | 'rac' | 'waiting'

export interface CancellationLine {
  readonly state: TravelState
  /** '' stands for every class without a line of its own. */
  readonly classCode: string
  /** Tax on the charge, 0 to 10,000; the charge and its tax are at most the fare. */
  readonly taxBasisPoints: number
  /** Sorted as in `SetRefundRule`; behind the last band the whole fare is kept. */
  readonly bands: readonly CancellationBand[]
  /** What another journey instead costs; absent: there is none. For what is confirmed alone. */
  readonly exchange?: ExchangeCharges | undefined
}

export interface ExchangeCharges {
  /** In the same way as above; behind the last band there is no exchange. */
  readonly bands: readonly CancellationBand[]
  /** What the old booking is worth beyond the new price goes back; else it is kept. */
  readonly surplusBack: boolean
}

export interface CancellationBand {
  /** The band ends this long before departure; 0 = until departure. */
  readonly untilBeforeDepartureMs: number
  /** At least this much per passenger. */
  readonly flatMinor: number
  /** Share of the passenger's fare, 0 to 10,000; rounded half up before the greater is taken. */
  readonly chargeBasisPoints: number
}
