import path from 'node:path'
import type { BookingState } from '@quorail/booking-fsm'
import type { Callback, Done, SnapshotReader, StateCapture } from '@quorail/raft-core'
import type { RowBatch, RowStore } from '../host/row-store.ts'
import { captureDatabase } from '../snapshots/capture-database.ts'
import { receiveDatabase } from '../snapshots/receive-database.ts'
import { openDatabase } from './database.ts'
import { completeGeneration, draftGeneration, removeOldGenerations } from './generations.ts'
import { readRecordHashes } from './progress.ts'
import { RecordHashes } from './record-hashes.ts'
import { type RowWriter, startRowWriter } from './row-writer.ts'

/** The databases of a node: rows go to the newest, which a snapshot takes the place of. */
export class StateStore implements RowStore {
  readonly #folder: string
  #file: string
  #writer: RowWriter
  /** Of the records that were there before anything was written to this database here. */
  #firstRecordHash: string | undefined

  /** `file` has been migrated, and nobody writes to it. */
  constructor(file: string) {
    this.#folder = path.dirname(file)
    this.#file = file
    this.#writer = startRowWriter(file)
    this.#firstRecordHash = recordHashOf(file)
  }

  /** The newest: another one when a snapshot has come. */
  get file(): string {
    return this.#file
  }

  commit(batch: RowBatch, done: Done): void {
    this.#writer.commit(batch, done)
  }

  recordHash(): string | undefined {
    return this.#writer.recordHash() ?? this.#firstRecordHash
  }

  capture(appliedIndex: number, done: Callback<StateCapture>): void {
    captureDatabase(this.#file, appliedIndex, done)
  }

  restore(index: number, bytes: SnapshotReader, done: Callback<BookingState>): void {
    this.#restore(index, bytes).then(
      (state) => done(undefined, state),
      (error: Error) => done(error, undefined as never),
    )
  }

  async close(): Promise<void> {
    await this.#writer.close()
  }

  async #receive(draft: string, index: number, bytes: SnapshotReader): Promise<BookingState> {
    const { header, state } = await receiveDatabase(draft, bytes)
    if (header.appliedIndex === index) return state
    throw new Error(`the snapshot of index ${index} holds the state of ${header.appliedIndex}`)
  }

  /** The steps between which a crash may come: before the name is durable the old one counts, then the new one. */
  async #restore(index: number, bytes: SnapshotReader): Promise<BookingState> {
    const draft = draftGeneration(this.#folder, index)
    const state = await this.#receive(draft, index, bytes).catch((error: unknown) => {
      draftGeneration(this.#folder, index)
      throw error
    })
    await this.#writer.close()
    this.#file = completeGeneration(this.#folder, index)
    this.#writer = startRowWriter(this.#file)
    this.#firstRecordHash = recordHashOf(this.#file)
    removeOldGenerations(this.#folder)
    return state
  }
}

function recordHashOf(file: string): string | undefined {
  const sqlite = openDatabase(file)
  try {
    const recorded = readRecordHashes(sqlite)
    return recorded === undefined ? undefined : RecordHashes.parse(recorded).total()
  } finally {
    sqlite.close()
  }
}
