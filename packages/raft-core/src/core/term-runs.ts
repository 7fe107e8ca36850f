/**
 * The term of every entry of the log, as runs of equal terms. Few elections happen in the life of a
 * log, so the whole of it stays in memory and no entry has to be read to compare two logs.
 */
import type { LogIndex, Term, TermRun } from '../types.ts'
import { invariant } from './invariant.ts'

export class TermRuns {
  /** Invariant: both `term` and `firstIndex` strictly increase; empty exactly when the log is. */
  readonly #runs: TermRun[]
  /** The entry before the first one: it is not there any more, but its term is known. */
  #baseIndex: LogIndex
  #baseTerm: Term
  #lastIndex: LogIndex

  constructor(baseIndex: LogIndex, baseTerm: Term, runs: readonly TermRun[], lastIndex: LogIndex) {
    this.#runs = [...runs]
    this.#baseIndex = baseIndex
    this.#baseTerm = baseTerm
    this.#lastIndex = lastIndex
    invariant(lastIndex >= baseIndex, 'a log does not end before it begins')
    invariant(
      (runs[0]?.firstIndex ?? lastIndex + 1) === baseIndex + 1,
      'the first term run begins with the first entry',
    )
    for (let i = 0; i < runs.length; i++) {
      const run = runs[i] as TermRun
      const before = runs[i - 1]
      invariant(run.firstIndex <= lastIndex, 'a term run begins behind the last entry')
      invariant(
        before === undefined || (before.term < run.term && before.firstIndex < run.firstIndex),
        'the terms of a log never decrease',
      )
    }
  }

  get baseIndex(): LogIndex {
    return this.#baseIndex
  }

  get lastIndex(): LogIndex {
    return this.#lastIndex
  }

  get lastTerm(): Term {
    return this.#runs.at(-1)?.term ?? this.#baseTerm
  }

  /**
   * The term of an entry of the log, or of the one before its first. Undefined for any other index:
   * never 0 for "unknown", which would compare equal.
   */
  termAt(index: LogIndex): Term | undefined {
    if (index === this.#baseIndex) return this.#baseTerm
    if (index < this.#baseIndex || index > this.#lastIndex) return undefined
    return this.#runAt(index).term
  }

  append(index: LogIndex, term: Term): void {
    invariant(index === this.#lastIndex + 1, 'an entry is appended right behind the last one')
    const last = this.lastTerm
    if (this.#runs.length === 0 || term !== last) {
      invariant(term >= last, 'the terms of a log never decrease')
      this.#runs.push({ term, firstIndex: index })
    }
    this.#lastIndex = index
  }

  /** Forgets `from` and everything behind it. */
  truncate(from: LogIndex): void {
    invariant(from > this.#baseIndex, 'what is compacted is not truncated')
    while ((this.#runs.at(-1)?.firstIndex ?? 0) >= from) this.#runs.pop()
    this.#lastIndex = Math.min(this.#lastIndex, from - 1)
  }

  /** Forgets everything up to `index`, but the term of the entry there. */
  compact(index: LogIndex): void {
    const term = this.termAt(index)
    invariant(term !== undefined, 'a log is compacted within its bounds')
    while (this.#runs.length > 0) {
      const next = this.#runs[1]?.firstIndex ?? this.#lastIndex + 1
      if (next > index + 1) break
      this.#runs.shift()
    }
    const first = this.#runs[0]
    if (first !== undefined && first.firstIndex <= index) {
      this.#runs[0] = { term: first.term, firstIndex: index + 1 }
    }
    this.#baseIndex = index
    this.#baseTerm = term
  }

  /** An empty log behind `index`. */
  reset(index: LogIndex, term: Term): void {
    this.#runs.length = 0
    this.#baseIndex = index
    this.#baseTerm = term
    this.#lastIndex = index
  }

  /**
   * The last index, at most `index`, whose term is at most `term`: where two logs may still agree if
   * they differ at `index` and the other one has `term` there. Each side skips a whole term a round.
   * Where the term is not known any more, the logs may agree.
   */
  lastAtOrBelow(index: LogIndex, term: Term): LogIndex {
    let bound = Math.min(index, this.#lastIndex)
    for (let i = this.#runs.length - 1; i >= 0; i--) {
      const run = this.#runs[i] as TermRun
      if (run.firstIndex > bound) continue
      if (run.term <= term) return bound
      bound = run.firstIndex - 1
    }
    if (bound === this.#baseIndex && this.#baseTerm > term) return bound - 1
    return bound
  }

  /** Of an entry that is there: the first run begins with the first entry. */
  #runAt(index: LogIndex): TermRun {
    const runs = this.#runs
    const last = runs.length - 1
    if ((runs[last] as TermRun).firstIndex <= index) return runs[last] as TermRun
    let low = 0
    let high = last
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      if ((runs[middle] as TermRun).firstIndex <= index) low = middle
      else high = middle - 1
    }
    return runs[low] as TermRun
  }
}
