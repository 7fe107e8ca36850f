/**
 * What the machine keeps in memory. What is marked derived is rebuilt from the rows by
 * `loadState`; the rest is the rows themselves. Callers treat a `BookingState` as opaque.
 */

import type { AgentRule, Commission, Customer } from './agents/agent.ts'
import { Archive } from './archive/archive.ts'
import { AUDIT_START } from './audit/chain.ts'
import type { Chargeback } from './chargebacks/things.ts'
import type { Company, CompanyItem, Invoice } from './companies/company.ts'
import { type ConsistState, createConsistState } from './consist/things.ts'
import { createDisruptionState, type DisruptionState } from './disruption/things.ts'
import type { Draw } from './draws/draw.ts'
import type { Compensation, Exchange } from './exchange-things.ts'
import type { Guest, GuestRule } from './guests/guest.ts'
import { createHeap, type Heap } from './heap.ts'
import type { NodeAddress } from './nodes/node-address.ts'
import type { Notice, NoticePreference } from './notices.ts'
import type { SecondFactor, SecondFactorRule } from './people/second-factor.ts'
import type { PassengerDetails } from './products/passenger-data.ts'
import type { BookingProduct, FareProductRule } from './products/things.ts'
import { RequestMemory } from './request-memory.ts'
import type { SalesRule } from './sales-rules.ts'
import type { SavedPassenger } from './saved-passengers.ts'
import { Departures } from './search/departures.ts'
import type { OverbookingRule, SeatPromiseRule, SeatWish } from './seat-promise/things.ts'
import { Shelf } from './shelf/shelf.ts'
import type {
  Account,
  AuditChain,
  Booking,
  BookingPool,
  CancelledPassenger,
  Counter,
  Effect,
  Erasure,
  FareRule,
  Import,
  Meta,
  PasswordReset,
  Payment,
  Quota,
  RefundOffer,
  RefundRule,
  Remembered,
  Run,
  SeatBlock,
  SeatRule,
  Session,
  Station,
  Train,
} from './things.ts'
import type { Ticket, TicketKey } from './tickets/ticket.ts'
import type { Till } from './tills/till.ts'
import type { Voucher, VoucherUse } from './vouchers/things.ts'
import type { Chart, Offering, WaitingEntry, WaitingRule } from './waiting/things.ts'

/** Opaque to callers: changed by `applyEntry` only, read through the package's queries. */
export interface BookingState {
  /** The sum of all row hashes, each lane modulo 2^32. */
  hashLow: number
  hashHigh: number
  readonly meta: Meta
  readonly accounts: Map<number, Account>
  readonly sessions: Map<string, Session>
  /** By account. */
  readonly savedPassengers: Map<number, readonly SavedPassenger[]>
  /** By account. */
  readonly passwordResets: Map<number, PasswordReset>
  /** By account. */
  readonly guests: Map<number, Guest>
  /** By payment. */
  readonly commissions: Map<number, Commission>
  /** By booking; of a trip by its first leg. */
  readonly customers: Map<number, Customer>
  /** Open ones, by account. */
  readonly tills: Map<number, Till>
  /** By account. */
  readonly secondFactors: Map<number, SecondFactor>
  /** All of them: sorted by (validFromMs, ruleId). */
  readonly secondFactorRules: SecondFactorRule[]
  readonly companies: Map<number, Company>
  /** On no invoice yet; in the order of their ids. */
  readonly companyItems: Map<number, CompanyItem>
  /** Being written, or not paid; in the order of their drafts. */
  readonly invoices: Map<number, Invoice>
  readonly imports: Map<number, Import>
  readonly stations: Map<number, Station>
  readonly trains: Map<number, Train>
  readonly runs: Map<number, Run>
  readonly fareRules: Map<number, FareRule>
  readonly refundRules: Map<number, RefundRule>
  /** With their payments. */
  readonly bookings: Shelf
  /** Who has left a booking, by its id. */
  readonly cancelled: Map<number, readonly CancelledPassenger[]>
  /** The open offer of a booking, by its id. */
  readonly offers: Map<number, RefundOffer>
  /** By the booking's id. */
  readonly bookingPools: Map<number, BookingPool>
  /** By the booking's id; of the full fare there is none. */
  readonly bookingProducts: Map<number, BookingProduct>
  /** Sorted by (validFromMs, ruleId); these are all there are. */
  readonly fareProducts: FareProductRule[]
  /** By the booking's id; of most nothing was said. */
  readonly passengerDetails: Map<number, readonly PassengerDetails[]>
  readonly vouchers: Map<number, Voucher>
  /** By the booking's id, of a trip its first leg's. */
  readonly voucherUses: Map<number, VoucherUse>
  /** By reference. */
  readonly chargebacks: Map<string, Chargeback>
  /** Derived: by payment, what banks have taken back and not given again. */
  readonly chargedBack: Map<number, number>
  readonly blocks: Map<number, SeatBlock>
  /** By the train's id: those of its runs, too. */
  readonly quotas: Map<number, Quota[]>
  /** By the new booking's id. */
  readonly exchanges: Map<number, Exchange>
  /** What passengers had back without leaving, by booking. */
  readonly compensations: Map<number, readonly Compensation[]>
  readonly effects: Map<number, Effect>
  /** What stays of bookings that are archived. */
  readonly archive: Archive
  /** The tickets of a booking's passengers, by its id. */
  readonly tickets: Map<number, readonly Ticket[]>
  readonly ticketKeys: Map<string, TicketKey>
  /** Where the cluster's nodes are reached, by their names. */
  readonly nodes: Map<string, NodeAddress>
  readonly counters: Map<string, Counter>
  readonly waitingRules: Map<number, WaitingRule>
  /** When the lists of runs close, by the run's id. */
  readonly charts: Map<number, Chart>
  /** By the booking's id, until it has seats. */
  readonly seatWishes: Map<number, SeatWish>
  /** Who waits, by the booking's id. */
  readonly waiting: Map<number, WaitingEntry>
  readonly disruption: DisruptionState
  readonly consist: ConsistState
  readonly audit: AuditChain
  /** To be sent; in the order of their ids. */
  readonly notices: Map<number, Notice>
  /** By account: what it does not want to be told. */
  readonly noticePreferences: Map<number, NoticePreference>
  readonly draws: Map<number, Draw>
  // Derived from here on.
  /** Those that are not done, oldest first. */
  readonly activeDraws: Set<Draw>
  /** By run: the draw that has its seats. */
  readonly runsInDraws: Map<number, Draw>
  /** The draw whose turn it is while an entry is worked on; undefined between entries. */
  drawing: Draw | undefined
  readonly sessionsOf: Map<number, Set<Session>>
  /** By account. */
  readonly erasures: Erasure[]
  /** The last one of a booking, by the old booking's id. */
  readonly exchangeOfOld: Map<number, Exchange>
  readonly voucherByHash: Map<string, Voucher>
  /** Those of which something is left, by (validToMs, id). */
  readonly voucherQueue: Heap<Voucher>
  readonly accountByEmail: Map<string, Account>
  readonly stationByCode: Map<string, Station>
  /** New stations of the open import. */
  readonly stagedStationByCode: Map<string, Station>
  /** The visible train added last under a number. */
  readonly trainByNumber: Map<string, Train>
  /** The train of the open import added last under a number. */
  readonly stagedTrainByNumber: Map<string, Train>
  openImport: Import | undefined
  /** When trains leave, for searching. */
  readonly departures: Departures
  /** The stations of a group, visible or not, by the group's code. */
  readonly membersOf: Map<string, Set<Station>>
  /** Aborted imports that still have rows to clean away, oldest first. */
  readonly aborting: Import[]
  /** Sorted by (validFromMs, ruleId). */
  readonly fareRulesByTime: FareRule[]
  readonly refundRulesByTime: RefundRule[]
  /** Sorted the same way; these are all there are. */
  readonly salesRules: SalesRule[]
  /** All of them: sorted by (validFromMs, ruleId). */
  readonly seatRulesByTime: SeatRule[]
  readonly seatPromiseRules: SeatPromiseRule[]
  readonly overbookingRules: OverbookingRule[]
  /** Runs whose chart is closed and on which somebody has no seat yet; those parties, the first one last, once they are known. */
  readonly seating: Map<Run, number[] | undefined>
  /** What answers for a request, by its key; bookings that are packed answer through `bookings`. */
  readonly requests: Map<string, Booking | Payment | Remembered>
  /** Held and paying bookings by (expiresAtMs, id). */
  readonly holdQueue: Heap<Booking>
  readonly sessionQueue: Heap<Session>
  /** By (lookAtMs, account). */
  readonly guestQueue: Heap<Guest>
  /** All of them: sorted by (validFromMs, ruleId). */
  readonly guestRules: GuestRule[]
  /** All of them: sorted by (validFromMs, ruleId). */
  readonly agentRules: AgentRule[]
  /** Sorted by (validFromMs, ruleId). */
  readonly waitingRulesByTime: WaitingRule[]
  /** Who waits for a run whose list is open, by the run's id; none is empty. */
  readonly waitingOnRun: Map<number, Set<WaitingEntry>>
  /** Those who wait by (deadlineMs, booking's id). */
  readonly waitingQueue: Heap<WaitingEntry>
  /** Open lists whose places are offered again at an instant, by (atMs, run's id). */
  readonly offerQueue: Heap<Offering>
  /** Open lists by (closesAtMs, run's id). */
  readonly chartQueue: Heap<Chart>
  /** The replies that are kept, in log order. */
  readonly remembered: RequestMemory
}

export function createState(): BookingState {
  const meta = createMeta()
  const runs = new Map<number, Run>()
  const cancelled = new Map<number, readonly CancelledPassenger[]>()
  const offers = new Map<number, RefundOffer>()
  return {
    hashLow: 0,
    hashHigh: 0,
    meta,
    accounts: new Map(),
    sessions: new Map(),
    savedPassengers: new Map(),
    passwordResets: new Map(),
    secondFactors: new Map(),
    secondFactorRules: [],
    guests: new Map(),
    commissions: new Map(),
    customers: new Map(),
    tills: new Map(),
    companies: new Map(),
    companyItems: new Map(),
    invoices: new Map(),
    imports: new Map(),
    stations: new Map(),
    trains: new Map(),
    runs,
    fareRules: new Map(),
    refundRules: new Map(),
    bookings: new Shelf(meta, runs, cancelled, offers),
    cancelled,
    offers,
    bookingPools: new Map(),
    bookingProducts: new Map(),
    fareProducts: [],
    passengerDetails: new Map(),
    vouchers: new Map(),
    voucherUses: new Map(),
    chargebacks: new Map(),
    chargedBack: new Map(),
    blocks: new Map(),
    quotas: new Map(),
    exchanges: new Map(),
    compensations: new Map(),
    effects: new Map(),
    archive: new Archive(),
    tickets: new Map(),
    ticketKeys: new Map(),
    nodes: new Map(),
    counters: new Map(),
    waitingRules: new Map(),
    charts: new Map(),
    seatWishes: new Map(),
    waiting: new Map(),
    exchangeOfOld: new Map(),
    disruption: createDisruptionState(),
    consist: createConsistState(),
    audit: { hashLow: 0, hashHigh: 0, ...AUDIT_START },
    notices: new Map(),
    noticePreferences: new Map(),
    draws: new Map(),
    activeDraws: new Set(),
    runsInDraws: new Map(),
    drawing: undefined,
    sessionsOf: new Map(),
    erasures: [],
    voucherByHash: new Map(),
    voucherQueue: createHeap((a, b) => a.validToMs - b.validToMs || a.voucherId - b.voucherId),
    accountByEmail: new Map(),
    stationByCode: new Map(),
    stagedStationByCode: new Map(),
    trainByNumber: new Map(),
    stagedTrainByNumber: new Map(),
    openImport: undefined,
    departures: new Departures(),
    membersOf: new Map(),
    aborting: [],
    fareRulesByTime: [],
    refundRulesByTime: [],
    salesRules: [],
    seatRulesByTime: [],
    seatPromiseRules: [],
    overbookingRules: [],
    seating: new Map(),
    requests: new Map(),
    holdQueue: createHeap((a, b) => a.expiresAtMs - b.expiresAtMs || a.bookingId - b.bookingId),
    sessionQueue: createHeap(
      (a, b) => a.expiresAtMs - b.expiresAtMs || (a.tokenHash < b.tokenHash ? -1 : 1),
    ),
    guestQueue: createHeap((a, b) => a.lookAtMs - b.lookAtMs || a.accountId - b.accountId),
    guestRules: [],
    agentRules: [],
    waitingRulesByTime: [],
    waitingOnRun: new Map(),
    waitingQueue: createHeap(
      (a, b) => a.deadlineMs - b.deadlineMs || a.booking.bookingId - b.booking.bookingId,
    ),
    chartQueue: createHeap((a, b) => a.closesAtMs - b.closesAtMs || a.run.runId - b.run.runId),
    offerQueue: createHeap((a, b) => a.atMs - b.atMs || a.run.runId - b.run.runId),
    remembered: new RequestMemory(),
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
