import type { HashCheckpoint } from './hash-verdict.ts'

/** Every node notes its hash at these indexes, however the entries come to it. */
export const everyEntries = 64
/** So many of those. */
const regularCount = 192
/** And so many of those at which applying paused: at rest, the last one is the same on all nodes. */
const pauseCount = 64
/** And of the records, at the index of a batch that was written: at rest, the last one is the same too. */
const recordCount = 64

/** The hashes of this node's state at some indexes, the latest of them, in memory. */
export class HashCheckpoints {
  readonly #regular: HashCheckpoint[] = []
  readonly #pauses: HashCheckpoint[]
  readonly #records: HashCheckpoint[] = []

  constructor(start: HashCheckpoint) {
    this.#pauses = [start]
  }

  /** At an index that is a multiple of `everyEntries`. */
  passed(index: number, stateHash: string): void {
    keep(this.#regular, { index, stateHash }, regularCount)
  }

  /** Behind the last entry of a run. */
  paused(index: number, stateHash: string): void {
    keep(this.#pauses, { index, stateHash }, pauseCount)
  }

  /** Behind a batch of rows that the database has: of those that are only written. Undefined: not known. */
  recorded(index: number, recordHash: string | undefined): void {
    if (recordHash === undefined || this.#records.at(-1)?.index === index) return
    keep(this.#records, { index, stateHash: recordHash, ofRecords: true }, recordCount)
  }

  /** The state is another one: what was noted belongs to entries that are not in this node's past. */
  restart(start: HashCheckpoint): void {
    this.#regular.length = 0
    this.#records.length = 0
    this.#pauses.splice(0, this.#pauses.length, start)
  }

  /** By rising index; those of records behind all others. */
  all(): HashCheckpoint[] {
    const byIndex = new Map([...this.#regular, ...this.#pauses].map((it) => [it.index, it]))
    return [...[...byIndex.values()].sort((a, b) => a.index - b.index), ...this.#records]
  }
}

function keep(list: HashCheckpoint[], checkpoint: HashCheckpoint, most: number): void {
  list.push(checkpoint)
  if (list.length > most) list.shift()
}
