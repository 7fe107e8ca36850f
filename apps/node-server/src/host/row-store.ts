import type { RowChange } from '@quorail/booking-fsm'
import type { Done } from '@quorail/raft-core'

/** Rows of consecutive entries, to be written in one transaction with their applied index. */
export interface RowBatch {
  readonly changes: readonly RowChange[]
  /** All entries up to here are in the database once this batch is. */
  readonly appliedIndex: number
  /** The state's hash at `appliedIndex`. */
  readonly stateHash: string
  /** Complete only when this batch, and all before it, survive a power cut. */
  readonly durable: boolean
}

/** The database as the host sees it. One batch at a time; the first error is final. */
export interface RowStore {
  commit(batch: RowBatch, done: Done): void
}
