import type { Callback, Done, SnapshotReader, StateCapture, StateMachine } from '../ports.ts'
import type { Entry, LogIndex, SnapshotMark } from '../types.ts'
import { getU32, putU32 } from '../wal/bytes.ts'
import { chainHash } from './digest.ts'

/** What a machine that is durable by itself had on its disk. */
export interface ChainStore {
  index: LogIndex
  hash: number
}

const STATE_BYTES = 8
/** A snapshot is padded, so that it comes in several pieces. */
const PADDING_BYTES = 600

/**
 * The simplest state machine that notices everything: its state is the chain of what it applied. The
 * result of an entry is its data.
 */
export class ChainMachine implements StateMachine<Uint8Array> {
  readonly #store: ChainStore | undefined
  #appliedIndex: LogIndex
  #hash: number

  /** With a store: a machine that keeps its state durably itself, from time to time. */
  constructor(store: ChainStore | undefined) {
    this.#store = store
    this.#appliedIndex = store?.index ?? 0
    this.#hash = store?.hash ?? 0
  }

  get appliedIndex(): LogIndex {
    return this.#appliedIndex
  }

  get durableIndex(): LogIndex | undefined {
    return this.#store?.index
  }

  get hash(): number {
    return this.#hash
  }

  apply(entries: readonly Entry[], done: Callback<readonly Uint8Array[]>): void {
    const results: Uint8Array[] = []
    for (const entry of entries) {
      this.#appliedIndex = entry.index
      this.#hash = chainHash(this.#hash, entry, entry.data)
      results.push(entry.data)
    }
    // Every few entries its database commits.
    if (this.#appliedIndex % 7 < entries.length) this.#keep()
    done(undefined, results)
  }

  #keep(): void {
    if (this.#store === undefined) return
    this.#store.index = this.#appliedIndex
    this.#store.hash = this.#hash
  }

  capture(done: Callback<StateCapture>): void {
    const bytes = new Uint8Array(STATE_BYTES + (this.#appliedIndex % PADDING_BYTES))
    putU32(bytes, 0, this.#appliedIndex)
    putU32(bytes, 4, this.#hash)
    let at = 0
    done(undefined, {
      next: (piece) => {
        const from = at
        at = Math.min(bytes.length, at + 100)
        piece(undefined, from === bytes.length ? undefined : bytes.subarray(from, at))
      },
      release: () => {},
    })
  }

  restore(mark: SnapshotMark, bytes: SnapshotReader, done: Done): void {
    bytes.read(0, STATE_BYTES, (error, state) => {
      if (error !== undefined) return done(error)
      const size = STATE_BYTES + (mark.index % PADDING_BYTES)
      if (getU32(state, 0) !== mark.index || bytes.sizeBytes !== size) {
        return done(new Error(`the snapshot of ${mark.index} is of another state`))
      }
      this.#appliedIndex = mark.index
      this.#hash = getU32(state, 4)
      this.#keep()
      done(undefined)
    })
  }
}
