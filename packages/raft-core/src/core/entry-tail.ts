/** The newest entries of the log, in memory, bounded by bytes. */
import type { Entry, LogIndex } from '../types.ts'
import { broken } from './invariant.ts'

/** What an entry counts for in every limit: its data and about what the rest of it takes. */
export function entrySize(entry: Entry): number {
  return entry.data.length + 48
}

export class EntryTail {
  /** `#entries[i]` has index `#base + i`; those before `#first` are evicted and about to be freed. */
  #entries: (Entry | undefined)[] = []
  #base: LogIndex
  #first: LogIndex
  #bytes = 0

  /** Empty; the next entry has index `next`. */
  constructor(next: LogIndex) {
    this.#base = next
    this.#first = next
  }

  /** Index of the first entry held; one behind the last of the log when none is. */
  get first(): LogIndex {
    return this.#first
  }

  get bytes(): number {
    return this.#bytes
  }

  get(index: LogIndex): Entry {
    const entry = this.#entries[index - this.#base]
    return entry ?? broken(`entry ${index} is not in memory`)
  }

  push(entry: Entry): void {
    this.#entries.push(entry)
    this.#bytes += entrySize(entry)
  }

  /** Forgets `from` and everything behind it; the next entry has index `from`. */
  truncate(from: LogIndex): void {
    if (from <= this.#first) {
      this.reset(from)
      return
    }
    while (this.#base + this.#entries.length > from) {
      this.#bytes -= entrySize(this.#entries.pop() as Entry)
    }
  }

  /** Forgets everything; the next entry has index `next`. */
  reset(next: LogIndex): void {
    this.#entries = []
    this.#base = next
    this.#first = next
    this.#bytes = 0
  }

  /** Forgets entries up to `index`, which is not beyond the last one. */
  forget(index: LogIndex): void {
    while (this.#first <= index) this.#dropFirst()
    this.#tidy()
  }

  /** Entries from `from` up to `to`, fewer when they exceed `maxBytes`, but one at least. */
  slice(from: LogIndex, to: LogIndex, maxBytes: number): Entry[] {
    const entries: Entry[] = []
    let bytes = 0
    for (let index = from; index <= to; index++) {
      const entry = this.get(index)
      bytes += entrySize(entry)
      if (bytes > maxBytes && entries.length > 0) break
      entries.push(entry)
    }
    return entries
  }

  /** Evicts the oldest entries while more than `maxBytes` are held, none behind `lastEvictable`. */
  evict(maxBytes: number, lastEvictable: LogIndex): void {
    while (this.#bytes > maxBytes && this.#first <= lastEvictable) {
      this.#dropFirst()
    }
    this.#tidy()
  }

  #dropFirst(): void {
    const at = this.#first - this.#base
    this.#bytes -= entrySize(this.#entries[at] as Entry)
    this.#entries[at] = undefined
    this.#first++
  }

  #tidy(): void {
    const evicted = this.#first - this.#base
    if (evicted > 1024 && evicted * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(evicted)
      this.#base = this.#first
    }
  }
}
