/** A database as a stream, from a transaction that sees it as it was when it was opened. */
import { loadingOrder, type Value } from '@quorail/booking-fsm'
import { openDatabase, type Sqlite } from '../storage/database.ts'
import { readProgress, readRecordHashes } from '../storage/progress.ts'
import { tableShape } from '../storage/row-statements.ts'
import { rowTables } from '../storage/schema.ts'
import { encodeFrame, streamFormat } from './state-stream.ts'

export interface DatabaseReading {
  readonly appliedIndex: number
  /** As it was recorded with the rows. */
  readonly stateHash: string
  /** The next frame or two; undefined at the end. */
  next(): Uint8Array | undefined
  close(): void
}

/** Rows of a frame: some hundred kilobytes of most tables. */
const rowsPerFrame = 500

/**
 * What is written from now on is not in it, however long the reading takes. Throws when the database
 * is not at `appliedIndex`, if that is given.
 */
export function readDatabase(file: string, expectedIndex?: number): DatabaseReading {
  const sqlite = openDatabase(file)
  try {
    sqlite.pragma('query_only = on')
    sqlite.exec('begin')
    const progress = readProgress(sqlite)
    const appliedIndex = progress?.appliedIndex ?? 0
    if (progress === undefined || appliedIndex !== (expectedIndex ?? appliedIndex)) {
      throw new Error(`the database is at index ${appliedIndex}, not at ${expectedIndex}`)
    }
    const frames = framesOf(sqlite, appliedIndex, progress.stateHash)
    return {
      appliedIndex,
      stateHash: progress.stateHash,
      next: () => frames.next().value,
      close: () => {
        // Behind a query that was not read to its end SQLite would not close.
        frames.return(undefined)
        sqlite.close()
      },
    }
  } catch (error) {
    sqlite.close()
    throw error
  }
}

/** Who receives them loads the state as they come. What is no part of it comes last. */
const places = new Map<string, number>(loadingOrder.map((name, at) => [name, at]))
const placeOf = (table: string): number => places.get(table) ?? places.size

function* framesOf(
  sqlite: Sqlite,
  appliedIndex: number,
  stateHash: string,
): Generator<Uint8Array, undefined> {
  const shapes = rowTables.map(tableShape).sort((a, b) => placeOf(a.name) - placeOf(b.name))
  const [{ clusterId = '' } = {}] = sqlite
    .prepare<[], { clusterId: string }>('select cluster_id as clusterId from meta')
    .all()
  const tables = shapes.map(({ name, columns }) => ({ name, columns }))
  const recordHashes = readRecordHashes(sqlite)
  const header = { format: streamFormat, clusterId, appliedIndex, stateHash, tables }
  yield encodeFrame(recordHashes === undefined ? header : { ...header, recordHashes })
  let rowCount = 0
  for (const { name, columns, key } of shapes) {
    const list = (names: readonly string[]) => names.map((it) => `"${it}"`).join(', ')
    // By their keys, too: a state that is loaded from rows in order needs not keep them.
    const query = `select ${list(columns)} from "${name}" order by ${list(key)}`
    let rows: Value[][] = []
    for (const values of sqlite.prepare(query).raw().iterate()) {
      rows.push(values as Value[])
      if (rows.length < rowsPerFrame) continue
      rowCount += rows.length
      yield encodeFrame({ table: name, rows })
      rows = []
    }
    rowCount += rows.length
    if (rows.length > 0) yield encodeFrame({ table: name, rows })
  }
  yield encodeFrame({ end: true, rowCount })
  return undefined
}
