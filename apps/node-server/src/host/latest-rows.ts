import { type RowChange, tables } from '@quorail/booking-fsm'

const keyColumns = new Map(tables.map((table) => [table.name, table.keyColumns]))

/**
 * The last change of each row, in the order of those. Each change says all of its row, and no row's place depends on
 * another's, so that the earlier ones need not be written.
 */
export function latestRows(changes: readonly RowChange[]): readonly RowChange[] {
  const seen = new Map<string, Set<unknown>>()
  const latest: RowChange[] = []
  for (let at = changes.length - 1; at >= 0; at -= 1) {
    const change = changes[at] as RowChange
    const keys = seen.get(change.table) ?? new Set()
    if (keys.size === 0) seen.set(change.table, keys)
    const { size } = keys
    keys.add(keyOf(change))
    if (keys.size > size) latest.push(change)
  }
  return latest.reverse()
}

function keyOf(change: RowChange): unknown {
  const values = change.type === 'upsert' ? change.values : change.key
  const columns = change.type === 'upsert' ? keyColumns.get(change.table) : values.length
  return columns === 1 ? values[0] : JSON.stringify(values.slice(0, columns))
}
