import path from 'node:path'
import {
  type BookingState,
  createState,
  loadingOrder,
  loadState,
  type Row,
  stateHash,
  tables,
  type Value,
} from '@quorail/booking-fsm'
import Database from 'better-sqlite3'
import { buildAnew } from './damaged-advice.ts'
import { openDatabase, type Sqlite } from './database.ts'
import { migrateDatabase } from './migrate-database.ts'
import { readProgress } from './progress.ts'
import { StartRefusedError } from './start-refused.ts'
import { syncFolder } from './sync-folder.ts'

export interface LoadedState {
  readonly state: BookingState
  /** Everything up to here is in `state`; the log behind it is still to be applied. */
  readonly appliedIndex: number
}

/**
 * Opens (or makes) the database and gives the state in it. Its hash is computed again from the rows
 * and compared with the one stored with them: a database that was damaged or edited is refused.
 */
export function loadDatabase(file: string): LoadedState {
  try {
    return load(file)
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error
    throw new StartRefusedError(
      `The database ${file} can not be read (${error.message}). ${advice}`,
    )
  }
}

const advice = `What to do: ${buildAnew}. They go on selling.`

function load(file: string): LoadedState {
  const sqlite = openMigrated(file)
  try {
    const progress = readProgress(sqlite)
    if (progress === undefined) return { state: createState(), appliedIndex: 0 }
    const state = stateOf(sqlite, file)
    const found = stateHash(state)
    if (found !== progress.stateHash)
      throw new StartRefusedError(
        `The database ${file} does not hold what was written to it: at index ${progress.appliedIndex} ` +
          `its rows have the hash ${found}, and ${progress.stateHash} was recorded. ${advice}`,
      )
    return { state, appliedIndex: progress.appliedIndex }
  } finally {
    sqlite.close()
  }
}

function stateOf(sqlite: Sqlite, file: string): BookingState {
  try {
    return loadState(stateRows(sqlite))
  } catch (error) {
    if (error instanceof Database.SqliteError || !(error instanceof Error)) throw error
    throw new StartRefusedError(
      `The database ${file} does not hold what was written to it: ${error.message}. ${advice}`,
    )
  }
}

/** The database of this version's tables. */
export function openMigrated(file: string): Sqlite {
  const sqlite = openDatabase(file)
  try {
    migrateDatabase(sqlite)
    // SQLite syncs its file, and does not sync the folder for it.
    syncFolder(path.dirname(file))
    return sqlite
  } catch (error) {
    sqlite.close()
    throw error
  }
}

/** The rows that are the state, in the order in which they are loaded as they come. `record` tables are only ever written. */
export function* stateRows(sqlite: Sqlite): Generator<Row> {
  for (const name of loadingOrder)
    for (const rows of tableRows(sqlite, name))
      for (const values of rows) yield { table: name, values }
}

/** A row at a time takes a sixth more processor time to read. */
const rowsInPortion = 512

/** All rows of a table by their keys, each portion from behind the last key of the one before. */
export function* tableRows(sqlite: Sqlite, name: string): Generator<readonly Value[][]> {
  const table = tables.find((one) => one.name === name)
  if (table === undefined) return
  const columns = table.columns.map((column) => `"${column.name}"`)
  const key = columns.slice(0, table.keyColumns).join(', ')
  const select = `select ${columns.join(', ')} from "${table.name}"`
  const places = Array.from({ length: table.keyColumns }, () => '?').join(', ')
  const order = `order by ${key} limit ${rowsInPortion}`
  const next = sqlite.prepare(`${select} where (${key}) > (${places}) ${order}`).raw()
  let rows = sqlite.prepare(`${select} ${order}`).raw().all() as Value[][]
  for (;;) {
    yield rows
    const last = rows.at(-1)
    if (last === undefined || rows.length < rowsInPortion) return
    rows = next.all(...last.slice(0, table.keyColumns)) as Value[][]
  }
}
