/** The tables of tickets. */
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

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
