/**
 * The archive's table for the rows of another one: the same columns, key and indexes, and the first booking
 * of what was archived together.
 */
import {
  getTableConfig,
  index,
  integer,
  primaryKey,
  type SQLiteTable,
  sqliteTable,
  text,
} from 'drizzle-orm/sqlite-core'

export function archived(source: SQLiteTable) {
  const { name, columns, indexes, primaryKeys } = getTableConfig(source)
  const table = `archived_${name}`
  const made = columns.map((column) => {
    const plain = column.getSQLType() === 'integer' ? integer(column.name) : text(column.name)
    const keyed = column.primary ? plain.primaryKey() : plain
    return [column.name, column.notNull && !column.primary ? keyed.notNull() : keyed] as const
  })
  const all = { ...Object.fromEntries(made), archive_id: integer('archive_id').notNull() }
  return sqliteTable(table, all, (of) => {
    const column = (of_: string) => of[of_ as keyof typeof of]
    const kept = indexes.map(({ config }) => {
      const [first, ...more] = config.columns.map((it) => column('name' in it ? it.name : ''))
      return index(`archived_${config.name}`).on(first as never, ...(more as never[]))
    })
    const keys = primaryKeys.map((key) => {
      const [first, ...more] = key.columns.map((it) => column(it.name))
      return primaryKey({ columns: [first as never, ...(more as never[])] })
    })
    return [...kept, index(`${table}_by_archive_id`).on(of.archive_id), ...keys]
  })
}
