import type { RowBatch } from '../host/row-store.ts'

/** What goes to the thread: JSON text is several times cheaper to hand over than a tree of arrays. */
export interface CommitMessage {
  readonly batch: string
}

/** What comes back, one for each message, in order. */
export interface CommitAnswer {
  readonly error: string | undefined
  /** Of all records, once the batch is written. */
  readonly recordHash?: string
}

/** Rows are numbers, texts and nulls only, so JSON gives them back exactly. */
export const packBatch = (batch: RowBatch): CommitMessage => ({ batch: JSON.stringify(batch) })
export const unpackBatch = (message: CommitMessage): RowBatch =>
  JSON.parse(message.batch) as RowBatch
