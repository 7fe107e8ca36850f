/**
 * The database of a node: booking-fsm's tables, column for column (a test compares them), and one of
 * the node's own. Columns stand in the order of the rows' values. Change it, then run
 * `pnpm --filter @quorail/node-server database:generate` and commit the migration.
 */
import { integer, type SQLiteTable, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import * as accountTables from './account-tables.ts'
import * as archiveTables from './archive-tables.ts'
import * as bookingTables from './booking-tables.ts'
import * as companyTables from './company-tables.ts'
import * as consistTables from './consist-tables.ts'
import * as delayTables from './delay-tables.ts'
import * as disruptionTables from './disruption-tables.ts'
import * as logTables from './log-tables.ts'
import * as rulesTables from './rules-tables.ts'
import * as sellersTables from './sellers-tables.ts'
import * as ticketTables from './ticket-tables.ts'
import * as timetableTables from './timetable-tables.ts'

export * from './account-tables.ts'
export * from './archive-tables.ts'
export * from './booking-tables.ts'
export * from './company-tables.ts'
export * from './consist-tables.ts'
export * from './delay-tables.ts'
export * from './disruption-tables.ts'
export * from './log-tables.ts'
export * from './rules-tables.ts'
export * from './sellers-tables.ts'
export * from './ticket-tables.ts'
export * from './timetable-tables.ts'

/** How far the database has come: written in the same transaction as the rows, always. */
export const nodeProgress = sqliteTable('node_progress', {
  /** One row, 1. */
  nodeProgressId: integer('node_progress_id').primaryKey(),
  /** All entries up to here are in the rows, and none behind. */
  appliedIndex: integer('applied_index').notNull(),
  /** The state's hash at `applied_index`, compared with the rows when the node starts. */
  stateHash: text('state_hash').notNull(),
  /** The index of `record_hashes`: another than `applied_index` where an earlier version wrote behind it. */
  recordIndex: integer('record_index'),
  /** Of the tables that are no part of the state: rows and hash of each (`record-hashes.ts`). */
  recordHashes: text('record_hashes'),
})

/** The tables that booking-fsm's rows go to: whatever an area exports. */
export const rowTables = [
  accountTables,
  archiveTables,
  bookingTables,
  companyTables,
  consistTables,
  delayTables,
  disruptionTables,
  logTables,
  rulesTables,
  sellersTables,
  ticketTables,
  timetableTables,
].flatMap((area) => Object.values<SQLiteTable>(area))
