/** The tables of the timetable: stations, trains, runs, and what is kept off sale on them. */
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

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

export const charts = sqliteTable('charts', {
  runId: integer('run_id').primaryKey(),
  closesAtMs: integer('closes_at_ms').notNull(),
  closedAtMs: integer('closed_at_ms').notNull(),
  offerAtMs: integer('offer_at_ms').notNull(),
})
