import type { RowBatch } from '../host/row-store.ts'
import type { Sqlite } from './database.ts'
import { hashRecords } from './hash-records.ts'
import { prepareProgressWriter, readRecordHashes } from './progress.ts'
import { RecordHashes } from './record-hashes.ts'
import { prepareRowStatements } from './row-statements.ts'

/** Writes batches: rows, applied index and the hashes of records in one transaction, or nothing. Nobody else writes to the database. Gives the hash of all its records. */
export function createBatchWriter(sqlite: Sqlite): (batch: RowBatch) => string {
  const recorded = readRecordHashes(sqlite)
  // Whoever wrote last knew of no hashes: what is there counts, once.
  const hashes = recorded === undefined ? hashRecords(sqlite) : RecordHashes.parse(recorded)
  const rows = prepareRowStatements(sqlite, hashes)
  const writeProgress = prepareProgressWriter(sqlite)
  const begin = sqlite.prepare('begin immediate')
  const commit = sqlite.prepare('commit')
  let full = false
  return (batch) => {
    if (batch.durable !== full) {
      // FULL syncs the write-ahead file with this commit, and with it everything committed before.
      sqlite.pragma(`synchronous = ${batch.durable ? 'FULL' : 'NORMAL'}`)
      full = batch.durable
    }
    // No rollback on an error: it is fatal, and closing the connection rolls back.
    begin.run()
    for (const change of batch.changes) rows.apply(change)
    writeProgress(batch, hashes.toText())
    commit.run()
    return hashes.total()
  }
}
