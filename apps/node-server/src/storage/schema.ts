/**
 * The database of a node: booking-fsm's tables, column for column (a test compares them), and one of
 * the node's own. Columns stand in the order of the rows' values. Change it, then run
 * `pnpm --filter @quorail/node-server database:generate` and commit the migration.
 */
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { archived } from './archived-table.ts'
import {
  companies,
  companyItems,
  companyMembers,
  invoiceLines,
  invoicePayments,
  invoices,
  issuedInvoices,
} from './company-schema.ts'
import { reseatedParties, reseatings, runConsists } from './consist-tables.ts'
import {
  agentRules,
  commissions,
  customers,
  guestRules,
  guests,
  tillCounts,
  tills,
} from './sellers-schema.ts'

export * from './company-schema.ts'
export * from './consist-tables.ts'
export * from './sellers-schema.ts'

import { delayCompensations, delays } from './delay-schema.ts'
import { nodes } from './node-schema.ts'

export { delayCompensations, delays, nodes }

export const meta = sqliteTable('meta', {
  metaId: integer('meta_id').primaryKey(),
  appliedIndex: integer('applied_index').notNull(),
  nowMs: integer('now_ms').notNull(),
  featureLevel: integer('feature_level').notNull(),
  clusterId: text('cluster_id').notNull(),
  pnrKey: text('pnr_key').notNull(),
  currency: text('currency').notNull(),
  holdMs: integer('hold_ms').notNull(),
  paymentWindowMs: integer('payment_window_ms').notNull(),
  nextAccountId: integer('next_account_id').notNull(),
  nextStationId: integer('next_station_id').notNull(),
  nextTrainId: integer('next_train_id').notNull(),
  nextRunId: integer('next_run_id').notNull(),
  nextImportId: integer('next_import_id').notNull(),
  nextFareRuleId: integer('next_fare_rule_id').notNull(),
  nextRefundRuleId: integer('next_refund_rule_id').notNull(),
  nextBookingId: integer('next_booking_id').notNull(),
  nextPaymentId: integer('next_payment_id').notNull(),
  nextOutboxId: integer('next_outbox_id').notNull(),
  nextLedgerLineId: integer('next_ledger_line_id').notNull(),
  providerClearingMinor: integer('provider_clearing_minor').notNull(),
  fareRevenueMinor: integer('fare_revenue_minor').notNull(),
  refundsPayableMinor: integer('refunds_payable_minor').notNull(),
})

export const accounts = sqliteTable(
  'accounts',
  {
    accountId: integer('account_id').primaryKey(),
    email: text('email').notNull(),
    displayName: text('display_name').notNull(),
    role: text('role').notNull(),
    passwordHash: text('password_hash').notNull(),
    registeredAtMs: integer('registered_at_ms').notNull(),
    closedAtMs: integer('closed_at_ms'),
    erasedAtMs: integer('erased_at_ms'),
  },
  (table) => [index('accounts_by_email').on(table.email), index('accounts_by_role').on(table.role)],
)

export const sessions = sqliteTable(
  'sessions',
  {
    tokenHash: text('token_hash').primaryKey(),
    accountId: integer('account_id').notNull(),
    openedAtMs: integer('opened_at_ms').notNull(),
    expiresAtMs: integer('expires_at_ms').notNull(),
  },
  (table) => [index('sessions_by_account_id').on(table.accountId)],
)

export const savedPassengers = sqliteTable(
  'saved_passengers',
  {
    accountId: integer('account_id').notNull(),
    passengerId: integer('passenger_id').notNull(),
    name: text('name').notNull(),
    passengerType: text('passenger_type').notNull(),
    birthDate: integer('birth_date').notNull(),
    document: text('document').notNull(),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.passengerId] })],
)

export const erasures = sqliteTable('erasures', {
  accountId: integer('account_id').primaryKey(),
  namesFrom: integer('names_from').notNull(),
})

export const passwordResets = sqliteTable('password_resets', {
  accountId: integer('account_id').primaryKey(),
  tokenHash: text('token_hash').notNull(),
  expiresAtMs: integer('expires_at_ms').notNull(),
})

export const secondFactors = sqliteTable('second_factors', {
  accountId: integer('account_id').primaryKey(),
  sealedSecret: text('sealed_secret').notNull(),
  enabledAtMs: integer('enabled_at_ms').notNull(),
  lastStep: integer('last_step').notNull(),
  recovery: text('recovery').notNull(),
  resetAskedBy: integer('reset_asked_by').notNull(),
  resetAskedAtMs: integer('reset_asked_at_ms').notNull(),
})

export const secondFactorRules = sqliteTable('second_factor_rules', {
  secondFactorRuleId: integer('second_factor_rule_id').primaryKey(),
  validFromMs: integer('valid_from_ms').notNull(),
  roles: text('roles').notNull(),
})

export const imports = sqliteTable('imports', {
  importId: integer('import_id').primaryKey(),
  source: text('source').notNull(),
  status: text('status').notNull(),
  begunAtMs: integer('begun_at_ms').notNull(),
  endedAtMs: integer('ended_at_ms').notNull(),
})

export const stations = sqliteTable(
  'stations',
  {
    stationId: integer('station_id').primaryKey(),
    code: text('code').notNull(),
    name: text('name').notNull(),
    aliases: text('aliases').notNull(),
    searchTerms: text('search_terms').notNull(),
    latitudeE6: integer('latitude_e6').notNull(),
    longitudeE6: integer('longitude_e6').notNull(),
    timeZone: text('time_zone').notNull(),
    importId: integer('import_id'),
    groupCode: text('group_code'),
    changeSeconds: integer('change_seconds'),
    zone: text('zone'),
  },
  (table) => [index('stations_by_code').on(table.code)],
)

export const stationChanges = sqliteTable(
  'station_changes',
  {
    importId: integer('import_id').notNull(),
    stationId: integer('station_id').notNull(),
    name: text('name').notNull(),
    aliases: text('aliases').notNull(),
    searchTerms: text('search_terms').notNull(),
    latitudeE6: integer('latitude_e6').notNull(),
    longitudeE6: integer('longitude_e6').notNull(),
    timeZone: text('time_zone').notNull(),
    groupCode: text('group_code'),
    changeSeconds: integer('change_seconds'),
    zone: text('zone'),
  },
  (table) => [primaryKey({ columns: [table.importId, table.stationId] })],
)

export const trains = sqliteTable(
  'trains',
  {
    trainId: integer('train_id').primaryKey(),
    number: text('number').notNull(),
    name: text('name').notNull(),
    stops: text('stops').notNull(),
    coaches: text('coaches').notNull(),
    calendar: text('calendar'),
    importId: integer('import_id'),
  },
  (table) => [index('trains_by_number').on(table.number)],
)

export const runs = sqliteTable(
  'runs',
  {
    runId: integer('run_id').primaryKey(),
    trainId: integer('train_id').notNull(),
    serviceDate: integer('service_date').notNull(),
    baseMs: integer('base_ms').notNull(),
    importId: integer('import_id'),
  },
  (table) => [
    index('runs_by_train_id').on(table.trainId),
    index('runs_by_base_ms').on(table.baseMs),
  ],
)

export const fareRules = sqliteTable('fare_rules', {
  fareRuleId: integer('fare_rule_id').primaryKey(),
  validFromMs: integer('valid_from_ms').notNull(),
  classes: text('classes').notNull(),
})

export const refundRules = sqliteTable('refund_rules', {
  refundRuleId: integer('refund_rule_id').primaryKey(),
  validFromMs: integer('valid_from_ms').notNull(),
  bands: text('bands').notNull(),
})

export const salesRules = sqliteTable('sales_rules', {
  salesRuleId: integer('sales_rule_id').primaryKey(),
  validFromMs: integer('valid_from_ms').notNull(),
  terms: text('terms').notNull(),
})

export const seatBlocks = sqliteTable(
  'seat_blocks',
  {
    blockId: integer('block_id').primaryKey(),
    trainId: integer('train_id').notNull(),
    runId: integer('run_id').notNull(),
    fromDate: integer('from_date').notNull(),
    toDate: integer('to_date').notNull(),
    seats: text('seats').notNull(),
    reason: text('reason').notNull(),
    accountId: integer('account_id').notNull(),
    atMs: integer('at_ms').notNull(),
    shared: integer('shared'),
  },
  (table) => [index('seat_blocks_by_train_id').on(table.trainId)],
)

export const quotas = sqliteTable(
  'quotas',
  {
    trainId: integer('train_id').notNull(),
    runId: integer('run_id').notNull(),
    fromDate: integer('from_date').notNull(),
    classCode: text('class_code').notNull(),
    pools: text('pools').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.trainId, table.runId, table.fromDate, table.classCode] }),
  ],
)

export const bookingPools = sqliteTable('booking_pools', {
  bookingId: integer('booking_id').primaryKey(),
  pool: text('pool').notNull(),
})

export const fareProducts = sqliteTable('fare_products', {
  fareProductRuleId: integer('fare_product_rule_id').primaryKey(),
  validFromMs: integer('valid_from_ms').notNull(),
  products: text('products').notNull(),
  requires: text('requires').notNull(),
})

export const passengerDetails = sqliteTable(
  'passenger_details',
  {
    bookingId: integer('booking_id').notNull(),
    position: integer('position').notNull(),
    birthDate: integer('birth_date').notNull(),
    document: text('document').notNull(),
    contact: text('contact').notNull(),
  },
  (table) => [primaryKey({ columns: [table.bookingId, table.position] })],
)

export const bookingProducts = sqliteTable('booking_products', {
  bookingId: integer('booking_id').primaryKey(),
  fareProductRuleId: integer('fare_product_rule_id').notNull(),
  code: text('code').notNull(),
  counts: integer('counts').notNull(),
})

export const vouchers = sqliteTable(
  'vouchers',
  {
    voucherId: integer('voucher_id').primaryKey(),
    codeHash: text('code_hash').notNull(),
    amountMinor: integer('amount_minor').notNull(),
    basisPoints: integer('basis_points').notNull(),
    maximumMinor: integer('maximum_minor').notNull(),
    minimumMinor: integer('minimum_minor').notNull(),
    validFromMs: integer('valid_from_ms').notNull(),
    validToMs: integer('valid_to_ms').notNull(),
    once: integer('once').notNull(),
    accountId: integer('account_id').notNull(),
    reason: text('reason').notNull(),
    issuedBy: integer('issued_by').notNull(),
    issuedAtMs: integer('issued_at_ms').notNull(),
    expiredMinor: integer('expired_minor').notNull(),
  },
  (table) => [index('vouchers_account_id').on(table.accountId)],
)

export const voucherUses = sqliteTable(
  'voucher_uses',
  {
    bookingId: integer('booking_id').primaryKey(),
    voucherId: integer('voucher_id').notNull(),
    amountMinor: integer('amount_minor').notNull(),
    refundedMinor: integer('refunded_minor').notNull(),
    status: text('status').notNull(),
  },
  (table) => [index('voucher_uses_voucher_id').on(table.voucherId)],
)

export const seatRules = sqliteTable('seat_rules', {
  seatRuleId: integer('seat_rule_id').primaryKey(),
  validFromMs: integer('valid_from_ms').notNull(),
  wheelchairReleaseMs: integer('wheelchair_release_ms').notNull(),
  choiceLimits: text('choice_limits').notNull(),
})

export const seatPromiseRules = sqliteTable('seat_promise_rules', {
  seatPromiseRuleId: integer('seat_promise_rule_id').primaryKey(),
  validFromMs: integer('valid_from_ms').notNull(),
  chartBeforeMs: integer('chart_before_ms').notNull(),
  lines: text('lines').notNull(),
})

export const overbookingRules = sqliteTable('overbooking_rules', {
  overbookingRuleId: integer('overbooking_rule_id').primaryKey(),
  validFromMs: integer('valid_from_ms').notNull(),
  lines: text('lines').notNull(),
})

export const seatWishes = sqliteTable('seat_wishes', {
  bookingId: integer('booking_id').primaryKey(),
  wished: integer('wished').notNull(),
  apart: integer('apart').notNull(),
})

export const auditHead = sqliteTable('audit_head', {
  auditHeadId: integer('audit_head_id').primaryKey(),
  recordCount: integer('record_count').notNull(),
  link: text('link').notNull(),
})

export const bookings = sqliteTable(
  'bookings',
  {
    bookingId: integer('booking_id').primaryKey(),
    accountId: integer('account_id').notNull(),
    runId: integer('run_id').notNull(),
    fromStop: integer('from_stop').notNull(),
    toStop: integer('to_stop').notNull(),
    classCode: text('class_code').notNull(),
    seats: text('seats').notNull(),
    names: text('names').notNull(),
    priceEachMinor: integer('price_each_minor').notNull(),
    pnr: text('pnr').notNull(),
    status: text('status').notNull(),
    heldAtMs: integer('held_at_ms').notNull(),
    heldUntilMs: integer('held_until_ms').notNull(),
    expiresAtMs: integer('expires_at_ms').notNull(),
    extended: integer('extended').notNull(),
    confirmedAtMs: integer('confirmed_at_ms').notNull(),
    cancelledAtMs: integer('cancelled_at_ms').notNull(),
    refundMinor: integer('refund_minor').notNull(),
    fareRuleId: integer('fare_rule_id').notNull(),
    refundRuleId: integer('refund_rule_id'),
    requestKey: text('request_key'),
    contentHash: text('content_hash'),
    heldAtIndex: integer('held_at_index').notNull(),
  },
  (table) => [
    index('bookings_by_account_id').on(table.accountId),
    index('bookings_by_run_id').on(table.runId),
    index('bookings_by_pnr').on(table.pnr),
  ],
)

export const payments = sqliteTable(
  'payments',
  {
    paymentId: integer('payment_id').primaryKey(),
    bookingId: integer('booking_id').notNull(),
    status: text('status').notNull(),
    amountMinor: integer('amount_minor').notNull(),
    refundedMinor: integer('refunded_minor').notNull(),
    refundPending: integer('refund_pending').notNull(),
    declineReason: text('decline_reason').notNull(),
    providerReference: text('provider_reference').notNull(),
    paymentToken: text('payment_token').notNull(),
    startedAtMs: integer('started_at_ms').notNull(),
    startedUntilMs: integer('started_until_ms').notNull(),
    requestKey: text('request_key'),
    contentHash: text('content_hash'),
  },
  (table) => [index('payments_by_booking_id').on(table.bookingId)],
)

export const outbox = sqliteTable('outbox', {
  outboxId: integer('outbox_id').primaryKey(),
  effectKey: text('effect_key').notNull(),
  kind: text('kind').notNull(),
  paymentId: integer('payment_id').notNull(),
  amountMinor: integer('amount_minor').notNull(),
})

export const compensationRules = sqliteTable('compensation_rules', {
  compensationRuleId: integer('compensation_rule_id').primaryKey(),
  validFromMs: integer('valid_from_ms').notNull(),
  choiceMs: integer('choice_ms').notNull(),
  rebookMs: integer('rebook_ms').notNull(),
  minimumMinor: integer('minimum_minor').notNull(),
  maximumMinor: integer('maximum_minor').notNull(),
  bands: text('bands').notNull(),
  fromBookingId: integer('from_booking_id').notNull(),
})

export const disruptions = sqliteTable(
  'disruptions',
  {
    disruptionId: integer('disruption_id').primaryKey(),
    kind: text('kind').notNull(),
    runId: integer('run_id').notNull(),
    reason: text('reason').notNull(),
    begunAtMs: integer('begun_at_ms').notNull(),
    phase: text('phase').notNull(),
    cursor: integer('cursor').notNull(),
    choiceUntilMs: integer('choice_until_ms').notNull(),
    bookings: integer('bookings').notNull(),
    fromStop: integer('from_stop').notNull(),
    moved: integer('moved').notNull(),
  },
  (table) => [index('disruptions_run_id').on(table.runId)],
)

export const overrides = sqliteTable(
  'overrides',
  {
    overrideId: integer('override_id').primaryKey(),
    bookingId: integer('booking_id').notNull(),
    passengers: text('passengers').notNull(),
    amountMinor: integer('amount_minor').notNull(),
    reason: text('reason').notNull(),
    note: text('note').notNull(),
    askedBy: integer('asked_by').notNull(),
    askedAtMs: integer('asked_at_ms').notNull(),
    status: text('status').notNull(),
    decidedBy: integer('decided_by').notNull(),
    decidedAtMs: integer('decided_at_ms').notNull(),
  },
  (table) => [index('overrides_booking_id').on(table.bookingId)],
)

export const disruptedBookings = sqliteTable(
  'disrupted_bookings',
  {
    bookingId: integer('booking_id').primaryKey(),
    disruptionId: integer('disruption_id').notNull(),
    outcome: text('outcome').notNull(),
  },
  (table) => [index('disrupted_bookings_disruption_id').on(table.disruptionId)],
)

export const journeyChanges = sqliteTable(
  'journey_changes',
  {
    bookingId: integer('booking_id').notNull(),
    changeId: integer('change_id').notNull(),
    atMs: integer('at_ms').notNull(),
    kind: text('kind').notNull(),
    reason: text('reason').notNull(),
    runId: integer('run_id').notNull(),
    fromStop: integer('from_stop').notNull(),
    toStop: integer('to_stop').notNull(),
    classCode: text('class_code').notNull(),
    seats: text('seats').notNull(),
    places: text('places').notNull(),
    had: text('had').notNull(),
    lost: text('lost').notNull(),
    backs: text('backs').notNull(),
  },
  (table) => [primaryKey({ columns: [table.bookingId, table.changeId] })],
)

export const cancelledPassengers = sqliteTable(
  'cancelled_passengers',
  {
    bookingId: integer('booking_id').notNull(),
    position: integer('position').notNull(),
    cancelledAtMs: integer('cancelled_at_ms').notNull(),
    refundMinor: integer('refund_minor').notNull(),
    chargeMinor: integer('charge_minor').notNull(),
    taxMinor: integer('tax_minor').notNull(),
  },
  (table) => [primaryKey({ columns: [table.bookingId, table.position] })],
)

export const refundOffers = sqliteTable('refund_offers', {
  bookingId: integer('booking_id').primaryKey(),
  offerId: integer('offer_id').notNull(),
  expiresAtMs: integer('expires_at_ms').notNull(),
  terms: text('terms').notNull(),
})

export const trips = sqliteTable('trips', {
  tripId: integer('trip_id').primaryKey(),
  lastBookingId: integer('last_booking_id').notNull(),
})

export const exchanges = sqliteTable(
  'exchanges',
  {
    bookingId: integer('booking_id').primaryKey(),
    oldBookingId: integer('old_booking_id').notNull(),
    terms: text('terms').notNull(),
    carriedMinor: integer('carried_minor').notNull(),
    surplusMinor: integer('surplus_minor').notNull(),
    confirmedAtMs: integer('confirmed_at_ms').notNull(),
    undone: integer('undone').notNull(),
  },
  (table) => [index('exchanges_by_old_booking_id').on(table.oldBookingId)],
)

export const compensations = sqliteTable(
  'compensations',
  {
    bookingId: integer('booking_id').notNull(),
    position: integer('position').notNull(),
    amountMinor: integer('amount_minor').notNull(),
    taxMinor: integer('tax_minor').notNull(),
    lastAtMs: integer('last_at_ms').notNull(),
    reason: text('reason').notNull(),
  },
  (table) => [primaryKey({ columns: [table.bookingId, table.position] })],
)

export const counters = sqliteTable('counters', {
  name: text('name').primaryKey(),
  value: integer('value').notNull(),
})

export const notices = sqliteTable('notices', {
  noticeId: integer('notice_id').primaryKey(),
  noticeKey: text('notice_key').notNull(),
  kind: text('kind').notNull(),
  accountId: integer('account_id').notNull(),
  bookingId: integer('booking_id').notNull(),
  data: text('data').notNull(),
  queuedAtMs: integer('queued_at_ms').notNull(),
})

export const draws = sqliteTable('draws', {
  drawId: integer('draw_id').primaryKey(),
  runIds: text('run_ids').notNull(),
  windowFromMs: integer('window_from_ms').notNull(),
  windowToMs: integer('window_to_ms').notNull(),
  revealByMs: integer('reveal_by_ms').notNull(),
  holdMs: integer('hold_ms').notNull(),
  seedCommitment: text('seed_commitment').notNull(),
  seed: text('seed').notNull(),
  status: text('status').notNull(),
  entered: integer('entered').notNull(),
  digest: text('digest').notNull(),
  ordered: integer('ordered').notNull(),
  drawn: integer('drawn').notNull(),
})

export const drawEntries = sqliteTable(
  'draw_entries',
  {
    drawId: integer('draw_id').notNull(),
    number: integer('number').notNull(),
    accountId: integer('account_id').notNull(),
    wishes: text('wishes').notNull(),
    passengers: text('passengers').notNull(),
    salt: text('salt').notNull(),
    enteredAtMs: integer('entered_at_ms').notNull(),
  },
  (table) => [primaryKey({ columns: [table.drawId, table.number] })],
)

export const drawResults = sqliteTable(
  'draw_results',
  {
    drawId: integer('draw_id').notNull(),
    number: integer('number').notNull(),
    salt: text('salt').notNull(),
    orderKey: text('order_key').notNull(),
    rank: integer('rank').notNull(),
    accountId: integer('account_id').notNull(),
    bookingId: integer('booking_id').notNull(),
    logIndex: integer('log_index').notNull(),
    atMs: integer('at_ms').notNull(),
  },
  (table) => [primaryKey({ columns: [table.drawId, table.number] })],
)

export const noticePreferences = sqliteTable('notice_preferences', {
  accountId: integer('account_id').primaryKey(),
  muted: text('muted').notNull(),
})

export const requests = sqliteTable(
  'requests',
  {
    requestKey: text('request_key').primaryKey(),
    contentHash: text('content_hash').notNull(),
    reply: text('reply').notNull(),
    logIndex: integer('log_index').notNull(),
    atMs: integer('at_ms').notNull(),
  },
  (table) => [index('requests_by_log_index').on(table.logIndex)],
)

export const waitingRules = sqliteTable('waiting_rules', {
  waitingRuleId: integer('waiting_rule_id').primaryKey(),
  validFromMs: integer('valid_from_ms').notNull(),
  capBasisPoints: integer('cap_basis_points').notNull(),
  chartBeforeMs: integer('chart_before_ms').notNull(),
  promotedHoldMs: integer('promoted_hold_ms').notNull(),
})

export const charts = sqliteTable('charts', {
  runId: integer('run_id').primaryKey(),
  closesAtMs: integer('closes_at_ms').notNull(),
  closedAtMs: integer('closed_at_ms').notNull(),
  offerAtMs: integer('offer_at_ms').notNull(),
})

export const waiting = sqliteTable('waiting', {
  bookingId: integer('booking_id').primaryKey(),
  priority: integer('priority').notNull(),
  waitingRuleId: integer('waiting_rule_id').notNull(),
  deadlineMs: integer('deadline_ms').notNull(),
  options: text('options').notNull(),
})
export const tickets = sqliteTable(
  'tickets',
  {
    bookingId: integer('booking_id').notNull(),
    position: integer('position').notNull(),
    version: integer('version').notNull(),
    issuedAtMs: integer('issued_at_ms').notNull(),
    voidedAtMs: integer('voided_at_ms').notNull(),
    scanAtMs: integer('scan_at_ms'),
    scanStop: integer('scan_stop'),
    scanDevice: text('scan_device'),
    scanId: text('scan_id'),
  },
  (table) => [primaryKey({ columns: [table.bookingId, table.position] })],
)

export const ticketKeys = sqliteTable('ticket_keys', {
  keyId: text('key_id').primaryKey(),
  publicKey: text('public_key').notNull(),
  registeredAtMs: integer('registered_at_ms').notNull(),
  withdrawnAtMs: integer('withdrawn_at_ms').notNull(),
})

export const ticketInspections = sqliteTable(
  'ticket_inspections',
  {
    deviceId: text('device_id').notNull(),
    scanId: text('scan_id').notNull(),
    ticketNumber: text('ticket_number').notNull(),
    bookingId: integer('booking_id').notNull(),
    position: integer('position').notNull(),
    runId: integer('run_id').notNull(),
    stop: integer('stop').notNull(),
    atMs: integer('at_ms').notNull(),
    verdict: text('verdict').notNull(),
    actor: integer('actor').notNull(),
    logIndex: integer('log_index').notNull(),
    uploadedAtMs: integer('uploaded_at_ms').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.deviceId, table.scanId] }),
    index('ticket_inspections_by_run_id').on(table.runId),
    index('ticket_inspections_by_booking_id').on(table.bookingId),
  ],
)

export const audit = sqliteTable(
  'audit',
  {
    sequence: integer('sequence').primaryKey(),
    logIndex: integer('log_index').notNull(),
    atMs: integer('at_ms').notNull(),
    actor: integer('actor').notNull(),
    action: text('action').notNull(),
    subject: text('subject').notNull(),
    reason: text('reason').notNull(),
    hashBefore: text('hash_before').notNull(),
    hashAfter: text('hash_after').notNull(),
    link: text('link').notNull(),
  },
  (table) => [
    index('audit_by_subject').on(table.subject),
    index('audit_by_actor').on(table.actor),
    index('audit_by_at_ms').on(table.atMs),
  ],
)

export const ledgerLines = sqliteTable(
  'ledger_lines',
  {
    lineId: integer('line_id').primaryKey(),
    logIndex: integer('log_index').notNull(),
    atMs: integer('at_ms').notNull(),
    account: text('account').notNull(),
    amountMinor: integer('amount_minor').notNull(),
    paymentId: integer('payment_id').notNull(),
    bookingId: integer('booking_id').notNull(),
    reason: text('reason').notNull(),
  },
  (table) => [
    index('ledger_lines_by_payment_id').on(table.paymentId),
    index('ledger_lines_by_log_index').on(table.logIndex),
  ],
)

export const effectOutcomes = sqliteTable(
  'effect_outcomes',
  {
    outboxId: integer('outbox_id').primaryKey(),
    effectKey: text('effect_key').notNull(),
    kind: text('kind').notNull(),
    paymentId: integer('payment_id').notNull(),
    amountMinor: integer('amount_minor').notNull(),
    outcome: text('outcome').notNull(),
    detail: text('detail').notNull(),
    logIndex: integer('log_index').notNull(),
    atMs: integer('at_ms').notNull(),
  },
  (table) => [index('effect_outcomes_by_payment_id').on(table.paymentId)],
)

export const noticeOutcomes = sqliteTable(
  'notice_outcomes',
  {
    noticeId: integer('notice_id').primaryKey(),
    noticeKey: text('notice_key').notNull(),
    kind: text('kind').notNull(),
    accountId: integer('account_id').notNull(),
    bookingId: integer('booking_id').notNull(),
    queuedAtMs: integer('queued_at_ms').notNull(),
    outcome: text('outcome').notNull(),
    detail: text('detail').notNull(),
    logIndex: integer('log_index').notNull(),
    atMs: integer('at_ms').notNull(),
  },
  (table) => [index('notice_outcomes_by_account_id').on(table.accountId)],
)

/** How far the database has come: written in the same transaction as the rows, always. */
export const nodeProgress = sqliteTable('node_progress', {
  /** One row, 1. */
  nodeProgressId: integer('node_progress_id').primaryKey(),
  /** All entries up to here are in the rows, and none behind. */
  appliedIndex: integer('applied_index').notNull(),
  /** The state's hash at `applied_index`, compared with the rows when the node starts. */
  stateHash: text('state_hash').notNull(),
})

// The rows of departed runs, and the names on their bookings apart.
export const archivedBookings = archived(bookings)
export const archivedPayments = archived(payments)
export const archivedTrips = archived(trips)
export const archivedCancelledPassengers = archived(cancelledPassengers)
export const archivedRefundOffers = archived(refundOffers)
export const archivedBookingProducts = archived(bookingProducts)
export const archivedBookingPools = archived(bookingPools)
export const archivedExchanges = archived(exchanges)
export const archivedCompensations = archived(compensations)
export const archivedTickets = archived(tickets)
export const archivedDisruptedBookings = archived(disruptedBookings)
export const archivedJourneyChanges = archived(journeyChanges)
export const archivedRuns = archived(runs)
export const archivedCharts = archived(charts)
export const archivedSeatBlocks = archived(seatBlocks)
export const archivedQuotas = archived(quotas)
export const archivedVoucherUses = archived(voucherUses)
export const archivedSeatWishes = archived(seatWishes)
export const archivedDelays = archived(delays)
export const archivedDelayCompensations = archived(delayCompensations)
export const archivedCustomers = archived(customers)
export const archivedRunConsists = archived(runConsists)
export const archivedPassengerDetails = archived(passengerDetails)
export const archivedNames = sqliteTable('archived_names', {
  bookingId: integer('booking_id').primaryKey(),
  names: text('names').notNull(),
})

export const bookingStubs = sqliteTable('booking_stubs', {
  bookingId: integer('booking_id').primaryKey(),
  familyId: integer('family_id').notNull(),
  accountId: integer('account_id').notNull(),
  passengers: integer('passengers').notNull(),
  bought: integer('bought').notNull(),
  overMs: integer('over_ms').notNull(),
  fares: text('fares').notNull(),
  owedMinor: integer('owed_minor').notNull(),
  requests: text('requests').notNull(),
})

export const paymentStubs = sqliteTable('payment_stubs', {
  paymentId: integer('payment_id').primaryKey(),
  bookingId: integer('booking_id').notNull(),
  amountMinor: integer('amount_minor').notNull(),
  leftMinor: integer('left_minor').notNull(),
  providerReference: text('provider_reference').notNull(),
})

/** The tables that booking-fsm's rows go to. */
export const rowTables = [
  meta,
  accounts,
  sessions,
  erasures,
  savedPassengers,
  passwordResets,
  secondFactors,
  secondFactorRules,
  imports,
  stations,
  stationChanges,
  trains,
  runs,
  fareRules,
  refundRules,
  salesRules,
  seatPromiseRules,
  overbookingRules,
  seatWishes,
  seatRules,
  seatBlocks,
  quotas,
  bookingPools,
  fareProducts,
  passengerDetails,
  vouchers,
  voucherUses,
  bookingProducts,
  auditHead,
  bookings,
  payments,
  outbox,
  cancelledPassengers,
  compensationRules,
  disruptions,
  overrides,
  disruptedBookings,
  delays,
  delayCompensations,
  journeyChanges,
  runConsists,
  reseatings,
  reseatedParties,
  refundOffers,
  trips,
  waitingRules,
  charts,
  waiting,
  exchanges,
  compensations,
  counters,
  notices,
  draws,
  drawEntries,
  drawResults,
  noticePreferences,
  requests,
  tickets,
  ticketKeys,
  nodes,
  ticketInspections,
  audit,
  ledgerLines,
  effectOutcomes,
  noticeOutcomes,
  guests,
  guestRules,
  agentRules,
  commissions,
  customers,
  tills,
  tillCounts,
  companies,
  companyMembers,
  companyItems,
  invoices,
  issuedInvoices,
  invoiceLines,
  invoicePayments,
  archivedBookings,
  archivedPayments,
  archivedTrips,
  archivedCancelledPassengers,
  archivedRefundOffers,
  archivedBookingProducts,
  archivedBookingPools,
  archivedExchanges,
  archivedCompensations,
  archivedTickets,
  archivedDisruptedBookings,
  archivedJourneyChanges,
  archivedRuns,
  archivedCharts,
  archivedSeatBlocks,
  archivedQuotas,
  archivedVoucherUses,
  archivedSeatWishes,
  archivedDelays,
  archivedDelayCompensations,
  archivedCustomers,
  archivedRunConsists,
  archivedPassengerDetails,
  archivedNames,
  bookingStubs,
  paymentStubs,
] as const
