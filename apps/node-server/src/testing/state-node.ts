/** The database of a node without the node: entries go to it, and snapshots come of it. */
import {
  applyEntry,
  type BookingState,
  type Command,
  LATEST_FEATURE_LEVEL,
  type RowChange,
  stateHash,
} from '@quorail/booking-fsm'
import type { SnapshotReader, StateCapture } from '@quorail/raft-core'
import { currentGeneration } from '../storage/generations.ts'
import { loadDatabase } from '../storage/load-database.ts'
import { StateStore } from '../storage/state-store.ts'

/** A node's database, and the entries that go to it. */
export class StateNode {
  readonly folder: string
  readonly state: BookingState
  readonly store: StateStore
  index: number

  constructor(folder: string) {
    this.folder = folder
    const file = currentGeneration(folder)
    const { state, appliedIndex } = loadDatabase(file)
    this.state = state
    this.index = appliedIndex
    this.store = new StateStore(file)
  }

  async write(command: Command): Promise<void> {
    this.index += 1
    const { index, state } = this
    const entry = { index, timestampMs: 1_000 + index, actor: 0, key: undefined, command }
    await this.commit(applyEntry(state, entry).changes)
  }

  async commit(changes: readonly RowChange[]): Promise<void> {
    const { index, state } = this
    const batch = { changes, appliedIndex: index, stateHash: stateHash(state), durable: true }
    await new Promise<void>((resolve, reject) =>
      this.store.commit(batch, (error) => (error === undefined ? resolve() : reject(error))),
    )
  }

  async fill(accounts: number): Promise<void> {
    if (this.index === 0) {
      await this.write({
        type: 'foundCluster',
        clusterId: 'ab'.repeat(16),
        pnrKey: [1, 2, 3, 4],
        currency: 'EUR',
        holdMs: 600_000,
        paymentWindowMs: 120_000,
        featureLevel: LATEST_FEATURE_LEVEL,
      })
    }
    for (let at = 0; at < accounts; at += 1) {
      await this.write({
        type: 'registerAccount',
        email: `p${this.index}@example.org`,
        displayName: `Zoë ${this.index}`,
        passwordHash: 'x',
        role: 'passenger',
      })
    }
  }

  capture(): Promise<StateCapture> {
    return new Promise((resolve, reject) =>
      this.store.capture(this.index, (error, capture) =>
        error ? reject(error) : resolve(capture),
      ),
    )
  }

  restore(index: number, bytes: SnapshotReader): Promise<BookingState> {
    return new Promise((resolve, reject) =>
      this.store.restore(index, bytes, (error, state) => (error ? reject(error) : resolve(state))),
    )
  }
}

export async function drain(capture: StateCapture): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for (;;) {
    const piece = await new Promise<Uint8Array | undefined>((resolve, reject) =>
      capture.next((error, it) => (error ? reject(error) : resolve(it))),
    )
    if (piece === undefined) break
    pieces.push(piece)
  }
  capture.release()
  return Buffer.concat(pieces)
}

export const reader = (bytes: Buffer): SnapshotReader => ({
  sizeBytes: bytes.length,
  read: (offset, length, done) => done(undefined, bytes.subarray(offset, offset + length)),
})
