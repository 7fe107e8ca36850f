/** Rows that are kept as values, without a thing: their share of the hash is worked out from what they say. */
import { hashedLength, hashRow, tableSeed } from '../hash.ts'
import type { StateTable } from '../row-values.ts'
import type { Value } from '../rows.ts'
import type { BookingState } from '../state.ts'
import type { Work } from '../store.ts'

/** A new row, or one that was `before`. */
export function putValues(
  work: Work,
  table: StateTable,
  before: readonly Value[] | undefined,
  values: readonly Value[],
): void {
  if (before !== undefined) count(work.state, table, before, -1)
  count(work.state, table, values, 1)
  work.changes.push({ type: 'upsert', table, values })
}

export function dropValues(
  work: Work,
  table: StateTable,
  values: readonly Value[],
  keyColumns: number,
): void {
  count(work.state, table, values, -1)
  work.changes.push({ type: 'delete', table, key: values.slice(0, keyColumns) })
}

function count(
  state: BookingState,
  table: StateTable,
  values: readonly Value[],
  sign: 1 | -1,
): void {
  const [low = 0, high = 0] = hashRow(
    tableSeed(table),
    values,
    scratch,
    hashedLength(table, values),
  )
  state.hashLow = (state.hashLow + sign * low) >>> 0
  state.hashHigh = (state.hashHigh + sign * high) >>> 0
}

const scratch = new Uint32Array(2)
