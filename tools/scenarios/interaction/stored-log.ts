/** What a node of a scenario has on its disk. */
import type { Entry, LogIndex, SnapshotMark } from '../raft-core.ts'

export class StoredLog {
  #firstIndex: LogIndex
  #entries: Entry[] = []

  constructor(firstIndex: LogIndex) {
    this.#firstIndex = firstIndex
  }

  get firstIndex(): LogIndex {
    return this.#firstIndex
  }

  get lastIndex(): LogIndex {
    return this.#firstIndex + this.#entries.length - 1
  }

  get entries(): readonly Entry[] {
    return this.#entries
  }

  at(index: LogIndex): Entry | undefined {
    return this.#entries[index - this.#firstIndex]
  }

  /** Takes the place of what is there from the first of them on. */
  append(entries: readonly Entry[]): void {
    const first = entries[0]?.index
    if (first === undefined) return
    if (first > this.lastIndex + 1) throw new Error(`the log would have a hole before ${first}`)
    this.#entries = [...this.#entries.slice(0, first - this.#firstIndex), ...entries]
  }

  reset(mark: SnapshotMark): void {
    this.#firstIndex = mark.index + 1
    this.#entries = []
  }

  compact(index: LogIndex): void {
    if (index < this.#firstIndex) return
    this.#entries = this.#entries.slice(index + 1 - this.#firstIndex)
    this.#firstIndex = index + 1
  }
}
