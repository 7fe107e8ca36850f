import type { RowChange } from '@quorail/booking-fsm'
import type { Statement } from 'better-sqlite3'
import { getTableConfig, type SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { Sqlite } from './database.ts'
import { RecordHashes } from './record-hashes.ts'
import { prepareRecordStatements } from './record-statements.ts'
import { rowTables } from './schema.ts'

/** A table as the statements need it: generated from the drizzle schema, so that there is one. */
export interface TableShape {
  readonly name: string
  readonly columns: readonly string[]
  readonly key: readonly string[]
}

export function tableShape(table: SQLiteTable): TableShape {
  const config = getTableConfig(table)
  const columns = config.columns.map((column) => column.name)
  const single = config.columns.filter((column) => column.primary).map((column) => column.name)
  const composite = config.primaryKeys.flatMap((key) => key.columns.map((column) => column.name))
  return { name: config.name, columns, key: single.length > 0 ? single : composite }
}

export interface RowStatements {
  apply(change: RowChange): void
}

const quoted = (name: string): string => `"${name}"`

/** One prepared statement to write and one to remove, for every table. What they do to records is counted in `hashes`. */
export function prepareRowStatements(sqlite: Sqlite, hashes: RecordHashes): RowStatements {
  const records = prepareRecordStatements(sqlite, hashes)
  const upserts = new Map<string, Statement>()
  const deletes = new Map<string, Statement>()
  for (const table of rowTables) {
    const { name, columns, key } = tableShape(table)
    if (RecordHashes.isRecord(name)) continue
    const rest = columns.filter((column) => !key.includes(column))
    const onConflict =
      rest.length === 0
        ? 'do nothing'
        : `do update set ${rest.map((it) => `${quoted(it)} = excluded.${quoted(it)}`).join(', ')}`
    upserts.set(
      name,
      sqlite.prepare(
        `insert into ${quoted(name)} (${columns.map(quoted).join(', ')})
         values (${columns.map(() => '?').join(', ')})
         on conflict (${key.map(quoted).join(', ')}) ${onConflict}`,
      ),
    )
    deletes.set(
      name,
      sqlite.prepare(
        `delete from ${quoted(name)} where ${key.map((it) => `${quoted(it)} = ?`).join(' and ')}`,
      ),
    )
  }
  return {
    apply(change) {
      const statements = change.type === 'upsert' ? upserts : deletes
      const statement = statements.get(change.table)
      if (statement === undefined) records.apply(change)
      else statement.run(change.type === 'upsert' ? change.values : change.key)
    },
  }
}
