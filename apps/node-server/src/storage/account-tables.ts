/** The tables of accounts: sessions, passengers kept, second factors, and what they are told. */
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

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

export const notices = sqliteTable('notices', {
  noticeId: integer('notice_id').primaryKey(),
  noticeKey: text('notice_key').notNull(),
  kind: text('kind').notNull(),
  accountId: integer('account_id').notNull(),
  bookingId: integer('booking_id').notNull(),
  data: text('data').notNull(),
  queuedAtMs: integer('queued_at_ms').notNull(),
})

export const noticePreferences = sqliteTable('notice_preferences', {
  accountId: integer('account_id').primaryKey(),
  muted: text('muted').notNull(),
})

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
