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

/** Prepared once; called in the transaction of the rows. */
export function prepareProgressWriter(sqlite: Sqlite): (progress: Progress) => void {
  const statement = sqlite.prepare(
    `insert into node_progress (node_progress_id, applied_index, state_hash) values (1, ?, ?)
     on conflict (node_progress_id)
     do update set applied_index = excluded.applied_index, state_hash = excluded.state_hash`,
  )
  return ({ appliedIndex, stateHash }) => {
    statement.run(appliedIndex, stateHash)
  }
}
