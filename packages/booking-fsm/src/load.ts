/** Rows back into memory: the same hash, and the same behaviour from here on. */
import { enlivenBookings } from './loading/bookings.ts'
import { type Load, loaders } from './loading/loaders.ts'
import type { StateTable } from './row-values.ts'
import type { Row, Value } from './rows.ts'
import { compareKeys } from './snapshot.ts'
import { type BookingState, createState } from './state.ts'
import { countRow } from './store.ts'
import { tables } from './tables.ts'

/** In any order; record tables are passed over. Throws on a row that can not be one of ours. */
export function loadState(rows: Iterable<Row>): BookingState {
  const state = createState()
  const byTable = new Map<string, (readonly Value[])[]>()
  for (const { table, values } of rows) {
    const ofTable = byTable.get(table)
    if (ofTable === undefined) byTable.set(table, [values])
    else ofTable.push(values)
  }
  for (const name of Object.keys(loaders) as StateTable[]) {
    const ofTable = byTable.get(name) ?? []
    loadTable(state, name, loaders[name], sortedByKey(name, ofTable))
  }
  enlivenBookings(state)
  state.requestQueue.sort((a, b) => a.index - b.index)
  return state
}

function loadTable(
  state: BookingState,
  name: StateTable,
  load: Load,
  rows: readonly (readonly Value[])[],
): void {
  const columns = tables.find((table) => table.name === name)?.columns.length
  for (const values of rows) {
    if (values.length !== columns) throw new Error(`${name}: a row of ${values.length} values`)
    const cursor = { table: name, values, at: 0 }
    countRow(state, name, load(state, cursor), values)
  }
}

/** As a log would have made them: what refers to ids of its own kind finds them in order. */
function sortedByKey(name: StateTable, rows: (readonly Value[])[]): (readonly Value[])[] {
  const keyColumns = tables.find((table) => table.name === name)?.keyColumns ?? 1
  return rows.sort((a, b) => compareKeys(a, b, keyColumns))
}
