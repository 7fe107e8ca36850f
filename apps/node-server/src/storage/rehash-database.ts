import { hashOfRows, type Row } from '@quorail/booking-fsm'
import Database from 'better-sqlite3'
import { damageOfRecords } from './check-records.ts'
import type { Sqlite } from './database.ts'
import { hashRecords } from './hash-records.ts'
import { stateRows } from './load-database.ts'
import { readProgress, readRecordHashes } from './progress.ts'
import { RecordHashes } from './record-hashes.ts'

/** What a database was found to be. */
export interface Rehash {
  readonly appliedIndex: number
  readonly rows: number
  /** What is wrong with it; undefined: it is as it was written. */
  readonly damage?: string
}

/**
 * Compares the rows with the hashes that were recorded in the same transaction, the audit and the ledger also with what the
 * state says of them, and lets SQLite look at its pages and indexes; in one read transaction, beside whoever writes. `pause` is called now and then: to wait there makes it slow
 * and others fast.
 */
export function rehashDatabase(file: string, pause: () => void): Rehash {
  const sqlite = new Database(file, { readonly: true, fileMustExist: true })
  let rows = 0
  let worked = 0
  let appliedIndex = 0
  try {
    sqlite.exec('begin')
    const progress = readProgress(sqlite)
    if (progress === undefined) return { appliedIndex, rows }
    appliedIndex = progress.appliedIndex
    const found = hashOfRows(counted(stateRows(sqlite)))
    if (found !== progress.stateHash)
      return {
        ...{ appliedIndex, rows },
        damage: `at index ${appliedIndex} its rows have the hash ${found}, and ${progress.stateHash} was recorded`,
      }
    const records = damageOfRecords(sqlite, work) ?? damageOfHashes(sqlite, seen)
    if (records !== undefined)
      return { appliedIndex, rows, damage: `at index ${appliedIndex} ${records}` }
    const pages = sqlite.pragma('integrity_check(1)', { simple: true })
    if (pages !== 'ok') return { appliedIndex, rows, damage: String(pages) }
    return { appliedIndex, rows }
  } catch (error) {
    if (!(error instanceof Database.SqliteError) || !isDamage(error.code)) throw error
    return { appliedIndex, rows, damage: error.message }
  } finally {
    sqlite.close()
  }

  function* counted(all: Iterable<Row>): Generator<Row> {
    for (const row of all) {
      seen()
      yield row
    }
  }

  function seen(): void {
    rows += 1
    work()
  }

  /** Some rows are looked at twice. */
  function work(): void {
    worked += 1
    if (worked % rowsBetweenPauses === 0) pause()
  }
}

/** What the tables that are only written hold, and what was recorded as it was written to them. */
function damageOfHashes(sqlite: Sqlite, seen: () => void): string | undefined {
  const recorded = readRecordHashes(sqlite)
  // An earlier version wrote last: the next who writes begins with what is there.
  if (recorded === undefined) return undefined
  return RecordHashes.parse(recorded).difference(hashRecords(sqlite, seen))
}

const rowsBetweenPauses = 2_000

const isDamage = (code: string): boolean => /^SQLITE_(CORRUPT|NOTADB|IOERR)/.test(code)
