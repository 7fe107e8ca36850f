/** Tables of those who buy without an account, and of those who sell to others. */
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

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
