/**
 * What the machine keeps in memory. What is marked derived is rebuilt from the rows by
 * `loadState`; the rest is the rows themselves. Callers treat a `BookingState` as opaque.
 */
import type {
  AccountRole,
  Coach,
  FareByClass,
  RefundBand,
  TrainCalendar,
  TrainStop,
} from './commands.ts'
import { createHeap, type Heap, type Queued } from './heap.ts'
import type { Layout } from './inventory/layout.ts'
import type { Inventory } from './inventory/occupancy.ts'
import type { BookingStatus, EffectKind, PaymentStatus } from './views.ts'

/** Each thing that is a row carries its row's hash, so that a change costs one new hash. */
export interface Hashed {
  hashLow: number
  hashHigh: number
}

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
  readonly email: string
  readonly displayName: string
  readonly role: AccountRole
  readonly passwordHash: string
  readonly registeredAtMs: number
  /** Derived: ascending. */
  readonly bookingIds: number[]
}

export interface Session extends Hashed, Queued {
  readonly tokenHash: string
  readonly accountId: number
  readonly openedAtMs: number
  readonly expiresAtMs: number
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
  readonly calendar: TrainCalendar | undefined
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
  /** Derived from live bookings; undefined until the first one. */
  inventory: Inventory | undefined
}

export interface FareRule extends Hashed {
  readonly ruleId: number
  readonly validFromMs: number
  readonly classes: readonly FareByClass[]
}
export interface RefundRule extends Hashed {
  readonly ruleId: number
  readonly validFromMs: number
  readonly bands: readonly RefundBand[]
}

export interface Booking extends Hashed, Queued {
  readonly bookingId: number
  readonly accountId: number
  readonly run: Run
  readonly fromStop: number
  readonly toStop: number
  readonly classCode: string
  readonly seats: readonly number[]
  readonly names: readonly string[]
  readonly priceEachMinor: number
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
  /** Derived: oldest first. */
  readonly payments: Payment[]
}

export interface Payment extends Hashed {
  readonly paymentId: number
  readonly booking: Booking
  status: PaymentStatus
  readonly amountMinor: number
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
  readonly effects: Effect[]
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

/** Opaque to callers: changed by `applyEntry` only, read through the package's queries. */
export interface BookingState {
  /** The sum of all row hashes, each lane modulo 2^32. */
  hashLow: number
  hashHigh: number
  readonly meta: Meta
  readonly accounts: Map<number, Account>
  readonly sessions: Map<string, Session>
  readonly imports: Map<number, Import>
  readonly stations: Map<number, Station>
  readonly trains: Map<number, Train>
  readonly runs: Map<number, Run>
  readonly fareRules: Map<number, FareRule>
  readonly refundRules: Map<number, RefundRule>
  readonly bookings: Map<number, Booking>
  readonly payments: Map<number, Payment>
  readonly effects: Map<number, Effect>
  // Derived from here on.
  readonly accountByEmail: Map<string, Account>
  readonly stationByCode: Map<string, Station>
  /** New stations of the open import. */
  readonly stagedStationByCode: Map<string, Station>
  /** The visible train added last under a number. */
  readonly trainByNumber: Map<string, Train>
  /** The train of the open import added last under a number. */
  readonly stagedTrainByNumber: Map<string, Train>
  openImport: Import | undefined
  /** Aborted imports that still have rows to clean away, oldest first. */
  readonly aborting: Import[]
  /** Sorted by (validFromMs, ruleId). */
  readonly fareRulesByTime: FareRule[]
  readonly refundRulesByTime: RefundRule[]
  /** What answers for a request, by its key. */
  readonly requests: Map<string, Booking | Payment | Remembered>
  /** Held and paying bookings by (expiresAtMs, id). */
  readonly holdQueue: Heap<Booking>
  readonly sessionQueue: Heap<Session>
  /** The replies that are kept, in log order, from `requestHead` on. */
  readonly requestQueue: Remembered[]
  requestHead: number
}

export function createState(): BookingState {
  return {
    hashLow: 0,
    hashHigh: 0,
    meta: createMeta(),
    accounts: new Map(),
    sessions: new Map(),
    imports: new Map(),
    stations: new Map(),
    trains: new Map(),
    runs: new Map(),
    fareRules: new Map(),
    refundRules: new Map(),
    bookings: new Map(),
    payments: new Map(),
    effects: new Map(),
    accountByEmail: new Map(),
    stationByCode: new Map(),
    stagedStationByCode: new Map(),
    trainByNumber: new Map(),
    stagedTrainByNumber: new Map(),
    openImport: undefined,
    aborting: [],
    fareRulesByTime: [],
    refundRulesByTime: [],
    requests: new Map(),
    holdQueue: createHeap((a, b) => a.expiresAtMs - b.expiresAtMs || a.bookingId - b.bookingId),
    sessionQueue: createHeap(
      (a, b) => a.expiresAtMs - b.expiresAtMs || (a.tokenHash < b.tokenHash ? -1 : 1),
    ),
    requestQueue: [],
    requestHead: 0,
  }
}

function createMeta(): Meta {
  return {
    hashLow: 0,
    hashHigh: 0,
    appliedIndex: 0,
    nowMs: 0,
    featureLevel: 1,
    clusterId: '',
    pnrKey: [0, 0, 0, 0],
    currency: '',
    holdMs: 0,
    paymentWindowMs: 0,
    nextAccountId: 1,
    nextStationId: 1,
    nextTrainId: 1,
    nextRunId: 1,
    nextImportId: 1,
    nextFareRuleId: 1,
    nextRefundRuleId: 1,
    nextBookingId: 1,
    nextPaymentId: 1,
    nextOutboxId: 1,
    nextLedgerLineId: 1,
    providerClearing: 0,
    fareRevenue: 0,
    refundsPayable: 0,
  }
}
