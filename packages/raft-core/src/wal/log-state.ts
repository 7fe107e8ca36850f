import type {
  Entry,
  Genesis,
  HardState,
  Incarnation,
  KnownPeer,
  LogBase,
  LogIndex,
  LogWrite,
  RestoredLog,
  SnapshotMark,
  Term,
  TermRun,
} from '../types.ts'
import { beginningOf, isSameGenesis } from './founders.ts'

/** All that a log says besides its entries: plain data, enough to go on from without what was before. */
export type LogSummary = Omit<RestoredLog, 'incarnation' | 'firstIndex'>

/**
 * What the log says after the writes applied so far: the same rules for a write that comes in and
 * for one that is read back. Every method returns the rule that was broken, if one was; the state is
 * spoilt then.
 */
export class LogState {
  #genesis: Genesis | undefined
  #base: SnapshotMark
  #lastIndex: LogIndex = 0
  #hardState: HardState = { term: 0, votedFor: undefined, commitIndex: 0 }
  #termRuns: TermRun[] = []
  #configEntries: Entry[] = []
  readonly #peers = new Map<string, Incarnation>()

  /** An empty log. */
  constructor(genesis: Genesis | undefined) {
    this.#genesis = genesis
    this.#base = beginningOf(genesis)
  }

  static of(summary: LogSummary): LogState {
    const state = new LogState(summary.genesis)
    state.#base = summary.base
    state.#lastIndex = summary.lastIndex
    state.#hardState = summary.hardState
    state.#termRuns = [...summary.termRuns]
    state.#configEntries = [...summary.configEntries]
    for (const { id, incarnation } of summary.peers) state.#peers.set(id, incarnation)
    return state
  }

  get genesis(): Genesis | undefined {
    return this.#genesis
  }

  get base(): SnapshotMark {
    return this.#base
  }

  get firstIndex(): LogIndex {
    return this.#base.index + 1
  }

  get lastIndex(): LogIndex {
    return this.#lastIndex
  }

  get hardState(): HardState {
    return this.#hardState
  }

  get lastTerm(): Term {
    return this.#termRuns.at(-1)?.term ?? this.#base.term
  }

  /** A copy of all of it. The same state always gives the same summary. */
  summary(): LogSummary {
    return {
      genesis: this.#genesis,
      base: this.#base,
      lastIndex: this.#lastIndex,
      hardState: this.#hardState,
      termRuns: [...this.#termRuns],
      configEntries: [...this.#configEntries],
      peers: [...this.#peers]
        .map(([id, incarnation]) => ({ id, incarnation }))
        .sort((a, b) => (a.id < b.id ? -1 : 1)),
    }
  }

  /** What a store gives back when it is opened. */
  restored(incarnation: Incarnation): RestoredLog {
    return { ...this.summary(), incarnation, firstIndex: this.firstIndex }
  }

  /** Applies a whole write. */
  apply(write: LogWrite): string | undefined {
    let broken: string | undefined
    if (write.genesis !== undefined) broken = this.adoptGenesis(write.genesis)
    if (write.base !== undefined) broken ??= this.setBase(write.base)
    if (write.truncateFrom !== undefined) broken ??= this.truncate(write.truncateFrom)
    for (const entry of write.entries) {
      broken ??= this.append(entry, entry.kind === 'config' ? entry : undefined)
    }
    if (write.hardState !== undefined) broken ??= this.setHardState(write.hardState)
    for (const peer of write.peers) this.knowPeer(peer)
    return broken ?? this.endWrite()
  }

  adoptGenesis(genesis: Genesis): string | undefined {
    if (this.#genesis !== undefined) {
      if (isSameGenesis(this.#genesis, genesis)) return undefined
      return `the log is of cluster ${this.#genesis.clusterId} and can not become one of ${genesis.clusterId}`
    }
    this.#genesis = genesis
    if (this.#base.index === 0) this.#base = beginningOf(genesis)
    return undefined
  }

  setBase({ mark, reset }: LogBase): string | undefined {
    if (mark.index < this.#base.index) {
      return `the log begins behind entry ${this.#base.index} and can not begin behind ${mark.index}`
    }
    const broken = reset ? this.#checkReset(mark) : this.#checkCompaction(mark)
    if (broken !== undefined) return broken
    this.#base = mark
    if (reset) {
      this.#lastIndex = mark.index
      this.#termRuns = []
      this.#configEntries = []
      return undefined
    }
    this.#configEntries = this.#configEntries.filter((entry) => entry.index > mark.index)
    const covering = this.#termRuns.findLastIndex((run) => run.firstIndex <= mark.index + 1)
    this.#termRuns.splice(0, covering)
    if (mark.index === this.#lastIndex) this.#termRuns = []
    else {
      const { term } = this.#termRuns[0] as TermRun
      this.#termRuns[0] = { term, firstIndex: mark.index + 1 }
    }
    return undefined
  }

  truncate(from: LogIndex): string | undefined {
    const kept = Math.max(this.#hardState.commitIndex, this.#base.index)
    if (from <= kept) return `entry ${from} is committed (up to ${kept}) and can not be removed`
    if (from > this.#lastIndex + 1) return `there is no entry ${from} to remove`
    this.#lastIndex = from - 1
    while ((this.#termRuns.at(-1)?.firstIndex ?? 0) >= from) this.#termRuns.pop()
    while ((this.#configEntries.at(-1)?.index ?? 0) >= from) this.#configEntries.pop()
    return undefined
  }

  /** `config`: the whole entry, if it is of that kind. */
  append(entry: Pick<Entry, 'index' | 'term'>, config: Entry | undefined): string | undefined {
    if (entry.index !== this.#lastIndex + 1) {
      return `entry ${entry.index} does not follow entry ${this.#lastIndex}`
    }
    if (entry.term < this.lastTerm || entry.term < 1) {
      return `entry ${entry.index} of term ${entry.term} follows one of term ${this.lastTerm}`
    }
    if (entry.term !== this.#termRuns.at(-1)?.term) {
      this.#termRuns.push({ term: entry.term, firstIndex: entry.index })
    }
    if (config !== undefined) this.#configEntries.push(config)
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

  knowPeer({ id, incarnation }: KnownPeer): void {
    this.#peers.set(id, incarnation)
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

  #checkReset(mark: SnapshotMark): string | undefined {
    const { commitIndex } = this.#hardState
    if (mark.index >= commitIndex) return undefined
    return `a snapshot of entry ${mark.index} can not take the place of entries committed up to ${commitIndex}`
  }

  #checkCompaction(mark: SnapshotMark): string | undefined {
    if (mark.index > this.#lastIndex) {
      return `entries up to ${mark.index} can not be compacted: the last one is ${this.#lastIndex}`
    }
    const run = this.#termRuns.findLast(({ firstIndex }) => firstIndex <= mark.index)
    const term = mark.index === this.#base.index ? this.#base.term : run?.term
    if (term === mark.term) return undefined
    return `the mark says that entry ${mark.index} is of term ${mark.term}, it is of term ${term}`
  }
}
