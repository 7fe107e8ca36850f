/**
 * The log as the core sees it: all terms, the newest entries, and which of them are durable.
 *
 * Writes are given out in order and complete in order, several may be under way. A truncation at `t`
 * takes back what earlier writes promised from `t` on, so a late completion of an old write can not
 * make a newer entry at the same index count as durable (the ABA problem of asynchronous appends).
 */
import type { Entry, LogBase, LogIndex, RestoredLog, SnapshotMark, Term } from '../types.ts'
import { EntryTail } from './entry-tail.ts'
import { broken, invariant } from './invariant.ts'
import { TermRuns } from './term-runs.ts'

/** What a write that is under way makes durable when it completes. */
interface PendingWrite {
  readonly id: number
  /** Lowered by later truncations. */
  lastIndex: LogIndex
  /** The tick at which it was given out. */
  readonly since: number
}

/** What is not yet part of a write. */
export interface UnwrittenLog {
  readonly base: LogBase | undefined
  readonly truncateFrom: LogIndex | undefined
  readonly entries: readonly Entry[]
}

const NOTHING: readonly Entry[] = []

export class RaftLog {
  readonly #terms: TermRuns
  readonly #tail: EntryTail
  readonly #pending: PendingWrite[] = []
  /** First entry that no write has carried yet. */
  #writeFrom: LogIndex
  #truncateFrom: LogIndex | undefined
  #base: LogBase | undefined
  #durableIndex: LogIndex

  constructor(restored: Pick<RestoredLog, 'base' | 'lastIndex' | 'termRuns'>) {
    const { base, lastIndex, termRuns } = restored
    this.#terms = new TermRuns(base.index, base.term, termRuns, lastIndex)
    this.#tail = new EntryTail(lastIndex + 1)
    this.#writeFrom = lastIndex + 1
    this.#durableIndex = lastIndex
  }

  /** The first entry there is; one behind the last when there is none. */
  get firstIndex(): LogIndex {
    return this.#terms.baseIndex + 1
  }

  get lastIndex(): LogIndex {
    return this.#terms.lastIndex
  }

  get lastTerm(): Term {
    return this.#terms.lastTerm
  }

  /** Everything up to here survives a crash. */
  get durableIndex(): LogIndex {
    return this.#durableIndex
  }

  /** First entry in memory; older ones have to be read. */
  get firstInMemory(): LogIndex {
    return this.#tail.first
  }

  get tailBytes(): number {
    return this.#tail.bytes
  }

  get writesInFlight(): number {
    return this.#pending.length
  }

  /** The tick at which the oldest write under way was given out, if there is one. */
  get oldestWriteSince(): number | undefined {
    return this.#pending[0]?.since
  }

  get hasUnwritten(): boolean {
    return (
      this.#writeFrom <= this.lastIndex ||
      this.#truncateFrom !== undefined ||
      this.#base !== undefined
    )
  }

  /** Also of the entry before the first one; undefined outside the log. */
  termAt(index: LogIndex): Term | undefined {
    return this.#terms.termAt(index)
  }

  /** See `TermRuns.lastAtOrBelow`. */
  lastAtOrBelow(index: LogIndex, term: Term): LogIndex {
    return this.#terms.lastAtOrBelow(index, term)
  }

  /** Raft §5.4.1: the later last term wins; with equal terms, the longer log. */
  isUpToDate(lastLogIndex: LogIndex, lastLogTerm: Term): boolean {
    return (
      lastLogTerm > this.lastTerm ||
      (lastLogTerm === this.lastTerm && lastLogIndex >= this.lastIndex)
    )
  }

  append(entry: Entry): void {
    this.#terms.append(entry.index, entry.term)
    this.#tail.push(entry)
  }

  /** Removes `from` and everything behind it. The caller has made sure that none of it is committed. */
  truncate(from: LogIndex): void {
    if (from > this.lastIndex) broken(`nothing to truncate at ${from}`)
    this.#terms.truncate(from)
    this.#tail.truncate(from)
    this.#durableIndex = Math.min(this.#durableIndex, from - 1)
    for (const write of this.#pending) write.lastIndex = Math.min(write.lastIndex, from - 1)
    if (from < this.#writeFrom) {
      this.#writeFrom = from
      this.#truncateFrom = Math.min(this.#truncateFrom ?? from, from)
    }
  }

  /** Forgets entries up to the mark. They are applied, so nobody here needs them. */
  compact(mark: SnapshotMark): void {
    this.#terms.compact(mark.index)
    this.#tail.forget(mark.index)
    // A snapshot that is not yet written takes its place further on.
    this.#base = { mark, reset: this.#base?.reset ?? false }
    this.#writeFrom = Math.max(this.#writeFrom, mark.index + 1)
  }

  /**
   * A snapshot takes the place of the whole log. Nothing that was written before counts any more, and
   * the log is durable again when the write that says so is.
   */
  reset(mark: SnapshotMark): void {
    this.#terms.reset(mark.index, mark.term)
    this.#tail.reset(mark.index + 1)
    this.#base = { mark, reset: true }
    this.#truncateFrom = undefined
    this.#writeFrom = mark.index + 1
    this.#durableIndex = 0
    for (const write of this.#pending) write.lastIndex = 0
  }

  /** Entries in memory, from `from` up to `to`, at most `maxBytes` but one at least. */
  entries(from: LogIndex, to: LogIndex, maxBytes: number): Entry[] {
    return this.#tail.slice(from, to, maxBytes)
  }

  /** Hands out what is not yet in a write, as part of write `id`. */
  takeUnwritten(id: number, tick: number): UnwrittenLog {
    const last = this.lastIndex
    const entries =
      this.#writeFrom <= last
        ? this.#tail.slice(this.#writeFrom, last, Number.POSITIVE_INFINITY)
        : NOTHING
    const truncateFrom = this.#truncateFrom
    const base = this.#base
    this.#writeFrom = last + 1
    this.#truncateFrom = undefined
    this.#base = undefined
    this.#pending.push({ id, lastIndex: last, since: tick })
    return { base, truncateFrom, entries }
  }

  /** Write `id`, and with it every earlier one, is durable. */
  completeWrite(id: number): void {
    const pending = this.#pending
    invariant(
      pending.length > 0 && (pending[0] as PendingWrite).id <= id,
      `write ${id} completed, but is not under way`,
    )
    while (pending.length > 0 && (pending[0] as PendingWrite).id <= id) {
      const write = pending.shift() as PendingWrite
      this.#durableIndex = Math.max(this.#durableIndex, write.lastIndex)
    }
    invariant(this.#durableIndex <= this.lastIndex, 'what is durable is in the log')
  }

  /** Keeps the memory within `maxBytes`, as far as it holds durable entries. */
  evict(maxBytes: number): void {
    if (this.#tail.bytes > maxBytes) this.#tail.evict(maxBytes, this.#durableIndex)
  }
}
