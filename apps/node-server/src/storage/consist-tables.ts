/** Formations of single runs, and re-seating under way. */
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

export const runConsists = sqliteTable('run_consists', {
  runId: integer('run_id').primaryKey(),
  changedAtMs: integer('changed_at_ms').notNull(),
  coaches: text('coaches').notNull(),
})

export const reseatings = sqliteTable('reseatings', {
  disruptionId: integer('disruption_id').primaryKey(),
  runId: integer('run_id').notNull(),
  coaches: text('coaches').notNull(),
  blockedSeats: text('blocked_seats').notNull(),
  accountId: integer('account_id').notNull(),
})

export const reseatedParties = sqliteTable(
  'reseated_parties',
  {
    bookingId: integer('booking_id').primaryKey(),
    disruptionId: integer('disruption_id').notNull(),
    rank: integer('rank').notNull(),
    status: text('status').notNull(),
    classCode: text('class_code').notNull(),
    seats: text('seats').notNull(),
    backs: text('backs').notNull(),
  },
  (table) => [index('reseated_parties_disruption_id').on(table.disruptionId)],
)
