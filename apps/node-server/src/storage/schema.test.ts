import { tables } from '@quorail/booking-fsm'
import Database from 'better-sqlite3'
import { getTableConfig } from 'drizzle-orm/sqlite-core'
import { describe, expect, test } from 'vitest'
import { migrateDatabase } from './migrate-database.ts'
import { tableShape } from './row-statements.ts'
import { rowTables } from './schema.ts'

interface ColumnInfo {
  readonly name: string
  readonly type: string
  readonly notnull: number
  readonly pk: number
}

describe('the schema of SQLite is the one that booking-fsm declares', () => {
  test('the same tables', () => {
    const names = rowTables.map((table) => getTableConfig(table).name)
    expect([...names].sort()).toEqual(tables.map(({ name }) => name).sort())
  })

  test.each(tables.map((table) => [table.name, table] as const))('%s', (name, declared) => {
    const table = rowTables.find((candidate) => getTableConfig(candidate).name === name)
    if (table === undefined) throw new Error(`${name} is missing`)
    const { columns, indexes } = getTableConfig(table)
    expect(
      columns.map((column) => ({
        name: column.name,
        type: column.getSQLType(),
        nullable: !column.notNull,
      })),
    ).toEqual(declared.columns.map(({ added: _, ...column }) => column))
    expect(tableShape(table).key).toEqual(
      declared.columns.slice(0, declared.keyColumns).map((column) => column.name),
    )
    const indexed = indexes.map((it) =>
      it.config.columns.map((column) => 'name' in column && column.name),
    )
    expect(indexed).toEqual(declared.indexes)
  })

  test('the committed migrations make exactly these tables', () => {
    const sqlite = new Database(':memory:')
    migrateDatabase(sqlite)
    for (const { name, columns, keyColumns } of tables) {
      const found = sqlite.pragma(`table_info(${name})`) as ColumnInfo[]
      expect(
        found.map((column) => ({ name: column.name, type: column.type.toLowerCase() })),
        `${name}: run pnpm --filter @quorail/node-server database:generate`,
      ).toEqual(columns.map(({ name: column, type }) => ({ name: column, type })))
      expect(found.filter(({ pk }) => pk > 0)).toHaveLength(keyColumns)
    }
  })
})
