/**
 * Archived bookings, with all that is needed to show them as they were: rows that `loadState` makes a small
 * state of, so that what shows a booking need not know where it comes from.
 */
import {
  archivedName,
  archivedTables,
  archiveRules,
  presentRow,
  type Row,
  tables,
  type Value,
} from '@quorail/booking-fsm'
import type { Sqlite } from '../storage/database.ts'
import type { Cell } from './report-queries.ts'

export interface ArchiveQuery {
  readonly kind: 'archive'
  /** What was archived together, by its first booking. */
  readonly familyIds: readonly number[]
}

export const archiveColumns = ['table', 'row']

export function readArchive(
  sqlite: Sqlite,
  { familyIds }: ArchiveQuery,
): { columns: readonly string[]; rows: readonly (readonly Cell[])[] } {
  const archived = familyIds.flatMap((id) => familyOf(sqlite, id))
  const own = [...archived, ...paidWithVouchers(sqlite, archived)]
  const beside = own.length === 0 ? [] : besides(sqlite, own)
  const rows = [...beside, ...own].map(({ table, values }) => [table, JSON.stringify(values)])
  return { columns: archiveColumns, rows }
}

function familyOf(sqlite: Sqlite, familyId: number): Row[] {
  const name = sqlite.prepare<[number], { names: string }>(
    'select names from archived_names where booking_id = ?',
  )
  const ofBookings = archivedTables.filter((table) => !ofRuns.has(table))
  return ofBookings.flatMap((present) => {
    const table = archivedName(present)
    const found = sqlite.prepare(`select * from ${table} where archive_id = ?`).raw().all(familyId)
    return (found as Value[][]).map((values) =>
      presentRow({ table, values }, (bookingId) => name.get(bookingId)?.names),
    )
  })
}

/** What a voucher paid has stayed with the voucher. */
function paidWithVouchers(sqlite: Sqlite, archived: readonly Row[]): Row[] {
  const ids = archived.filter(({ table }) => table === 'bookings').map(({ values }) => values[0])
  return rowsByIds(sqlite, 'voucher_uses', 'voucher_uses', ids as number[])
}

/** Their runs, with trains and stations, and the rules that they were sold under. */
function besides(sqlite: Sqlite, own: readonly Row[]): Row[] {
  const of = (table: string, column: string) =>
    own
      .filter((row) => row.table === table)
      .map((row) => row.values[columnOf(table, column)] as number)
  const runs = byIds(sqlite, 'runs', [
    ...of('bookings', 'run_id'),
    ...of('journey_changes', 'run_id'),
  ])
  const trains = byIds(
    sqlite,
    'trains',
    runs.map(({ values }) => values[columnOf('runs', 'train_id')] as number),
  )
  const stops = trains.flatMap(
    ({ values }) => JSON.parse(values[columnOf('trains', 'stops')] as string) as [number][],
  )
  return [
    ...all(sqlite, 'meta'),
    ...all(sqlite, 'imports'),
    ...byIds(
      sqlite,
      'stations',
      stops.map(([stationId]) => stationId),
    ),
    ...trains,
    ...runs,
    ...byIds(sqlite, 'refund_rules', of('bookings', 'refund_rule_id')),
    ...byIds(sqlite, 'fare_products', of('booking_products', 'fare_product_rule_id')),
    ...byIds(
      sqlite,
      'delays',
      runs.map(({ values }) => values[0] as number),
    ),
    ...byIds(sqlite, 'run_consists', of('bookings', 'run_id')),
    ...byIds(sqlite, 'vouchers', of('voucher_uses', 'voucher_id')),
    ...byIds(sqlite, 'disruptions', of('disrupted_bookings', 'disruption_id')),
  ]
}

/** Each once; a run may be in the archive itself. */
function byIds(sqlite: Sqlite, table: string, ids: readonly (number | null)[]): Row[] {
  const places = archivedTables.includes(table) ? [table, archivedName(table)] : [table]
  const wanted = [...new Set(ids)].filter((id) => id !== null)
  return places.flatMap((place) => rowsByIds(sqlite, table, place, wanted))
}

/** Of a table by the first column of its key, in the state's own place or the archive's. */
function rowsByIds(sqlite: Sqlite, table: string, place: string, ids: readonly number[]): Row[] {
  const [key] = columnsOf(table)
  const find = sqlite.prepare(`select ${listOf(table)} from ${place} where ${key} = ?`).raw()
  return ids.flatMap((id) => (find.all(id) as Value[][]).map((values) => ({ table, values })))
}

function listOf(table: string): string {
  return columnsOf(table)
    .map((name) => `"${name}"`)
    .join(', ')
}

function all(sqlite: Sqlite, table: string): Row[] {
  const found = sqlite
    .prepare(`select ${listOf(table)} from ${table}`)
    .raw()
    .all() as Value[][]
  return found.map((values) => ({ table, values }))
}

function columnsOf(table: string): readonly string[] {
  return (tables.find(({ name }) => name === table)?.columns ?? []).map(({ name }) => name)
}

function columnOf(table: string, column: string): number {
  return columnsOf(table).indexOf(column)
}

/** They are not a booking's. */
const ofRuns: ReadonlySet<string> = new Set(
  Object.entries(archiveRules).flatMap(([table, of]) =>
    of.rule === 'goes' && of.with === 'run' ? [table] : [],
  ),
)
