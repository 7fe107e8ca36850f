/**
 * The term of every entry of the log, as runs of equal terms. Few elections happen in the life of a
 * log, so the whole of it stays in memory and no entry has to be read to compare two logs.
 */
import type { LogIndex, Term, TermRun } from '../types.ts'
import { invariant } from './invariant.ts'

export class TermRuns {
  /** Invariant: both `term` and `firstIndex` strictly increase; empty exactly when the log is. */
  readonly #runs: TermRun[]
  #lastIndex: LogIndex

  constructor(runs: readonly TermRun[], lastIndex: LogIndex) {
    this.#runs = [...runs]
    this.#lastIndex = lastIndex
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

  get lastIndex(): LogIndex {
    return this.#lastIndex
  }

  get lastTerm(): Term {
    return this.#runs.at(-1)?.term ?? 0
  }

  /** 0 for index 0; undefined for an index that is not in the log. Never 0 for "unknown". */
  termAt(index: LogIndex): Term | undefined {
    if (index === 0) return 0
    if (index < 0 || index > this.#lastIndex) return undefined
    return this.#runAt(index)?.term
  }

  append(index: LogIndex, term: Term): void {
    invariant(index === this.#lastIndex + 1, 'an entry is appended right behind the last one')
    const last = this.lastTerm
    if (term !== last) {
      invariant(term > last, 'the terms of a log never decrease')
      this.#runs.push({ term, firstIndex: index })
    }
    this.#lastIndex = index
  }

  /** Forgets `from` and everything behind it. */
  truncate(from: LogIndex): void {
    while ((this.#runs.at(-1)?.firstIndex ?? 0) >= from) this.#runs.pop()
    this.#lastIndex = Math.min(this.#lastIndex, from - 1)
  }

  /**
   * The last index, at most `index`, whose term is at most `term`: where two logs may still agree if
   * they differ at `index` and the other one has `term` there. Each side skips a whole term a round.
   */
  lastAtOrBelow(index: LogIndex, term: Term): LogIndex {
    let bound = Math.min(index, this.#lastIndex)
    for (let i = this.#runs.length - 1; i >= 0; i--) {
      const run = this.#runs[i] as TermRun
      if (run.firstIndex > bound) continue
      if (run.term <= term) return bound
      bound = run.firstIndex - 1
    }
    return 0
  }

  #runAt(index: LogIndex): TermRun | undefined {
    const runs = this.#runs
    const last = runs.length - 1
    if (last >= 0 && (runs[last] as TermRun).firstIndex <= index) return runs[last]
    let low = 0
    let high = last
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      if ((runs[middle] as TermRun).firstIndex <= index) low = middle
      else high = middle - 1
    }
    const run = runs[low]
    return run !== undefined && run.firstIndex <= index ? run : undefined
  }
}
