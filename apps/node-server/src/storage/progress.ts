import type { Sqlite } from './database.ts'

/** How far the rows have come. */
export interface Progress {
  readonly appliedIndex: number
  readonly stateHash: string
}

/** Undefined when nothing was ever applied. */
export function readProgress(sqlite: Sqlite): Progress | undefined {
  return sqlite
    .prepare<[], Progress>(
      'select applied_index as appliedIndex, state_hash as stateHash from node_progress',
    )
    .get()
}

/**
 * What `RecordHashes.toText` gave at the rows' index. Undefined when nobody has kept it up to there: an earlier
 * version has written since.
 */
export function readRecordHashes(sqlite: Sqlite): string | undefined {
  return sqlite
    .prepare<[], string>(
      `select record_hashes from node_progress
       where record_index = applied_index and record_hashes is not null`,
    )
    .pluck()
    .get()
}

/** Prepared once; called in the transaction of the rows. */
export function prepareProgressWriter(
  sqlite: Sqlite,
): (progress: Progress, recordHashes: string) => void {
  const statement = sqlite.prepare(
    `insert into node_progress (node_progress_id, applied_index, state_hash, record_index, record_hashes)
     values (1, ?, ?, ?, ?)
     on conflict (node_progress_id)
     do update set applied_index = excluded.applied_index, state_hash = excluded.state_hash,
       record_index = excluded.record_index, record_hashes = excluded.record_hashes`,
  )
  return ({ appliedIndex, stateHash }, recordHashes) => {
    statement.run(appliedIndex, stateHash, appliedIndex, recordHashes)
  }
}
