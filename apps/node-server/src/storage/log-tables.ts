/** The tables of the log itself: counters, requests answered, the audit chain. */
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

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

export const auditHead = sqliteTable('audit_head', {
  auditHeadId: integer('audit_head_id').primaryKey(),
  recordCount: integer('record_count').notNull(),
  link: text('link').notNull(),
})

export const counters = sqliteTable('counters', {
  name: text('name').primaryKey(),
  value: integer('value').notNull(),
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

export const nodes = sqliteTable('nodes', {
  name: text('name').primaryKey(),
  clientUrl: text('client_url').notNull(),
  peerUrl: text('peer_url').notNull(),
  byOperator: integer('by_operator').notNull(),
})
