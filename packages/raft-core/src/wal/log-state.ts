import type { Entry, HardState, LogIndex, LogWrite, Term, TermRun } from '../types.ts'

/**
 * What the log says after the writes applied so far: the same rules for a write that comes in and
 * for one that is read back.
 */
export class LogState {
  readonly firstIndex: LogIndex = 1
  #lastIndex: LogIndex = 0
  #hardState: HardState = { term: 0, votedFor: undefined, commitIndex: 0 }
  readonly #termRuns: TermRun[] = []

  get lastIndex(): LogIndex {
    return this.#lastIndex
  }

  get hardState(): HardState {
    return this.#hardState
  }

  get termRuns(): readonly TermRun[] {
    return [...this.#termRuns]
  }

  get lastTerm(): Term {
    return this.#termRuns.at(-1)?.term ?? 0
  }

  /** Applies a whole write, or returns the rule it breaks (the state is spoilt then). */
  apply(write: LogWrite): string | undefined {
    const truncated =
      write.truncateFrom === undefined ? undefined : this.truncate(write.truncateFrom)
    if (truncated !== undefined) return truncated
    for (const entry of write.entries) {
      const appended = this.append(entry)
      if (appended !== undefined) return appended
    }
    const set = write.hardState === undefined ? undefined : this.setHardState(write.hardState)
    return set ?? this.endWrite()
  }

  truncate(from: LogIndex): string | undefined {
    if (from <= this.#hardState.commitIndex) {
      return `entry ${from} is committed (up to ${this.#hardState.commitIndex}) and can not be removed`
    }
    if (from > this.#lastIndex + 1) return `there is no entry ${from} to remove`
    this.#lastIndex = from - 1
    while ((this.#termRuns.at(-1)?.firstIndex ?? 0) >= from) this.#termRuns.pop()
    return undefined
  }

  append(entry: Pick<Entry, 'index' | 'term'>): string | undefined {
    if (entry.index !== this.#lastIndex + 1) {
      return `entry ${entry.index} does not follow entry ${this.#lastIndex}`
    }
    if (entry.term < this.lastTerm || entry.term < 1) {
      return `entry ${entry.index} of term ${entry.term} follows one of term ${this.lastTerm}`
    }
    if (entry.term !== this.lastTerm) {
      this.#termRuns.push({ term: entry.term, firstIndex: entry.index })
    }
    this.#lastIndex = entry.index
    return undefined
  }

  setHardState(next: HardState): string | undefined {
    const now = this.#hardState
    if (next.term < now.term) return `the term goes back from ${now.term} to ${next.term}`
    if (next.term === now.term && now.votedFor !== undefined && next.votedFor !== now.votedFor) {
      return `the vote of term ${now.term} changes from ${now.votedFor} to ${next.votedFor}`
    }
    if (next.commitIndex < now.commitIndex) {
      return `the commit index goes back from ${now.commitIndex} to ${next.commitIndex}`
    }
    this.#hardState = next
    return undefined
  }

  /** What must hold between two writes. */
  endWrite(): string | undefined {
    const { term, commitIndex } = this.#hardState
    if (commitIndex > this.#lastIndex) {
      return `the commit index ${commitIndex} is beyond the last entry ${this.#lastIndex}`
    }
    if (this.lastTerm > term) return `an entry of term ${this.lastTerm} is logged in term ${term}`
    return undefined
  }
}
