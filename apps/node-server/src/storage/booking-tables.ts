/** The tables of bookings and money: what is held, sold, paid, exchanged, waited for and drawn. */
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

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

export const seatWishes = sqliteTable('seat_wishes', {
  bookingId: integer('booking_id').primaryKey(),
  wished: integer('wished').notNull(),
  apart: integer('apart').notNull(),
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

export const waiting = sqliteTable('waiting', {
  bookingId: integer('booking_id').primaryKey(),
  priority: integer('priority').notNull(),
  waitingRuleId: integer('waiting_rule_id').notNull(),
  deadlineMs: integer('deadline_ms').notNull(),
  options: text('options').notNull(),
})

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
