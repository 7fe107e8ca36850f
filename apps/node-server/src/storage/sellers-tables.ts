/** Tables of those who buy without an account, and of those who sell to others. */
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

export const guests = sqliteTable('guests', {
  accountId: integer('account_id').primaryKey(),
  linkHash: text('link_hash').notNull(),
  linkUntilMs: integer('link_until_ms').notNull(),
  lookAtMs: integer('look_at_ms').notNull(),
})

export const guestRules = sqliteTable('guest_rules', {
  guestRuleId: integer('guest_rule_id').primaryKey(),
  validFromMs: integer('valid_from_ms').notNull(),
  maxHolds: integer('max_holds').notNull(),
  retentionMs: integer('retention_ms').notNull(),
})

export const agentRules = sqliteTable('agent_rules', {
  agentRuleId: integer('agent_rule_id').primaryKey(),
  validFromMs: integer('valid_from_ms').notNull(),
  accountId: integer('account_id').notNull(),
  maxOpenHolds: integer('max_open_holds').notNull(),
  commissionBasisPoints: integer('commission_basis_points').notNull(),
})

export const commissions = sqliteTable(
  'commissions',
  {
    paymentId: integer('payment_id').primaryKey(),
    accountId: integer('account_id').notNull(),
    earnedMinor: integer('earned_minor').notNull(),
    backMinor: integer('back_minor').notNull(),
  },
  (table) => [index('commissions_by_account_id').on(table.accountId)],
)

export const customers = sqliteTable('customers', {
  bookingId: integer('booking_id').primaryKey(),
  displayName: text('display_name').notNull(),
  email: text('email').notNull(),
})

export const tills = sqliteTable('tills', {
  accountId: integer('account_id').primaryKey(),
  tillId: integer('till_id').notNull(),
  openedAtMs: integer('opened_at_ms').notNull(),
  floatMinor: integer('float_minor').notNull(),
  cashMinor: integer('cash_minor').notNull(),
})

export const tillCounts = sqliteTable(
  'till_counts',
  {
    tillId: integer('till_id').primaryKey(),
    accountId: integer('account_id').notNull(),
    openedAtMs: integer('opened_at_ms').notNull(),
    countedAtMs: integer('counted_at_ms').notNull(),
    floatMinor: integer('float_minor').notNull(),
    expectedMinor: integer('expected_minor').notNull(),
    countedMinor: integer('counted_minor').notNull(),
    differenceMinor: integer('difference_minor').notNull(),
    logIndex: integer('log_index').notNull(),
  },
  (table) => [index('till_counts_by_account_id').on(table.accountId)],
)
