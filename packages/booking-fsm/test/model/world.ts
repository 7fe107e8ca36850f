import type {
  BookingStatus,
  ChargebackView,
  Coach,
  DelayView,
  DisruptionView,
  DrawView,
  EffectKind,
  EnterDraw,
  FareByClass,
  FareLineView,
  FareProduct,
  IssueVoucher,
  JourneyChangeView,
  LedgerTotals,
  MemberRole,
  NoticeData,
  NoticeKind,
  OpenDraw,
  OverrideView,
  PaymentStatus,
  QuotaPool,
  Reason,
  RefundBand,
  Reply,
  RequestKey,
  SeatPreferences,
  SetAgentRule,
  SetCancellationRule,
  SetCompany,
  SetCompensationRule,
  SetFareProducts,
  SetGuestRule,
  SetOverbookingRule,
  SetSalesRule,
  SetSeatPromiseRule,
  SetSeatRule,
  SetTariff,
  SetWaitingRule,
  StationInput,
  TrainCalendar,
  TrainStop,
} from '../../src/index.ts'
import type { ModelTill } from './agent-commands.ts'
import type { ModelGuest } from './guest-commands.ts'

/**
 * The railway as plain lists: the slow, obvious second implementation of
 * docs/internals/booking-rules.md. Nothing in it is incremental, packed or shared with the machine;
 * every question is answered by going through the lists again.
 */
export interface World {
  index: number
  now: number
  featureLevel: number
  cluster: { clusterId: string; currency: string; holdMs: number; paymentWindowMs: number } | null
  fareRules: {
    validFromMs: number
    classes: readonly FareByClass[]
    tariff?: Omit<SetTariff, 'validFromMs'>
  }[]
  refundRules: ModelRefundRule[]
  salesRules: SetSalesRule[]
  productRules: SetFareProducts[]
  vouchers: ModelVoucher[]
  voucherUses: ModelVoucherUse[]
  guestRules: SetGuestRule[]
  agentRules: SetAgentRule[]
  customers: { bookingId: number; displayName: string; email: string }[]
  tills: ModelTill[]
  companies: (Omit<SetCompany, 'type'> & {
    owedMinor: number
    members: { accountId: number; role: MemberRole }[]
  })[]
  /** `draft` 0: on no invoice yet. */
  companyItems: { id: number; companyId: number; amount: number; tax: number; draft: number }[]
  /** `number` 0: being written. */
  invoices: {
    draft: number
    companyId: number
    last: number
    number: number
    due: number
    total: number
    tax: number
    paid: number
  }[]
  seatRules: Omit<SetSeatRule, 'type'>[]
  promiseRules: SetSeatPromiseRule[]
  overbookingRules: SetOverbookingRule[]
  blocks: {
    id: number
    trainId: number
    runId: number
    fromDate: number
    toDate: number
    seats: readonly number[]
    shared: boolean
  }[]
  quotas: {
    trainId: number
    runId: number
    fromDate: number
    classCode: string
    pools: readonly QuotaPool[]
  }[]
  accounts: ModelAccount[]
  secondFactorRules: { validFrom: number; roles: string[] }[]
  sessions: { tokenHash: string; accountId: number; expiresAt: number }[]
  stations: ModelStation[]
  trains: ModelTrain[]
  runs: ModelRun[]
  /** Those that are in the archive: nobody sees them any more. */
  archivedRuns: ModelRun[]
  imports: { id: number; open: boolean; gone: boolean }[]
  bookings: ModelBooking[]
  /** Those that are in the archive. */
  archived: ModelBooking[]
  payments: ModelPayment[]
  effects: ModelEffect[]
  tickets: ModelTicket[]
  /** Which number stands on which ticket: told by the machine, which alone makes them. */
  printed: { ticketNumber: string; bookingId: number; position: number; version: number }[]
  ticketKeys: { keyId: string; publicKey: string; withdrawn: boolean }[]
  nodes: { name: string; clientUrl: string; peerUrl: string; byOperator: boolean }[]
  ledger: { account: LedgerAccount; amount: number }[]
  requests: ModelRequest[]
  waitingRules: SetWaitingRule[]
  /** `offerAt`: when those who wait are looked at again; 0: at no known instant. */
  charts: { runId: number; closesAt: number; closed: boolean; offerAt: number }[]
  compensationRules: Omit<SetCompensationRule, 'type'>[]
  disruptions: ModelDisruption[]
  /** One for each stop of a run, in the order in which they were recorded last. */
  delays: ModelDelay[]
  delayPays: { bookingId: number; position: number; amount: number }[]
  overrides: OverrideView[]
  chargebacks: ChargebackView[]
  /** The bookings that a disruption hit, each by the latest one. */
  hits: {
    bookingId: number
    disruptionId: number
    outcome: 'open' | 'rebooked' | 'refunded' | 'unpaid' | 'kept'
  }[]
  changes: ModelChange[]
  reseatings: ModelReseating[]
  /** What was changed, by whom and of what. */
  audit: {
    index: number
    at: number
    actor: number
    action: string
    subject: string
    reason: string
  }[]
  /** So many lines of the ledger and things asked of the provider are of this entry. */
  moved: number
  draws: ModelDraw[]
  /** Whose turn it is just now. */
  drawing: ModelDraw | undefined
  noticesOn: boolean
  notices: ModelNotice[]
  muted: { accountId: number; kind: NoticeKind }[]
  /** Ids given out, gone or not. */
  given: { trains: number; runs: number; effects: number; offers: number; blocks: number }
}

export type ModelChange = Omit<JourneyChangeView, 'backMinor'> & {
  bookingId: number
  /** By position. */
  had: (readonly string[])[]
  backs: readonly number[]
}

export type LedgerAccount = keyof LedgerTotals

export interface ModelAccount {
  id: number
  email: string
  displayName: string
  passwordHash: string
  role: string
  closed: boolean
  erased: boolean
  /** Of a guest. */
  guest?: ModelGuest | undefined
  registeredAt?: number
  /** Bookings with names that are still to be erased. */
  toErase: number[]
  reset: { tokenHash: string; expiresAt: number } | undefined
  /** `used`: the latest step that counted. */
  factor:
    | {
        sealedSecret: string
        enabled: boolean
        used: number
        recovery: string[]
        askedBy: number
        askedAt: number
      }
    | undefined
  saved: {
    passengerId: number
    name: string
    passengerType: string
    birthDate: number
    document: string
  }[]
}
/** `importId` 0: visible. A station put again under an import waits beside the visible one. */
export interface ModelStation {
  importId: number
  input: StationInput
}
export interface ModelTrain {
  id: number
  importId: number
  number: string
  name: string
  stops: readonly TrainStop[]
  coaches: readonly Coach[]
  calendar: TrainCalendar | undefined
}
export interface ModelRun {
  id: number
  importId: number
  trainId: number
  serviceDate: number
  baseMs: number
  /** Set when it goes with other coaches than its train. */
  own?: { train: ModelTrain; changedAt: number }
}
export interface ModelDisruption {
  id: number
  kind: DisruptionView['kind']
  /** Where a cancelled run ends. */
  fromStop: number
  runId: number
  reason: Reason
  begunAt: number
  phase: DisruptionView['phase']
  cursor: number
  choiceUntil: number
  bookings: number
  moved: number
}
/** A run on its way to other coaches. */
export interface ModelReseating {
  disruptionId: number
  runId: number
  train: ModelTrain
  blocked: readonly number[]
  moved: boolean
  parties: ModelParty[]
}
export interface ModelParty {
  bookingId: number
  paid: boolean
  needs: boolean
  size: number
  /** Where it boards, while it has no seats yet; -1 when it has. */
  later: number
  /** It stays on halves of berths. */
  halves: boolean
  status: 'listed' | 'left' | 'seated' | 'lost'
  classCode: string
  seats: readonly number[]
  backs: readonly number[]
}
export type ModelDelay = DelayView
export interface ModelBooking {
  id: number
  accountId: number
  status: BookingStatus
  runId: number
  fromStop: number
  toStop: number
  classCode: string
  /** '': what is general. */
  pool: string
  /** Until it has seats. */
  wish: Pick<SeatPreferences, 'wished' | 'apart'> | undefined
  /** Undefined: the full fare. */
  product: ModelProduct | undefined
  passengers: ModelPassenger[]
  price: number
  refundRule: ModelRefundRule | undefined
  /** Its fares, by which other classes are compared. */
  fareRule: World['fareRules'][number] | undefined
  /** Of compensation for delays. */
  delayRule: World['compensationRules'][number] | undefined
  offer: ModelOffer | undefined
  /** Set for one that is to take another one's place, or has. */
  exchange: ModelExchange | undefined
  /** The first booking of its trip; 0: by itself. */
  trip: number
  heldAt: number
  /** A payment has moved its expiry. */
  prolonged: boolean
  waiting: { deadline: number; longestHold: number; options: ModelOption[] } | undefined
  /** By `extendHold`. */
  extended: boolean
  expiresAt: number
  confirmedAt: number
  cancelledAt: number
  refund: number
}
export interface ModelVoucher {
  id: number
  terms: Omit<IssueVoucher, 'type'>
  issuedBy: number
  issuedAt: number
  validTo: number
  expired: number
}
export interface ModelVoucherUse {
  /** The one that payments are for. */
  bookingId: number
  voucherId: number
  amount: number
  redeemed: boolean
  refunded: number
}
export interface ModelProduct {
  code: string
  of: FareProduct
  rule: SetFareProducts
  /** Its places are among those that were sold at it. */
  counts: boolean
}
/** Either kind: shares that are given back, or charges that are kept. */
export type ModelRefundRule =
  | { validFromMs: number; bands: readonly RefundBand[] }
  | Omit<SetCancellationRule, 'type'>
export interface ModelPassenger {
  name: string
  /** What else was said of them; 0 and '' where it was not. */
  said: { birthDate: number; document: string; contact: string }
  seat: number
  /** Of a berth that two share; undefined: the seat is theirs alone. */
  half: number | undefined
  type: string
  price: number
  lines: readonly FareLineView[]
  /** 0: travels, as far as the booking does. */
  cancelledAt: number
  refund: number
  tax: number
  /** What came back of the price without leaving, and the tax in it. */
  compensated: number
  compensatedTax: number
}
export interface ModelExchange {
  old: number
  parts: ModelTerms[]
  carried: number
  surplus: number
  confirmedAt: number
  undone: boolean
}
/** What a booking that waits may become. */
export interface ModelOption {
  runId: number
  fromStop: number
  toStop: number
  classCode: string
  /** By passenger. */
  lines: FareLineView[][]
  pool: string
  onlyPool: boolean
  shared: boolean
}
export interface ModelOffer {
  id: number
  expiresAt: number
  parts: ModelTerms[]
}
export interface ModelTerms {
  position: number
  refund: number
  charge: number
  tax: number
}
export interface ModelPayment {
  id: number
  bookingId: number
  token: string
  amount: number
  status: PaymentStatus
  reference: string
  refunded: number
  refundPending: boolean
  reason: string
  /** The agent's share, and what of it went back. */
  commission?: number
  commissionBack?: number
}
export interface ModelEffect {
  id: number
  key: string
  kind: EffectKind
  paymentId: number
  amount: number
  answered: boolean
}
export interface ModelDraw {
  id: number
  terms: Omit<OpenDraw, 'type'>
  seed: string
  status: DrawView['status']
  ordered: number
  entries: (Omit<EnterDraw, 'type' | 'drawId'> & {
    number: number
    accountId: number
    drawn: boolean
  })[]
}
/** One for each version: those before the last are void. */
export interface ModelTicket {
  bookingId: number
  position: number
  version: number
  issuedAt: number
  /** 0: valid. */
  voidedAt: number
  scan: { atMs: number; stop: number; deviceId: string; scanId: string } | undefined
}
export interface ModelNotice {
  id: number
  key: string
  kind: NoticeKind
  accountId: number
  bookingId: number
  data: NoticeData
  queuedAt: number
  gone: boolean
}
export interface ModelRequest {
  key: RequestKey
  /** Undefined: burned. */
  reply: Reply | undefined
  at: number
  forEver: boolean
}

export function emptyWorld(): World {
  return {
    index: 0,
    now: 0,
    cluster: null,
    featureLevel: 1,
    fareRules: [],
    refundRules: [],
    salesRules: [],
    productRules: [],
    vouchers: [],
    voucherUses: [],
    guestRules: [],
    agentRules: [],
    customers: [],
    tills: [],
    companies: [],
    companyItems: [],
    invoices: [],
    seatRules: [],
    promiseRules: [],
    overbookingRules: [],
    blocks: [],
    quotas: [],
    accounts: [],
    secondFactorRules: [],
    sessions: [],
    stations: [],
    trains: [],
    runs: [],
    archivedRuns: [],
    imports: [],
    bookings: [],
    archived: [],
    payments: [],
    effects: [],
    tickets: [],
    printed: [],
    ticketKeys: [],
    nodes: [],
    ledger: [],
    requests: [],
    waitingRules: [],
    charts: [],
    compensationRules: [],
    disruptions: [],
    delays: [],
    delayPays: [],
    overrides: [],
    chargebacks: [],
    hits: [],
    changes: [],
    reseatings: [],
    audit: [],
    moved: 0,
    draws: [],
    drawing: undefined,
    noticesOn: false,
    notices: [],
    muted: [],
    given: { trains: 0, runs: 0, effects: 0, offers: 0, blocks: 0 },
  }
}

export function isLive({ status }: ModelBooking): boolean {
  return status === 'held' || status === 'paying' || status === 'confirmed'
}

/** In memory or in the archive. */
export function everyBooking(world: World): ModelBooking[] {
  return [...world.bookings, ...world.archived]
}

/** The bookings that are paid together with it, itself among them. */
export function legsOf(world: World, booking: ModelBooking): ModelBooking[] {
  if (booking.trip === 0) return [booking]
  return everyBooking(world).filter((other) => other.trip === booking.trip)
}

export function bookingOf(world: World, id: number): ModelBooking {
  const isIt = (b: ModelBooking) => b.id === id
  const booking = world.bookings.find(isIt) ?? world.archived.find(isIt)
  if (booking === undefined) throw new Error(`no booking ${id}`)
  return booking
}

/** The bookings whose money is one: by exchanges that were confirmed, the first one first. */
export function chainOf(world: World, booking: ModelBooking): ModelBooking[] {
  const taken = everyBooking(world).filter((b) => (b.exchange?.confirmedAt ?? 0) > 0)
  if (taken.length === 0) return [bookingOf(world, payerOf(booking))]
  const family = new Set([payerOf(booking)])
  const old = (b: ModelBooking) => payerOf(bookingOf(world, b.exchange?.old ?? 0))
  // Until nobody belongs to it who was not in it before.
  for (let size = 0; size < family.size; ) {
    size = family.size
    for (const b of taken) if (family.has(b.id)) family.add(old(b))
    for (const b of taken) if (family.has(old(b))) family.add(b.id)
  }
  return [...family].sort((a, b) => a - b).map((id) => bookingOf(world, id))
}

/** The legs as they are travelled: each as what it was exchanged for. */
export function legsNow(world: World, booking: ModelBooking): ModelBooking[] {
  let first = booking
  while (first.exchange !== undefined && first.exchange.confirmedAt > 0) {
    first = bookingOf(world, first.exchange.old)
  }
  const now = (leg: ModelBooking): ModelBooking => {
    const next = everyBooking(world).find(
      (b) => b.exchange?.old === leg.id && b.exchange.confirmedAt > 0,
    )
    return next === undefined ? leg : now(next)
  }
  return legsOf(world, first).map(now)
}

/** What is to be paid for a booking, or the trip that it leads. */
export function dueFor(world: World, booking: ModelBooking): number {
  const total = (lines: readonly FareLineView[]) =>
    lines.reduce((sum, line) => sum + line.netMinor + line.taxMinor, 0)
  if (booking.status === 'waiting') {
    const options = booking.waiting?.options ?? []
    return Math.max(...options.map((it) => it.lines.reduce((sum, of) => sum + total(of), 0)))
  }
  const price = legsOf(world, booking).reduce((sum, leg) => sum + leg.price, 0)
  const voucher = world.voucherUses.find((it) => it.bookingId === booking.id)
  return price - (booking.exchange?.carried ?? 0) - (voucher?.amount ?? 0)
}

/** The booking that its payments are for. */
export function payerOf(booking: ModelBooking): number {
  return booking.trip === 0 ? booking.id : booking.trip
}

/** With the coaches that the run has. */
export function trainOf(world: World, run: ModelRun): ModelTrain {
  if (run.own !== undefined) return run.own.train
  const train = world.trains.find((t) => t.id === run.trainId)
  if (train === undefined) throw new Error(`run ${run.id} without a train`)
  return train
}

export function runOf(world: World, booking: ModelBooking): ModelRun {
  const isIt = (r: ModelRun) => r.id === booking.runId
  const run = world.runs.find(isIt) ?? world.archivedRuns.find(isIt)
  if (run === undefined) throw new Error(`booking ${booking.id} without a run`)
  return run
}

export function isCancelled(world: World, run: ModelRun): boolean {
  return world.disruptions.some((d) => d.kind === 'runCancelled' && d.runId === run.id)
}

/** Everybody on it is being seated anew: nothing of it is sold. */
export function isReseating(world: World, runId: number): boolean {
  return world.reseatings.some((it) => it.runId === runId && !it.moved)
}

/** With other coaches the numbers of the train say nothing. */
export function isOfRun(block: World['blocks'][number], run: ModelRun): boolean {
  if (block.runId !== 0) return block.runId === run.id
  return (
    run.own === undefined &&
    block.trainId === run.trainId &&
    run.serviceDate >= block.fromDate &&
    run.serviceDate <= block.toDate
  )
}

export function departureAt(world: World, run: ModelRun, stop: number): number {
  return run.baseMs + (trainOf(world, run).stops[stop]?.departureSeconds ?? 0) * 1_000
}

/** Its run does not go as far as it does. */
export function losesTrain(world: World, { runId, toStop }: ModelBooking): boolean {
  const by = world.disruptions.find((d) => d.runId === runId && d.kind === 'runCancelled')
  return by !== undefined && by.fromStop < toStop
}

export function arrivalAt(world: World, run: ModelRun, stop: number): number {
  return run.baseMs + (trainOf(world, run).stops[stop]?.arrivalSeconds ?? 0) * 1_000
}

/** The draw that has the run's seats. */
export function drawOf(world: World, runId: number): ModelDraw | undefined {
  return world.draws.find((draw) => isActive(draw) && draw.terms.runIds.includes(runId))
}

export function isActive(draw: ModelDraw): boolean {
  return draw.status !== 'done'
}
