/**
 * How much of the log may be forgotten: what a stored snapshot stands for, or what the state machine
 * keeps durably itself, less some for members that were away for a short time.
 */
import type { Entry, LogIndex } from '../types.ts'
import { LogSizes } from './log-sizes.ts'
import type { RaftConfig } from './raft-config.ts'

/** What an entry takes in a log besides its data, about. */
const OVERHEAD_BYTES = 40

export interface CompactionBounds {
  /** What the state machine keeps durably, if it does so itself. */
  readonly durableIndex: LogIndex | undefined
  readonly newestSnapshot: LogIndex | undefined
  /** Snapshots being made or fetched: what follows them in the log will be wanted. */
  readonly inFlight: readonly (LogIndex | undefined)[]
}

export class Compaction {
  readonly #config: RaftConfig
  #sizes: LogSizes
  #base: LogIndex

  constructor(config: RaftConfig, base: LogIndex, lastIndex: LogIndex, sizeBytes: number) {
    this.#config = config
    this.#base = base
    this.#sizes = new LogSizes(base, lastIndex, sizeBytes, stepBytes(config))
  }

  /** A snapshot took the place of the whole log. */
  replaced(index: LogIndex): void {
    this.#base = index
    this.#sizes = new LogSizes(index, index, 0, stepBytes(this.#config))
  }

  applied(entries: readonly Entry[]): void {
    let bytes = 0
    for (const { data } of entries) bytes += data.length + OVERHEAD_BYTES
    this.#sizes.added((entries[entries.length - 1] as Entry).index, bytes)
  }

  compacted(index: LogIndex): void {
    this.#base = index
    this.#sizes.removed(index)
  }

  /** Up to where the log may be compacted now; undefined when that is nowhere new. */
  wanted({ durableIndex, newestSnapshot, inFlight }: CompactionBounds): LogIndex | undefined {
    const limit = durableIndex ?? newestSnapshot ?? 0
    const { retainEntries, retainBytes } = this.#config
    let index = Math.max(limit - retainEntries, this.#sizes.indexBefore(limit, retainBytes))
    for (const needed of inFlight) if (needed !== undefined) index = Math.min(index, needed)
    index = Math.min(index, limit)
    return index > this.#base ? index : undefined
  }
}

function stepBytes({ retainBytes }: RaftConfig): number {
  return Math.max(4096, Math.floor(retainBytes / 64))
}
