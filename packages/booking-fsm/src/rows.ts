/**
 * The rows are the whole state: `loadState(rows)` gives the same memory, hash for hash. Tables are
 * declared here as plain data; whoever stores them maps them to a database of its own.
 */

export type ColumnType = 'integer' | 'text'
export type Value = number | string | null

export interface Column {
  readonly name: string
  readonly type: ColumnType
  readonly nullable: boolean
  /** Came after the table was first released: null in old rows, and then not in a row's hash. */
  readonly added: boolean
}

export interface Table {
  readonly name: string
  /** The first `keyColumns` columns are the primary key. */
  readonly columns: readonly Column[]
  readonly keyColumns: number
  /**
   * `state`: read back by `loadState` and part of the state's hash. `record`: only written (ledger
   * lines, audit); the state keeps totals of it, so it is neither read back nor hashed.
   */
  readonly purpose: 'state' | 'record'
  /** Secondary indexes for readers of the database, by column names. */
  readonly indexes: readonly (readonly string[])[]
}

/** A row to write: `values` in the order of the table's columns. */
export interface RowUpsert {
  readonly type: 'upsert'
  readonly table: string
  readonly values: readonly Value[]
}
/** A row to remove, by its key columns. */
export interface RowDelete {
  readonly type: 'delete'
  readonly table: string
  readonly key: readonly Value[]
}
export type RowChange = RowUpsert | RowDelete

/** A row as it is read back. */
export interface Row {
  readonly table: string
  readonly values: readonly Value[]
}
