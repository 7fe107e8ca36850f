/** Each kind of thing as its row: the values in the order of the table's columns. */

import type { AgentRule, Commission, Customer } from './agents/agent.ts'
import { stubPaymentValues, stubValues } from './archive/stub-rows.ts'
import type { Stub, StubEffect, StubPayment } from './archive/things.ts'
import type { CancellationBand, Coach } from './commands.ts'
import type { Company, CompanyItem, Invoice, Member } from './companies/company.ts'
import type { Party, Reseating, RunConsist } from './consist/things.ts'
import { delayPayValues, delayValues } from './disruption/delay-rows.ts'
import type { Delay, DelayPay } from './disruption/delay-things.ts'
import type {
  CompensationRule,
  Disrupted,
  Disruption,
  JourneyChange,
  Override,
} from './disruption/things.ts'
import type { Draw, DrawEntry } from './draws/draw.ts'
import type { Compensation, Exchange } from './exchange-things.ts'
import type { Guest, GuestRule } from './guests/guest.ts'
import { packSeating } from './inventory/seat-properties.ts'
import type { NodeAddress } from './nodes/node-address.ts'
import type { Notice, NoticePreference } from './notices.ts'
import type { SecondFactor, SecondFactorRule } from './people/second-factor.ts'
import type { PassengerDetails } from './products/passenger-data.ts'
import type { BookingProduct, FareProductRule } from './products/things.ts'
import type { Value } from './rows.ts'
import type { SalesRule } from './sales-rules.ts'
import type { SavedPassenger } from './saved-passengers.ts'
import type { OverbookingRule, SeatPromiseRule, SeatWish } from './seat-promise/things.ts'
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
  Hashed,
  Import,
  Meta,
  PasswordReset,
  Payment,
  Quota,
  RefundOffer,
  RefundRule,
  RefundTerms,
  Remembered,
  Run,
  SeatBlock,
  SeatRule,
  Session,
  Station,
  StationChange,
  StationData,
  Train,
  Trip,
} from './things.ts'
import type { Ticket, TicketKey } from './tickets/ticket.ts'
import type { Till } from './tills/till.ts'
import type { Voucher, VoucherUse } from './vouchers/things.ts'
import type { Chart, WaitingEntry, WaitingRule } from './waiting/things.ts'

/** What each table's row is made from. */
export interface Things {
  readonly meta: Meta
  readonly accounts: Account
  readonly sessions: Session
  readonly password_resets: PasswordReset
  readonly erasures: Erasure
  readonly saved_passengers: SavedPassenger
  readonly second_factors: SecondFactor
  readonly second_factor_rules: SecondFactorRule
  readonly guests: Guest
  readonly guest_rules: GuestRule
  readonly agent_rules: AgentRule
  readonly commissions: Commission
  readonly customers: Customer
  readonly tills: Till
  readonly companies: Company
  readonly company_members: Member
  readonly company_items: CompanyItem
  readonly invoices: Invoice
  readonly imports: Import
  readonly stations: Station
  readonly station_changes: StationChange
  readonly trains: Train
  readonly runs: Run
  readonly fare_rules: FareRule
  readonly refund_rules: RefundRule
  readonly compensation_rules: CompensationRule
  readonly disruptions: Disruption
  readonly overrides: Override
  readonly disrupted_bookings: Disrupted
  readonly journey_changes: JourneyChange
  readonly run_consists: RunConsist
  readonly reseatings: Reseating
  readonly reseated_parties: Party
  readonly delays: Delay
  readonly delay_compensations: DelayPay
  readonly sales_rules: SalesRule
  readonly vouchers: Voucher
  readonly voucher_uses: VoucherUse
  readonly passenger_details: PassengerDetails
  readonly fare_products: FareProductRule
  readonly booking_products: BookingProduct
  readonly seat_rules: SeatRule
  readonly seat_promise_rules: SeatPromiseRule
  readonly seat_wishes: SeatWish
  readonly overbooking_rules: OverbookingRule
  readonly seat_blocks: SeatBlock
  readonly quotas: Quota
  readonly booking_pools: BookingPool
  readonly bookings: Booking
  readonly payments: Payment
  readonly outbox: Effect | StubEffect
  readonly booking_stubs: Stub & Hashed
  readonly payment_stubs: StubPayment & Hashed
  readonly cancelled_passengers: CancelledPassenger
  readonly refund_offers: RefundOffer
  readonly trips: Trip
  readonly waiting_rules: WaitingRule
  readonly charts: Chart
  readonly waiting: WaitingEntry
  readonly exchanges: Exchange
  readonly compensations: Compensation
  readonly tickets: Ticket
  readonly ticket_keys: TicketKey
  readonly nodes: NodeAddress
  readonly counters: Counter
  readonly audit_head: AuditChain
  readonly notices: Notice
  readonly draws: Draw
  readonly draw_entries: DrawEntry
  readonly notice_preferences: NoticePreference
  readonly requests: Remembered
}
export type StateTable = keyof Things

export const rowValues: { readonly [T in StateTable]: (thing: Things[T]) => Value[] } = {
  meta: metaValues,
  accounts: (it) => [
    it.accountId,
    it.email,
    it.displayName,
    it.role,
    it.passwordHash,
    it.registeredAtMs,
    it.closedAtMs || null,
    it.erasedAtMs || null,
  ],
  second_factors: (it) => [
    it.accountId,
    it.sealedSecret,
    it.enabledAtMs,
    it.lastStep,
    JSON.stringify(it.recovery),
    it.resetAskedBy,
    it.resetAskedAtMs,
  ],
  second_factor_rules: (it) => [it.ruleId, it.validFromMs, JSON.stringify(it.roles)],
  sessions: (it) => [it.tokenHash, it.accountId, it.openedAtMs, it.expiresAtMs],
  saved_passengers: (it) => [
    it.accountId,
    it.passengerId,
    it.name,
    it.passengerType,
    it.birthDate,
    it.document,
  ],
  erasures: (it) => [it.accountId, it.namesFrom],
  password_resets: (it) => [it.accountId, it.tokenHash, it.expiresAtMs],
  guests: (it) => [it.accountId, it.linkHash, it.linkUntilMs, it.lookAtMs],
  guest_rules: (it) => [it.ruleId, it.validFromMs, it.maxHolds, it.retentionMs],
  agent_rules: (it) => [
    it.ruleId,
    it.validFromMs,
    it.accountId,
    it.maxOpenHolds,
    it.commissionBasisPoints,
  ],
  commissions: (it) => [it.paymentId, it.accountId, it.earnedMinor, it.backMinor],
  customers: (it) => [it.bookingId, it.displayName, it.email],
  tills: (it) => [it.accountId, it.tillId, it.openedAtMs, it.floatMinor, it.cashMinor],
  companies: (it) => [
    it.companyId,
    it.name,
    it.taxId,
    it.address,
    it.creditLimitMinor,
    it.paymentTermMs,
    it.owedMinor,
  ],
  company_members: (it) => [it.companyId, it.accountId, it.role],
  company_items: (it) => [
    it.itemId,
    it.companyId,
    it.paymentId,
    it.bookingId,
    it.amountMinor,
    it.taxMinor,
    it.atMs,
  ],
  invoices: (it) => [
    it.draftId,
    it.companyId,
    it.lastItemId,
    it.invoiceId,
    it.dueAtMs,
    it.lines,
    it.totalMinor,
    it.taxMinor,
    it.paidMinor,
  ],
  imports: (it) => [it.importId, it.source, it.status, it.begunAtMs, it.endedAtMs],
  stations: (it) => [
    it.stationId,
    it.code,
    ...stationData(it.data),
    it.importId || null,
    ...laterStationData(it.data),
  ],
  station_changes: (it) => [
    it.importId,
    it.stationId,
    ...stationData(it.data),
    ...laterStationData(it.data),
  ],
  trains: (it) => [
    it.trainId,
    it.number,
    it.name,
    JSON.stringify(packedStops(it)),
    packedCoaches(it.coaches),
    it.calendar === undefined ? null : JSON.stringify(packedCalendar(it.calendar)),
    it.importId || null,
  ],
  runs: (it) => [it.runId, it.train.trainId, it.serviceDate, it.baseMs, it.importId || null],
  fare_rules: (it) => [
    it.ruleId,
    it.validFromMs,
    JSON.stringify(
      it.tariff ?? it.classes.map((c) => [c.classCode, c.baseMinor, c.perThousandKilometresMinor]),
    ),
  ],
  refund_rules: (it) => [it.ruleId, it.validFromMs, JSON.stringify(packedRefunds(it))],
  seat_blocks: (it) => [
    it.blockId,
    it.train.trainId,
    it.runId,
    it.fromDate,
    it.toDate,
    it.seats.join(','),
    it.reason,
    it.accountId,
    it.atMs,
    it.shared ? 1 : null,
  ],
  quotas: (it) => [
    it.trainId,
    it.runId,
    it.fromDate,
    it.classCode,
    JSON.stringify(
      it.pools.map((of) => [
        of.code,
        of.capacity,
        of.roles,
        of.passengerTypes,
        of.releaseBeforeDepartureMs,
      ]),
    ),
  ],
  vouchers: (it) => [
    it.voucherId,
    it.codeHash,
    it.amountMinor,
    it.basisPoints,
    it.maximumMinor,
    it.minimumMinor,
    it.validFromMs,
    it.validToMs,
    it.once ? 1 : 0,
    it.accountId,
    it.reason,
    it.issuedBy,
    it.issuedAtMs,
    it.expiredMinor,
  ],
  voucher_uses: (it) => [
    it.bookingId,
    it.voucher.voucherId,
    it.amountMinor,
    it.refundedMinor,
    it.status,
  ],
  fare_products: (it) => [
    it.ruleId,
    it.validFromMs,
    JSON.stringify(it.products),
    JSON.stringify(it.requires),
  ],
  passenger_details: (it) => [it.bookingId, it.position, it.birthDate, it.document, it.contact],
  booking_products: (it) => [it.bookingId, it.ruleId, it.code, it.counts ? 1 : 0],
  booking_pools: (it) => [it.bookingId, it.pool],
  compensation_rules: (it) => [
    it.ruleId,
    it.validFromMs,
    it.choiceMs,
    it.rebookMs,
    it.minimumMinor,
    it.maximumMinor,
    JSON.stringify(it.bands.map((band) => [band.fromMinutes, band.basisPoints])),
    it.fromBookingId,
  ],
  disruptions: (it) => [
    it.disruptionId,
    it.kind,
    it.runId,
    it.reason,
    it.begunAtMs,
    it.phase,
    it.cursor,
    it.choiceUntilMs,
    it.bookings,
    it.fromStop,
    it.moved,
  ],
  overrides: (it) => [
    it.overrideId,
    it.bookingId,
    it.passengers.join(','),
    it.amountMinor,
    it.reason,
    it.note,
    it.askedBy,
    it.askedAtMs,
    it.status,
    it.decidedBy,
    it.decidedAtMs,
  ],
  disrupted_bookings: (it) => [it.bookingId, it.disruptionId, it.outcome],
  journey_changes: (it) => [
    it.bookingId,
    it.changeId,
    it.atMs,
    it.kind,
    it.reason,
    it.runId,
    it.fromStop,
    it.toStop,
    it.classCode,
    it.seats.join(','),
    JSON.stringify(it.places),
    it.had.join(','),
    it.lost.join(','),
    it.backs.join(','),
  ],
  run_consists: (it) => [it.runId, it.changedAtMs, packedCoaches(it.coaches)],
  reseatings: (it) => [
    it.disruptionId,
    it.runId,
    packedCoaches(it.coaches),
    it.blockedSeats.join(','),
    it.accountId,
  ],
  reseated_parties: (it) => [
    it.bookingId,
    it.disruptionId,
    it.rank,
    it.status,
    it.classCode,
    it.seats.join(','),
    it.backs.join(','),
  ],
  delays: delayValues,
  delay_compensations: delayPayValues,
  sales_rules: (it) => [it.ruleId, it.validFromMs, JSON.stringify(it.terms)],
  seat_rules: (it) => [
    it.ruleId,
    it.validFromMs,
    it.wheelchairReleaseMs,
    JSON.stringify(
      it.choiceLimits.map((of) => [of.classCode, of.fromLoadBasisPoints, of.offeredBasisPoints]),
    ),
  ],
  seat_promise_rules: (it) => [
    it.ruleId,
    it.validFromMs,
    it.chartBeforeDepartureMs,
    JSON.stringify(it.lines.map((of) => [of.trainNumber, of.classCode, of.promised])),
  ],
  overbooking_rules: (it) => [
    it.ruleId,
    it.validFromMs,
    JSON.stringify(it.lines.map((of) => [of.trainNumber, of.classCode, of.basisPoints])),
  ],
  seat_wishes: (it) => [it.bookingId, it.wished, it.apart ? 1 : 0],
  bookings: bookingValues,
  payments: (it) => [
    it.paymentId,
    it.booking.bookingId,
    it.status,
    it.amountMinor,
    it.refundedMinor,
    it.refundPending ? 1 : 0,
    it.declineReason,
    it.providerReference,
    it.paymentToken,
    it.startedAtMs,
    it.startedUntilMs,
    it.requestKey || null,
    it.contentHash || null,
  ],
  outbox: (it) => [it.outboxId, it.key, it.kind, it.payment.paymentId, it.amountMinor],
  booking_stubs: stubValues,
  payment_stubs: stubPaymentValues,
  cancelled_passengers: ({ bookingId, cancelledAtMs, terms }) => [
    bookingId,
    terms.position,
    cancelledAtMs,
    terms.refundMinor,
    terms.chargeMinor,
    terms.taxMinor,
  ],
  refund_offers: (it) => [it.bookingId, it.offerId, it.expiresAtMs, packedTerms(it.terms)],
  trips: ({ legs }) => [legs[0].bookingId, legs[0].bookingId + legs.length - 1],
  waiting_rules: (it) => [
    it.ruleId,
    it.validFromMs,
    it.capBasisPoints,
    it.chartBeforeDepartureMs,
    it.promotedHoldMs,
  ],
  charts: (it) => [it.run.runId, it.closesAtMs, it.closedAtMs, it.offering.atMs],
  waiting: (it) => [
    it.booking.bookingId,
    it.priority,
    it.ruleId,
    it.deadlineMs,
    JSON.stringify(
      it.options.map((option) => [
        option.run.runId,
        option.fromStop,
        option.toStop,
        option.classCode,
        option.priceEachMinor,
        option.namesJson,
        option.pool,
        option.onlyPool ? 1 : 0,
        ...(option.shared ? [1] : []),
      ]),
    ),
  ],
  exchanges: (it) => [
    it.bookingId,
    it.oldBookingId,
    packedTerms(it.terms),
    it.carriedMinor,
    it.surplusMinor,
    it.confirmedAtMs,
    it.undone ? 1 : 0,
  ],
  compensations: (it) => [
    it.bookingId,
    it.position,
    it.amountMinor,
    it.taxMinor,
    it.lastAtMs,
    it.reason,
  ],
  tickets: (it) => [
    it.bookingId,
    it.position,
    it.version,
    it.issuedAtMs,
    it.voidedAtMs,
    it.scan?.atMs ?? null,
    it.scan?.stop ?? null,
    it.scan?.deviceId ?? null,
    it.scan?.scanId ?? null,
  ],
  ticket_keys: (it) => [it.keyId, it.publicKey, it.registeredAtMs, it.withdrawnAtMs],
  nodes: (it) => [it.name, it.clientUrl, it.peerUrl, it.byOperator],
  counters: (it) => [it.name, it.value],
  audit_head: (it) => [1, it.count, it.link],
  notices: (it) => [
    it.noticeId,
    it.key,
    it.kind,
    it.accountId,
    it.bookingId,
    it.dataJson,
    it.queuedAtMs,
  ],
  draws: (it) => [
    it.drawId,
    JSON.stringify(it.runIds),
    it.windowFromMs,
    it.windowToMs,
    it.revealByMs,
    it.holdMs,
    it.seedCommitment,
    it.seed,
    it.status,
    it.entered,
    it.digest,
    it.ordered,
    it.drawn,
  ],
  draw_entries: (it) => [
    it.drawId,
    it.number,
    it.accountId,
    JSON.stringify(it.wishes.map((w) => [w.runId, w.fromStop, w.toStop, w.classCode])),
    JSON.stringify(it.passengers.map((p) => [p.name, p.passengerType])),
    it.salt,
    it.enteredAtMs,
  ],
  notice_preferences: (it) => [it.accountId, JSON.stringify(it.muted)],
  requests: (it) => [it.requestKey, it.contentHash, it.replyJson, it.index, it.atMs],
}

function metaValues(it: Meta): Value[] {
  return [
    1,
    it.appliedIndex,
    it.nowMs,
    it.featureLevel,
    it.clusterId,
    it.pnrKey.join(','),
    it.currency,
    it.holdMs,
    it.paymentWindowMs,
    it.nextAccountId,
    it.nextStationId,
    it.nextTrainId,
    it.nextRunId,
    it.nextImportId,
    it.nextFareRuleId,
    it.nextRefundRuleId,
    it.nextBookingId,
    it.nextPaymentId,
    it.nextOutboxId,
    it.nextLedgerLineId,
    it.providerClearing,
    it.fareRevenue,
    it.refundsPayable,
  ]
}

function bookingValues(it: Booking): Value[] {
  return [
    it.bookingId,
    it.accountId,
    it.run.runId,
    it.fromStop,
    it.toStop,
    it.classCode,
    it.seats.join(','),
    it.namesJson,
    it.priceEachMinor,
    it.pnr,
    it.status,
    it.heldAtMs,
    it.heldUntilMs,
    it.expiresAtMs,
    it.extended ? 1 : 0,
    it.confirmedAtMs,
    it.cancelledAtMs,
    it.refundMinor,
    it.fareRuleId,
    it.refundRuleId || null,
    it.requestKey || null,
    it.contentHash || null,
    it.heldAtIndex,
  ]
}

function packedTerms(terms: readonly RefundTerms[]): string {
  return JSON.stringify(terms.map((t) => [t.position, t.refundMinor, t.chargeMinor, t.taxMinor]))
}

function stationData(data: StationData): Value[] {
  return [
    data.name,
    JSON.stringify(data.aliases),
    JSON.stringify(data.searchTerms),
    data.latitudeE6,
    data.longitudeE6,
    data.timeZone,
  ]
}

/** The columns that came later. */
function laterStationData({ groupCode, changeSeconds, zone }: StationData): Value[] {
  return [groupCode || null, changeSeconds ?? null, zone || null]
}

/** Station, arrival, departure, distance, 1 for boarding and 2 for alighting. */
function packedStops(train: Train): number[][] {
  return train.stops.map((stop, position) => [
    train.stationIds[position] ?? 0,
    stop.arrivalSeconds,
    stop.departureSeconds,
    stop.distanceMetres,
    (stop.boarding ? 1 : 0) + (stop.alighting ? 2 : 0),
  ])
}

function packedCoaches(coaches: readonly Coach[]): string {
  return JSON.stringify(coaches.map(packedCoach))
}

/** What is special about it is there only when it is special. */
function packedCoach({ label, classCode, rows, columns, seating }: Coach): unknown[] {
  const plain = [label, classCode, rows, columns]
  return seating === undefined ? plain : [...plain, packSeating(seating)]
}

/** A list of bands, or an object when the rule is one of charges. */
function packedRefunds({ bands, charges }: RefundRule): unknown {
  if (charges === undefined)
    return bands.map((b) => [b.untilBeforeDepartureMs, b.refundBasisPoints])
  const { offerMs, roundToMinor, rounding, lines } = charges
  const packed = lines.map((line) => {
    const { state, classCode, taxBasisPoints, exchange } = line
    const plain = [state, classCode, taxBasisPoints, packedBands(line.bands)]
    if (exchange === undefined) return plain
    return [...plain, [packedBands(exchange.bands), exchange.surplusBack]]
  })
  return { offerMs, roundToMinor, rounding, lines: packed }
}

function packedBands(bands: readonly CancellationBand[]): number[][] {
  return bands.map((b) => [b.untilBeforeDepartureMs, b.flatMinor, b.chargeBasisPoints])
}

/** With the exceptions behind, where there are any. */
function packedCalendar(calendar: NonNullable<Train['calendar']>): unknown[] {
  const { weekdays, fromDate, toDate, timeZone, exceptions } = calendar
  const packed = [weekdays, fromDate, toDate, timeZone]
  return exceptions === undefined
    ? packed
    : [...packed, exceptions.addedDates, exceptions.removedDates]
}
