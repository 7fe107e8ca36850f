import type { Callback, Done, LogStats, LogStore } from '../ports.ts'
import type { Entry, HardState, LogIndex, LogWrite, RestoredLog, Term } from '../types.ts'
import type { Checker } from './checker.ts'
import { type HashOfCommitted, LogContent } from './log-content.ts'

/** What the node's disk and role are like, for the checks that need them. */
export interface LogSurroundings {
  readonly id: string
  /** Whether everything written to the disk so far has been synced. */
  isSynced(): boolean
  isLeader(): boolean
  /** What is committed by now: a write may rest on a commit of the same turn. */
  noteCommits(): void
  /** Something has just happened: the moment for a fault. */
  moment(name: string): void
}

interface InFlight {
  readonly write: LogWrite
  readonly hashes: readonly number[]
}

const NOTHING: HardState = { term: 0, votedFor: undefined, commitIndex: 0 }

/**
 * Remembers, over all lives of a node, what was given to its log and what was confirmed durable, and
 * compares with that what the log gives back after a crash.
 */
export class LogHistory {
  /** As of the last write given. */
  given: LogContent
  /** As of the last write confirmed. */
  durable: LogContent
  /** The last `config` entry that it was given, if it is there still. */
  lastConfig: LogIndex = 0
  /** What became of writes that a crash met on their way: there were none, all lost, some there. */
  cameBack: 'whole' | 'lost' | 'more' = 'whole'
  readonly #hashOfCommitted: HashOfCommitted
  #inFlight: InFlight[] = []

  constructor(hashOfCommitted: HashOfCommitted) {
    this.#hashOfCommitted = hashOfCommitted
    this.given = new LogContent(hashOfCommitted, NOTHING)
    this.durable = new LogContent(hashOfCommitted, NOTHING)
  }

  /** Its log is gone for good. */
  forget(): void {
    this.given = new LogContent(this.#hashOfCommitted, NOTHING)
    this.durable = new LogContent(this.#hashOfCommitted, NOTHING)
    this.#inFlight = []
    this.lastConfig = 0
  }

  give(write: LogWrite): void {
    this.#inFlight.push({ write, hashes: this.given.apply(write) })
  }

  confirm(): LogWrite | undefined {
    const first = this.#inFlight.shift()
    if (first !== undefined) this.durable.applyHashed(first.write, first.hashes)
    return first?.write
  }

  /** The state that was restored: what was confirmed, or that and some writes more. */
  restore(restored: RestoredLog, entries: readonly Entry[]): string | undefined {
    const found = LogContent.restored(this.#hashOfCommitted, restored, entries)
    const possible = this.durable
    let matches = possible.isSameAs(found)
    this.cameBack = this.#inFlight.length === 0 ? 'whole' : matches ? 'lost' : 'more'
    for (const { write, hashes } of this.#inFlight) {
      if (matches) break
      possible.applyHashed(write, hashes)
      matches = possible.isSameAs(found)
    }
    this.#inFlight = []
    this.lastConfig = restored.configEntries.at(-1)?.index ?? restored.base.configIndex
    this.durable = found
    this.given = found.copy()
    if (matches) return undefined
    return `the log came back with ${found}, which no number of its writes leaves`
  }
}

/** The log of one life, seen through. */
export class ObservedLog implements LogStore {
  readonly #log: LogStore
  readonly #history: LogHistory
  readonly #checker: Checker
  readonly #around: LogSurroundings
  #term: Term = 0

  constructor(log: LogStore, history: LogHistory, checker: Checker, around: LogSurroundings) {
    this.#log = log
    this.#history = history
    this.#checker = checker
    this.#around = around
  }

  open(done: Callback<RestoredLog>): void {
    this.#log.open((error, restored) => {
      if (error !== undefined || restored.lastIndex < restored.firstIndex) {
        if (error === undefined) this.#compare(restored, [])
        done(error, restored)
        return
      }
      this.#readAll(restored, [], done)
    })
  }

  write(write: LogWrite, done: Done): void {
    this.#lookAt(write)
    this.#log.write(write, (error) => {
      if (error === undefined) this.#confirmed()
      done(error)
    })
  }

  readEntries(
    from: LogIndex,
    to: LogIndex,
    maxBytes: number,
    done: Callback<readonly Entry[]>,
  ): void {
    this.#checker.mark('entries read from disk')
    this.#log.readEntries(from, to, maxBytes, done)
  }

  stats(): LogStats {
    return this.#log.stats()
  }

  close(done: Done): void {
    this.#log.close(done)
  }

  #lookAt(write: LogWrite): void {
    const { id } = this.#around
    const { truncateFrom, entries, base } = write
    const { given } = this.#history
    if (truncateFrom !== undefined) {
      // A change that is taken back was the only one that was not committed.
      if (this.#history.lastConfig >= truncateFrom) {
        this.#history.lastConfig = this.#checker.groupAt(truncateFrom - 1).index
        this.#checker.mark('membership change truncated')
      }
      const removed = given.lastIndex - truncateFrom + 1
      this.#checker.mark(removed > 1 ? 'several entries truncated' : 'one entry truncated')
      this.#around.moment('truncation')
      // I2: a leader only ever appends to its log.
      if (this.#around.isLeader()) this.#checker.fail('I2', `leader ${id} removes entries`)
    }
    if (base !== undefined) {
      const { index, term, membership } = base.mark
      this.#checker.beginsAt(id, index, term, membership)
      this.#checker.mark(base.reset ? 'log replaced by a snapshot' : 'log compacted')
      this.#around.moment(base.reset ? 'install' : 'compaction')
    }
    this.#history.give(write)
    for (const entry of entries) {
      this.#checker.logged(id, entry, given.hashAt(entry.index) as number)
    }
    this.#notice(entries)
  }

  #notice(entries: readonly Entry[]): void {
    const last = entries.at(-1)
    if (last === undefined) return
    const isLeader = this.#around.isLeader()
    if (last.term > this.#term) {
      this.#term = last.term
      if (isLeader) this.#around.moment('first append')
    }
    for (const entry of entries) {
      if (entry.kind !== 'config') continue
      if (isLeader) {
        this.#around.noteCommits()
        this.#checker.changeAppended(this.#around.id, entry, this.#history.lastConfig)
      }
      this.#history.lastConfig = entry.index
      this.#around.moment('config appended')
    }
  }

  #confirmed(): void {
    if (!this.#around.isSynced()) {
      this.#checker.fail('I7', `${this.#around.id} confirms a write that is not synced`)
    }
    const write = this.#history.confirm()
    if (write?.hardState?.votedFor === undefined) return
    this.#noteVote()
    this.#around.moment('vote persisted')
  }

  #noteVote(): void {
    const { term, votedFor } = this.#history.durable.hardState
    if (votedFor !== undefined) this.#checker.voted(this.#around.id, term, votedFor)
  }

  #readAll(restored: RestoredLog, entries: Entry[], done: Callback<RestoredLog>): void {
    const from = restored.firstIndex + entries.length
    this.#log.readEntries(from, restored.lastIndex, 1 << 20, (error, read) => {
      if (error !== undefined) {
        done(error, restored)
        return
      }
      entries.push(...read)
      if (from + read.length <= restored.lastIndex) this.#readAll(restored, entries, done)
      else {
        this.#compare(restored, entries)
        done(undefined, restored)
      }
    })
  }

  #compare(restored: RestoredLog, entries: readonly Entry[]): void {
    const wrong = this.#history.restore(restored, entries)
    this.#noteVote()
    const { cameBack } = this.#history
    if (cameBack !== 'whole') {
      this.#checker.mark(cameBack === 'lost' ? 'crash lost a write' : 'crash kept a write')
    }
    if (wrong !== undefined) this.#checker.fail('recovery', `${this.#around.id}: ${wrong}`)
    const { index, term, membership } = restored.base
    this.#checker.beginsAt(this.#around.id, index, term, membership)
  }
}
