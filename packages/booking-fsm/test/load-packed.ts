import { loadingOrder, StateLoader } from '../src/load.ts'
import type { Row } from '../src/rows.ts'
import type { PackedPortion, PackedTable } from '../src/shelf/packed-portion.ts'
import { RowPacker } from '../src/shelf/row-packer.ts'
import { compareKeys } from '../src/snapshot.ts'
import type { BookingState } from '../src/state.ts'
import { tables } from '../src/tables.ts'

/** As a node loads a large database: bookings and payments come packed, `portion` rows at a time. */
export function loadPacked(rows: Iterable<Row>, portion: number): BookingState {
  const sorted = inOrder(rows)
  const pnrKey = String(sorted.find(({ table }) => table === 'meta')?.values[5])
  const loader = new StateLoader()
  for (const name of loadingOrder) {
    const ofTable = sorted.filter(({ table }) => table === name)
    if (name !== 'bookings' && name !== 'payments') for (const row of ofTable) loader.add(row)
    else for (const packed of portionsOf(name, pnrKey, ofTable, portion)) loader.addPacked(packed)
  }
  return loader.finish()
}

function* portionsOf(
  table: PackedTable,
  pnrKey: string,
  rows: readonly Row[],
  size: number,
): Generator<PackedPortion> {
  const packer = new RowPacker(table, pnrKey)
  for (const [at, { values }] of rows.entries()) {
    const portion = (at + 1) % size === 0 ? packer.take() : undefined
    if (portion !== undefined) yield portion
    const full = packer.add(values)
    if (full !== undefined) yield full
  }
  const last = packer.take()
  if (last !== undefined) yield last
}

/** As a database gives them. */
function inOrder(rows: Iterable<Row>): readonly Row[] {
  const places = new Map<string, number>(loadingOrder.map((name, at) => [name, at]))
  const keyColumns = new Map(tables.map((table) => [table.name, table.keyColumns]))
  const place = ({ table }: Row): number => places.get(table) ?? -1
  return [...rows]
    .filter((row) => place(row) >= 0)
    .sort(
      (a, b) =>
        place(a) - place(b) || compareKeys(a.values, b.values, keyColumns.get(a.table) ?? 1),
    )
}
