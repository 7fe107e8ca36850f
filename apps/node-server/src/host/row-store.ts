import type { BookingState, RowChange } from '@quorail/booking-fsm'
import type { Callback, Done, SnapshotReader, StateCapture } from '@quorail/raft-core'

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

/** The database as the host sees it. One call at a time; the first error of `commit` is final. */
export interface RowStore {
  commit(batch: RowBatch, done: Done): void
  /** The hash of the rows that are no part of the state, as the database holds them now; undefined: not known. */
  recordHash?(): string | undefined
  /** All rows as they are now, which is at `appliedIndex`; they stand still while more are committed. */
  capture(appliedIndex: number, done: Callback<StateCapture>): void
  /**
   * What was captured elsewhere takes the place of all rows: complete and durable when it calls back, with
   * the state in it, or after an error or a crash not at all.
   */
  restore(index: number, bytes: SnapshotReader, done: Callback<BookingState>): void
}
