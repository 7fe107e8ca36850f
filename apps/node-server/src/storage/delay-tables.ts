/** The tables of delays. */
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

export const delays = sqliteTable(
  'delays',
  {
    runId: integer('run_id').notNull(),
    stop: integer('stop').notNull(),
    recordId: integer('record_id').notNull(),
    lateMinutes: integer('late_minutes').notNull(),
    final: integer('final').notNull(),
    reason: text('reason').notNull(),
    atMs: integer('at_ms').notNull(),
    accountId: integer('account_id').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.runId, table.stop] }),
    index('delays_at_ms').on(table.atMs),
  ],
)

export const delayCompensations = sqliteTable(
  'delay_compensations',
  {
    bookingId: integer('booking_id').notNull(),
    position: integer('position').notNull(),
    lateMinutes: integer('late_minutes').notNull(),
    amountMinor: integer('amount_minor').notNull(),
    atMs: integer('at_ms').notNull(),
  },
  (table) => [primaryKey({ columns: [table.bookingId, table.position] })],
)
