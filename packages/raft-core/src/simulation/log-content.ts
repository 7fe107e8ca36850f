import type { Entry, HardState, LogIndex, LogWrite, RestoredLog, Term } from '../types.ts'
import type { LogView } from './checker.ts'
import { chainHash } from './digest.ts'

/** The chain hash of an entry that is committed. */
export type HashOfCommitted = (index: LogIndex) => number | undefined

/** What a log says: the chain hash of every entry, where it begins, and the hard state. */
export class LogContent implements LogView {
  hardState: HardState
  readonly #hashOfCommitted: HashOfCommitted
  /** By index. What is not above `#base` is committed, and looked up there. */
  #hashes: number[] = []
  #terms: Term[] = []
  #base: LogIndex = 0
  #baseTerm: Term = 0
  #last: LogIndex = 0

  constructor(hashOfCommitted: HashOfCommitted, hardState: HardState) {
    this.#hashOfCommitted = hashOfCommitted
    this.hardState = hardState
  }

  static restored(
    hashOfCommitted: HashOfCommitted,
    restored: RestoredLog,
    entries: readonly Entry[],
  ): LogContent {
    const content = new LogContent(hashOfCommitted, restored.hardState)
    content.#begin(restored.base.index, restored.base.term, true)
    content.#append(entries, content.#hash(entries))
    return content
  }

  get lastIndex(): LogIndex {
    return this.#last
  }

  get baseIndex(): LogIndex {
    return this.#base
  }

  hashAt(index: LogIndex): number | undefined {
    if (index <= this.#base) return this.#hashOfCommitted(index)
    return index > this.#last ? undefined : this.#hashes[index]
  }

  termAt(index: LogIndex): Term | undefined {
    if (index === this.#base) return this.#baseTerm
    return index < this.#base || index > this.#last ? undefined : this.#terms[index]
  }

  /** Takes a write over; gives the hashes of its entries. */
  apply(write: LogWrite): readonly number[] {
    this.#prepare(write)
    const hashes = this.#hash(write.entries)
    this.#append(write.entries, hashes)
    return hashes
  }

  /** `apply` with the hashes known. */
  applyHashed(write: LogWrite, hashes: readonly number[]): void {
    this.#prepare(write)
    this.#append(write.entries, hashes)
  }

  copy(): LogContent {
    const copy = new LogContent(this.#hashOfCommitted, this.hardState)
    copy.#hashes = [...this.#hashes]
    copy.#terms = [...this.#terms]
    copy.#base = this.#base
    copy.#baseTerm = this.#baseTerm
    copy.#last = this.#last
    return copy
  }

  isSameAs(other: LogContent): boolean {
    return (
      this.#base === other.#base &&
      this.#baseTerm === other.#baseTerm &&
      this.#last === other.#last &&
      this.hashAt(this.#last) === other.hashAt(this.#last) &&
      this.hardState.term === other.hardState.term &&
      this.hardState.votedFor === other.hardState.votedFor &&
      this.hardState.commitIndex === other.hardState.commitIndex
    )
  }

  toString(): string {
    const { term, votedFor, commitIndex } = this.hardState
    return `entries ${this.#base + 1} to ${this.#last}, term ${term}, vote ${votedFor}, commit ${commitIndex}`
  }

  #prepare(write: LogWrite): void {
    const { base, truncateFrom } = write
    if (base !== undefined) this.#begin(base.mark.index, base.mark.term, base.reset)
    if (truncateFrom !== undefined) this.#last = Math.min(this.#last, truncateFrom - 1)
    this.hardState = write.hardState ?? this.hardState
  }

  #begin(index: LogIndex, term: Term, reset: boolean): void {
    this.#base = index
    this.#baseTerm = term
    if (reset || this.#last < index) this.#last = index
  }

  #hash(entries: readonly Entry[]): number[] {
    let hash = this.hashAt(this.#last) ?? 0
    return entries.map((entry) => (hash = chainHash(hash, entry, entry.data)))
  }

  #append(entries: readonly Entry[], hashes: readonly number[]): void {
    for (let i = 0; i < entries.length; i++) {
      const { index, term } = entries[i] as Entry
      this.#hashes[index] = hashes[i] as number
      this.#terms[index] = term
      this.#last = index
    }
  }
}
