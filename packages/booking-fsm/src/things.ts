/** The things that are rows. What is marked derived is rebuilt from the rows when they are loaded. */
import type {
  AccountRole,
  CancellationLine,
  ChoiceLimit,
  Coach,
  FareByClass,
  QuotaPool,
  Reason,
  RefundBand,
  Rounding,
  TrainCalendar,
  TrainStop,
} from './commands.ts'
import type { Queued } from './heap.ts'
import type { Layout } from './inventory/layout.ts'
import type { Inventory } from './inventory/occupancy.ts'
import type { Tariff } from './tariff.ts'
import type { BookingStatus, EffectKind, PaymentStatus } from './views.ts'

/** Each thing that is a row carries its row's hash (two signed words), so that a change costs one new hash. */
export interface Hashed {
  hashLow: number
  hashHigh: number
}
/** A new thing has no share in the state's hash yet. */
export const unhashed: Hashed = { hashLow: 0, hashHigh: 0 }
/** Shared by all that have none: a list of its own for each would weigh more than what is in it. */
export const none: readonly never[] = []

/** The one row that every entry writes: position, clock, counters, totals. */
export interface Meta extends Hashed {
  appliedIndex: number
  nowMs: number
  featureLevel: number
  /** '' until the cluster is founded. */
  clusterId: string
  pnrKey: readonly number[]
  currency: string
  holdMs: number
  paymentWindowMs: number
  nextAccountId: number
  nextStationId: number
  nextTrainId: number
  nextRunId: number
  nextImportId: number
  nextFareRuleId: number
  nextRefundRuleId: number
  nextBookingId: number
  nextPaymentId: number
  nextOutboxId: number
  nextLedgerLineId: number
  providerClearing: number
  fareRevenue: number
  refundsPayable: number
}

export interface Account extends Hashed {
  readonly accountId: number
  email: string
  displayName: string
  role: AccountRole
  passwordHash: string
  readonly registeredAtMs: number
  /** 0: nobody has closed it. */
  closedAtMs: number
  /** 0: it is somebody's. */
  erasedAtMs: number
  /** Derived: ascending. */
  readonly bookingIds: number[]
}

export interface Session extends Hashed, Queued {
  readonly tokenHash: string
  readonly accountId: number
  readonly openedAtMs: number
  readonly expiresAtMs: number
}

/** Who has the secret may set a password, once. */
export interface PasswordReset extends Hashed {
  readonly accountId: number
  readonly tokenHash: string
  readonly expiresAtMs: number
}

/** An erased account on whose bookings there are names yet. */
export interface Erasure extends Hashed {
  readonly accountId: number
  /** The first booking that may have one. */
  namesFrom: number
}

export interface Import extends Hashed {
  readonly importId: number
  readonly source: string
  readonly begunAtMs: number
  status: ImportStatus
  endedAtMs: number
  /** Derived: what stands under it, until it is committed or cleaned away. */
  readonly staged: Staged
}
export type ImportStatus = 'open' | 'committed' | 'aborting' | 'aborted'
export interface Staged {
  readonly stations: Set<Station>
  readonly trains: Set<Train>
  readonly runs: Set<Run>
  readonly changes: Map<number, StationChange>
}

export interface StationData {
  readonly name: string
  readonly aliases: readonly string[]
  readonly searchTerms: readonly string[]
  readonly latitudeE6: number
  readonly longitudeE6: number
  readonly timeZone: string
  /** '': in none. */
  readonly groupCode: string
  /** Undefined: the default. */
  readonly changeSeconds: number | undefined
  /** '': in none. */
  readonly zone: string
}
export interface Station extends Hashed {
  readonly stationId: number
  readonly code: string
  data: StationData
  /** The import it came with; 0 when it came by itself. */
  importId: number
  /** Derived: all search terms in one text, a line each. */
  haystack: string
  /** Derived: where trains call, by train. */
  readonly calls: Map<Train, number[]>
}
/** New data for a visible station, under an import that is still open. */
export interface StationChange extends Hashed {
  readonly importId: number
  readonly stationId: number
  data: StationData
}

/** A stop of a train; its station stands beside it in `stationIds`. */
export type StopTimes = Omit<TrainStop, 'stationCode'>

export interface Train extends Hashed {
  readonly trainId: number
  readonly number: string
  readonly name: string
  readonly stationIds: readonly number[]
  readonly stops: readonly StopTimes[]
  readonly coaches: readonly Coach[]
  calendar: TrainCalendar | undefined
  readonly importId: number
  /** Derived. */
  readonly layout: Layout
  /** Derived: sorted by (baseMs, runId), visible or not. */
  readonly runs: Run[]
  /** Derived: the dates of `runs`. */
  readonly serviceDates: Set<number>
}

export interface Run extends Hashed {
  readonly runId: number
  readonly train: Train
  readonly serviceDate: number
  readonly baseMs: number
  readonly importId: number
  /** Derived: the train's, or that of a consist of its own. */
  layout: Layout
  /** Derived from the disruptions: it does not go, and nothing of it is sold. */
  cancelled: boolean
  /** Derived, too: the stop where it ends when it is cancelled; 0: it does not go at all. */
  goesTo: number
  /** Derived from live bookings; undefined until the first one. */
  inventory: Inventory | undefined
}

export interface FareRule extends Hashed {
  readonly ruleId: number
  readonly validFromMs: number
  readonly classes: readonly FareByClass[]
  /** Set by `setTariff`: it says what is paid, and the classes above are empty. */
  readonly tariff: Tariff | undefined
  /** Derived: all stations, for fares between two of them. */
  readonly stations: ReadonlyMap<number, Station>
}
export interface RefundRule extends Hashed {
  readonly ruleId: number
  readonly validFromMs: number
  readonly bands: readonly RefundBand[]
  /** Set by `setCancellationRule`: it says what is kept, and the bands above are empty. */
  readonly charges: CancellationCharges | undefined
}
/** How seats are offered. */
export interface SeatRule extends Hashed {
  readonly ruleId: number
  readonly validFromMs: number
  readonly wheelchairReleaseMs: number
  readonly choiceLimits: readonly ChoiceLimit[]
}
export interface CancellationCharges {
  readonly offerMs: number
  readonly roundToMinor: number
  readonly rounding: Rounding
  readonly lines: readonly CancellationLine[]
}

export interface Booking extends Hashed, Queued {
  readonly bookingId: number
  /** Another one when who bought it as a guest takes it over. */
  accountId: number
  /** Run, stops and seats are others when the railway could not keep what it sold, or after a promotion. */
  run: Run
  fromStop: number
  toStop: number
  /** Another one after a promotion from the waiting list. */
  classCode: string
  /** By position; of who has left, what they had. None while it waits. */
  seats: readonly number[]
  readonly passengers: number
  /** As the row has it (`party.ts`), a list as JSON: read rarely, written with each change. */
  namesJson: string
  /** 0 when each passenger has fares of their own. */
  priceEachMinor: number
  readonly pnr: string
  status: BookingStatus
  readonly heldAtMs: number
  /** What the hold's reply said; `expiresAtMs` may be extended later. */
  readonly heldUntilMs: number
  expiresAtMs: number
  extended: boolean
  confirmedAtMs: number
  cancelledAtMs: number
  refundMinor: number
  readonly fareRuleId: number
  /** 0: none was in force. */
  readonly refundRuleId: number
  /** '' when the entry had no key. */
  readonly requestKey: string
  readonly contentHash: string
  readonly heldAtIndex: number
  /** Derived: oldest first. Those of a trip are with its first leg. */
  payments: readonly Payment[]
  /** Derived: passengers cancelled by themselves or by a rule of charges; `none` in most bookings. */
  cancelled: readonly CancelledPassenger[]
  /** Derived: the open offer of a refund. */
  offer: RefundOffer | undefined
  /** Derived: the trip that it is a leg of. */
  trip: Trip | undefined
}

/** Bookings with ids one after the other, held by one command. */
export interface Trip extends Hashed {
  readonly legs: readonly [Booking, ...Booking[]]
}

/** Seats off sale. */
export interface SeatBlock extends Hashed {
  readonly blockId: number
  readonly train: Train
  /** 0: each run between the dates. */
  readonly runId: number
  readonly fromDate: number
  readonly toDate: number
  readonly seats: readonly number[]
  readonly reason: Reason
  readonly accountId: number
  readonly atMs: number
  /** Each of them is for two who sit, until they have a berth of their own. */
  readonly shared: boolean
}

/** Places that are kept for some, on a run or on a train's runs from a date on. */
export interface Quota extends Hashed {
  readonly trainId: number
  /** 0: each run from the date on that has none of its own. */
  readonly runId: number
  readonly fromDate: number
  readonly classCode: string
  pools: readonly QuotaPool[]
}

/** The pool a booking has its places out of; most have none. */
export interface BookingPool extends Hashed {
  readonly bookingId: number
  readonly pool: string
}

export interface PassengerFare {
  readonly passengerType: string
  /** The fare first, then the supplements. */
  readonly lines: readonly FareLine[]
}
export interface FareLine {
  readonly code: string
  readonly netMinor: number
  readonly taxMinor: number
}

/** What the cancellation of one passenger gives back and costs; the three make up the fare. */
export interface RefundTerms {
  /** In the booking's passengers. */
  readonly position: number
  readonly refundMinor: number
  readonly chargeMinor: number
  /** On the charge. */
  readonly taxMinor: number
}

export interface CancelledPassenger extends Hashed {
  readonly bookingId: number
  readonly cancelledAtMs: number
  /** All zero when the fare turned out not to be paid. */
  terms: RefundTerms
}

export interface RefundOffer extends Hashed {
  readonly bookingId: number
  readonly offerId: number
  readonly expiresAtMs: number
  readonly terms: readonly RefundTerms[]
}

/** The one row of the audit chain that is state: what was recorded can not be changed any more. */
export interface AuditChain extends Hashed {
  /** Records so far. */
  count: number
  /** Of the last one. */
  link: string
}

/** A number that was not thought of when the row of `meta` was made. */
export interface Counter extends Hashed {
  readonly name: string
  value: number
}

export interface Payment extends Hashed {
  readonly paymentId: number
  readonly booking: Booking
  status: PaymentStatus
  /** Less than was reserved when a waiting booking became something cheaper. */
  amountMinor: number
  refundedMinor: number
  refundPending: boolean
  declineReason: string
  providerReference: string
  readonly paymentToken: string
  readonly startedAtMs: number
  /** What the reply said. */
  readonly startedUntilMs: number
  readonly requestKey: string
  readonly contentHash: string
  /** Derived: unanswered, oldest first. */
  effects: readonly Effect[]
}

export interface Effect extends Hashed {
  readonly outboxId: number
  readonly key: string
  readonly kind: EffectKind
  readonly payment: Payment
  readonly amountMinor: number
}

/** A reply kept for 24 h of log time. */
export interface Remembered extends Hashed {
  readonly requestKey: string
  readonly contentHash: string
  readonly replyJson: string
  readonly index: number
  readonly atMs: number
}
