import type { RowBatch } from '../host/row-store.ts'
import type { Sqlite } from './database.ts'
import { prepareProgressWriter } from './progress.ts'
import { prepareRowStatements } from './row-statements.ts'

/** Writes batches: rows and applied index in one transaction, or neither. */
export function createBatchWriter(sqlite: Sqlite): (batch: RowBatch) => void {
  const rows = prepareRowStatements(sqlite)
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
    writeProgress(batch)
    commit.run()
  }
}
