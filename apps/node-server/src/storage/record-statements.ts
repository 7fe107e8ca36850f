import type { RowChange, Table, Value } from '@quorail/booking-fsm'
import type { Sqlite } from './database.ts'
import { type RecordHashes, recordTables } from './record-hashes.ts'

export interface RecordStatements {
  apply(change: RowChange): void
}

/** Writes and removes the rows that are no part of the state, and counts them. */
export function prepareRecordStatements(sqlite: Sqlite, hashes: RecordHashes): RecordStatements {
  const byTable = new Map(recordTables.map((table) => [table.name, statementsOf(sqlite, table)]))

  function remove(table: string, key: readonly Value[]): void {
    const gone = byTable.get(table)?.remove.get(...key)
    if (gone !== undefined) hashes.remove(table, gone)
  }

  return {
    apply(change) {
      const statements = byTable.get(change.table)
      if (statements === undefined) throw new Error(`there is no table ${change.table}`)
      if (change.type === 'delete') {
        remove(change.table, change.key)
        return
      }
      const { values } = change
      // Nearly always new: whether there is one already needs no look of its own.
      if (statements.insert.run(values).changes === 0) {
        remove(change.table, values.slice(0, statements.keyColumns))
        statements.insert.run(values)
      }
      hashes.add(change.table, values)
    },
  }
}

function statementsOf(sqlite: Sqlite, { name, columns, keyColumns }: Table) {
  const quoted = columns.map((column) => `"${column.name}"`)
  const key = quoted.slice(0, keyColumns)
  const list = quoted.join(', ')
  return {
    keyColumns,
    insert: sqlite.prepare(
      `insert into "${name}" (${list}) values (${columns.map(() => '?').join(', ')})
       on conflict (${key.join(', ')}) do nothing`,
    ),
    /** What was removed, as it stood there. */
    remove: sqlite
      .prepare<Value[], Value[]>(
        `delete from "${name}" where ${key.map((column) => `${column} = ?`).join(' and ')} returning ${list}`,
      )
      .raw(),
  }
}
