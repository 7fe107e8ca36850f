/** Whoever stores rows hashes them as they are given, and again as the database gives them back. */
import { describe, expect, it } from 'vitest'
import { goldenLogs, readLog } from '../test/golden/log.ts'
import { applyEntry } from './apply.ts'
import type { RowChange } from './rows.ts'
import { createState } from './state.ts'
import { tables } from './tables.ts'

const byName = new Map(tables.map((table) => [table.name, table]))

/** What a database would not give back as it was given. */
function problem(change: RowChange): string | undefined {
  const table = byName.get(change.table)
  if (table === undefined) return `there is no table ${change.table}`
  if (change.type === 'delete')
    return change.key.length === table.keyColumns ? undefined : `${table.name}: not a key`
  if (change.values.length !== table.columns.length) return `${table.name}: not a row`
  const wrong = table.columns.find(({ type, nullable }, at) => {
    const value = change.values[at]
    if (value === null) return !nullable
    return type === 'integer' ? !Number.isSafeInteger(value) : !isText(value)
  })
  return wrong && `${table.name}.${wrong.name}`
}

// Half of a surrogate pair has no UTF-8, and would come back from SQLite as something else.
const isText = (value: unknown): boolean =>
  typeof value === 'string' && !/\p{Surrogate}/u.test(value)

describe.each(goldenLogs())('the golden log %s', (name) => {
  it('writes rows of the declared columns and types only', () => {
    const state = createState()
    const changes = readLog(name).flatMap(({ entry }) => applyEntry(state, entry).changes)
    expect(changes.flatMap((change) => problem(change) ?? [])).toEqual([])
  })
})
