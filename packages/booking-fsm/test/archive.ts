/** What the archive's tables hold, and what can be read of it. */
import { presentRow } from '../src/archive/present-rows.ts'
import { loadState } from '../src/load.ts'
import { findBooking } from '../src/queries/bookings.ts'
import type { Row, RowChange, Value } from '../src/rows.ts'
import { tables } from '../src/tables.ts'
import type { BookingView } from '../src/views.ts'
import type { World } from './world.ts'

/** By table and key. */
export type Records = Map<string, Map<string, readonly Value[]>>

/** What entries write that is not state. */
export function onRecord(world: World, act: () => void): Records {
  const records: Records = new Map()
  act()
  note(records, world.changes)
  return records
}

export function note(records: Records, changes: readonly RowChange[]): void {
  for (const change of changes) {
    const table = tables.find(({ name }) => name === change.table)
    if (table === undefined || table.purpose !== 'record') continue
    const rows = records.get(table.name) ?? new Map<string, readonly Value[]>()
    records.set(table.name, rows)
    if (change.type === 'delete') rows.delete(JSON.stringify(change.key))
    else rows.set(JSON.stringify(change.values.slice(0, table.keyColumns)), change.values)
  }
}

/** The bookings as they are read from the archive. `rows`: of the state, for trains, stations and rules. */
export function viewsOfArchive(
  rows: readonly Row[],
  records: Records,
  bookingIds: readonly number[],
): (BookingView | undefined)[] {
  const names = (id: number) =>
    records.get('archived_names')?.get(JSON.stringify([id]))?.[1] as string | undefined
  const archived = [...records].flatMap(([table, of]) =>
    /^archived_(?!names)/.test(table)
      ? [...of.values()].map((values) => presentRow({ table, values }, names))
      : [],
  )
  const beside = new Set([
    ...['meta', 'counters', 'stations', 'trains', 'runs', 'fare_rules', 'refund_rules'],
    'disruptions',
    'fare_products',
    'vouchers',
    'delays',
    'run_consists',
  ])
  const isArchived = (table: string, id: Value | undefined) =>
    archived.some((it) => it.table === table && it.values[0] === id)
  const others = rows.filter(({ table, values: [id] }) =>
    // What a voucher paid has stayed with the voucher.
    table === 'voucher_uses'
      ? isArchived('bookings', id)
      : beside.has(table) && !isArchived(table, id),
  )
  const state = loadState([...others, ...archived])
  return bookingIds.map((id) => findBooking(state, id))
}
