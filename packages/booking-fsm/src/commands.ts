/**
 * The commands of the railway: what stands in the replicated log.
 *
 * A command is settled at the door: text is normalised, secrets are hashed, local times are resolved
 * to UTC instants, so that `applyEntry` needs no clock, no randomness, no locale and no time-zone
 * database. Ids of new things are made by `applyEntry` from counters in the state. All numbers are
 * safe integers: money in minor units, distance in metres, instants in milliseconds since 1970 UTC.
 */

/** One committed log entry as the state machine sees it. */
export interface Entry {
  /** Position in the log; strictly increasing from entry to entry. */
  readonly index: number
  /** The leader's stamp. The state's clock is the maximum of all stamps seen. */
  readonly timestampMs: number
  /** Who asks: an account's id, or 0 for the cluster itself (its leader's own work). */
  readonly actor: number
  /** Makes the command idempotent; absent for the cluster's own entries. */
  readonly key: RequestKey | undefined
  readonly command: Command
}

/** Names one request of one caller. Same key and same content: same reply, no change. */
export interface RequestKey {
  /** `a:ID` for an account, `c:ID` for an anonymous client, `p:ID` for a payment provider's events. */
  readonly principal: string
  /** The method's name, e.g. `HoldSeats`. */
  readonly method: string
  /** Made by the client, 128 random bits as text; at most 64 characters. */
  readonly requestId: string
  /** Hash of the client's request, made at the door: hexadecimal. */
  readonly contentHash: string
}

export type Command =
  | FoundCluster
  | SetFareRule
  | SetTariff
  | SetRefundRule
  | SetCancellationRule
  | RegisterAccount
  | OpenSession
  | CloseSession
  | PutStations
  | AddTrain
  | AddRuns
  | BeginImport
  | CommitImport
  | AbortImport
  | HoldSeats
  | HoldTrip
  | ReleaseHold
  | StartPayment
  | RecordOutcome
  | CancelBooking
  | OfferRefund
  | AcceptRefund
  | PayRefund
  | Tick
  | ResolveRequest

/** The first command of a cluster: what every later rule needs. Refused when founded already. */
export interface FoundCluster {
  readonly type: 'foundCluster'
  /** 32 hexadecimal digits; part of every outbox key. */
  readonly clusterId: string
  /** Four secret 32-bit words: the key of the PNR permutation. */
  readonly pnrKey: readonly number[]
  /** ISO 4217, e.g. `EUR`; one currency per cluster today. */
  readonly currency: string
  /** How long a hold lasts, e.g. 600,000. */
  readonly holdMs: number
  /** What a hold is extended to at least, once, when payment starts. */
  readonly paymentWindowMs: number
}

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
}
export interface CancellationBand {
  /** The band ends this long before departure; 0 = until departure. */
  readonly untilBeforeDepartureMs: number
  /** At least this much per passenger. */
  readonly flatMinor: number
  /** Share of the passenger's fare, 0 to 10,000; rounded half up before the greater is taken. */
  readonly chargeBasisPoints: number
}

export type AccountRole = 'passenger' | 'staff' | 'operator'

export interface RegisterAccount {
  readonly type: 'registerAccount'
  /** Normalised at the door (trimmed, lower case); unique. */
  readonly email: string
  readonly displayName: string
  /** A self-describing password hash, never a password. */
  readonly passwordHash: string
  /** Any other role than `passenger` needs an operator or the cluster as actor. */
  readonly role: AccountRole
}

export interface OpenSession {
  readonly type: 'openSession'
  readonly accountId: number
  /** SHA-256 of the token, hexadecimal. The token itself never reaches the log. */
  readonly tokenHash: string
  readonly ttlMs: number
}

export interface CloseSession {
  readonly type: 'closeSession'
  readonly tokenHash: string
}

/** Adds stations, or replaces those with the same code. Staff, operator or cluster. */
export interface PutStations {
  readonly type: 'putStations'
  /** Set when they belong to an import that is not on sale yet. */
  readonly importId: number | undefined
  readonly stations: readonly StationInput[]
}
export interface StationInput {
  /** Unique; at most 64 characters. */
  readonly code: string
  readonly name: string
  readonly aliases: readonly string[]
  /** Normalised spellings (lower case, no accents) of name, aliases and code, to search by. */
  readonly searchTerms: readonly string[]
  readonly latitudeE6: number
  readonly longitudeE6: number
  /** IANA name, for display only. */
  readonly timeZone: string
}

export interface AddTrain {
  readonly type: 'addTrain'
  readonly importId: number | undefined
  /** The train's public number, e.g. `IC 204`. */
  readonly number: string
  readonly name: string
  /** In order; 2 to 121. */
  readonly stops: readonly TrainStop[]
  readonly coaches: readonly Coach[]
  /** Days on which the cluster opens runs by itself; absent for trains opened by hand or import. */
  readonly calendar: TrainCalendar | undefined
}
export interface TrainStop {
  readonly stationCode: string
  /** Seconds since "noon minus 12 h" of the service day (GTFS); may exceed 86,400. */
  readonly arrivalSeconds: number
  readonly departureSeconds: number
  /** From the train's first stop; never decreasing. */
  readonly distanceMetres: number
  readonly boarding: boolean
  readonly alighting: boolean
}
export interface Coach {
  /** What is painted on it, e.g. `7`. Unique in the train. */
  readonly label: string
  readonly classCode: string
  /** Rows and letters: seat `rc` stands for row 1… and a letter of `columns`; `columns` like `AB-CD`, `-` is the aisle. */
  readonly rows: number
  readonly columns: string
}
export interface TrainCalendar {
  /** Bit 0 = Monday … bit 6 = Sunday. */
  readonly weekdays: number
  /** Service dates as yyyymmdd, inclusive. */
  readonly fromDate: number
  readonly toDate: number
  /** IANA zone in which the train's times are meant; resolved at the door when runs are opened. */
  readonly timeZone: string
}

/** Opens runs of a train. A date that the train already runs on is skipped, not an error. */
export interface AddRuns {
  readonly type: 'addRuns'
  readonly importId: number | undefined
  /** By id, or 0 with `trainNumber` naming the train added last under that number (in the same import, if one is given). */
  readonly trainId: number
  readonly trainNumber: string
  readonly runs: readonly RunInput[]
}
export interface RunInput {
  /** yyyymmdd. */
  readonly serviceDate: number
  /** The UTC instant of "noon minus 12 h" of the service day in the train's zone. */
  readonly baseMs: number
}

/** Bulk work staged over entries: nothing under `importId` is visible before `commitImport`. */
export interface BeginImport {
  readonly type: 'beginImport'
  /** What is imported, for the record, e.g. a file's name and hash. */
  readonly source: string
}
export interface CommitImport {
  readonly type: 'commitImport'
  readonly importId: number
}
export interface AbortImport {
  readonly type: 'abortImport'
  readonly importId: number
}

/** Holds seats for 1 to 6 passengers of one class on one run, all or none. */
export interface HoldSeats {
  readonly type: 'holdSeats'
  readonly runId: number
  /** Positions in the run's stops: 0 ≤ from < to. The half-open interval [from, to) of segments. */
  readonly fromStop: number
  readonly toStop: number
  readonly classCode: string
  readonly passengers: readonly PassengerInput[]
  /** Explicit choice, one per passenger; empty: the best fit is chosen. */
  readonly seats: readonly number[]
}
/**
 * Holds seats for the same passengers on several legs, all or none: there and back, or with changes.
 * Each leg is a booking; they are paid together, by one payment, and expire together.
 */
export interface HoldTrip {
  readonly type: 'holdTrip'
  /** 1 to 6; those on one run do not overlap. */
  readonly legs: readonly LegInput[]
  readonly passengers: readonly PassengerInput[]
}
export interface LegInput {
  readonly runId: number
  readonly fromStop: number
  readonly toStop: number
  readonly classCode: string
  /** As in `HoldSeats`. */
  readonly seats: readonly number[]
}
export interface PassengerInput {
  readonly name: string
  /** A type of the tariff in force; absent or '': the full fare. */
  readonly passengerType?: string | undefined
}

export interface ReleaseHold {
  readonly type: 'releaseHold'
  readonly bookingId: number
}

/** Logs the intent to pay, extends the hold once and queues the authorisation. */
export interface StartPayment {
  readonly type: 'startPayment'
  readonly bookingId: number
  /** The provider's token for a card. Never a card number. */
  readonly paymentToken: string
  /** The price the passenger has seen; refused when it is not the booking's. */
  readonly amountMinor: number
}

/** What the provider answered to an outbox effect: from the leader's worker or a webhook. Counts once. */
export interface RecordOutcome {
  readonly type: 'recordOutcome'
  readonly outboxId: number
  readonly outcome: Outcome
}
export type Outcome =
  /** The effect was done: authorised, captured, voided or refunded. */
  | { readonly type: 'done'; readonly providerReference: string }
  /** Definitely not done, and never will be under this key. */
  | { readonly type: 'refused'; readonly reason: string }

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

/** Sends off what is owed for a booking: refunds put off, and those the provider has refused. */
export interface PayRefund {
  readonly type: 'payRefund'
  readonly bookingId: number
}

/** Only moves the clock: proposed when something expires and nothing else comes. */
export interface Tick {
  readonly type: 'tick'
}

/** Settles an unknown outcome: gives the earlier reply, or burns the key so that it never happens. */
export interface ResolveRequest {
  readonly type: 'resolveRequest'
  readonly key: RequestKey
}
