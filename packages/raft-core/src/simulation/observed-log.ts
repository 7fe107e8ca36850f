import type { Callback, Done, LogStats, LogStore } from '../ports.ts'
import type { Entry, HardState, LogIndex, LogWrite, RestoredLog, Term } from '../types.ts'
import type { Checker, LogView } from './checker.ts'
import { chainHash } from './digest.ts'

/** What a log says: chain hash of every entry, and the hard state. */
class LogContent implements LogView {
  readonly hashes: number[]
  readonly #terms: Term[] = []
  hardState: HardState

  constructor(hashes: readonly number[], hardState: HardState) {
    this.hashes = [...hashes]
    this.hardState = hardState
  }

  get lastIndex(): LogIndex {
    return this.hashes.length
  }

  hashAt(index: LogIndex): number | undefined {
    return index === 0 ? 0 : this.hashes[index - 1]
  }

  /** Of entries given in this life. */
  termAt(index: LogIndex): Term | undefined {
    return this.#terms[index]
  }

  apply(write: LogWrite): void {
    if (write.truncateFrom !== undefined) this.hashes.length = write.truncateFrom - 1
    for (const entry of write.entries) {
      this.#terms[entry.index] = entry.term
      this.hashes.push(chainHash(this.hashAt(this.lastIndex) ?? 0, entry, entry.data))
    }
    this.hardState = write.hardState ?? this.hardState
  }
}

/** What the node's disk and role are like, for the checks that need them. */
export interface LogSurroundings {
  readonly id: string
  /** Whether everything written to the disk so far has been synced. */
  isSynced(): boolean
  isLeader(): boolean
}

/**
 * Remembers, over all lives of a node, what was given to its log and what was confirmed durable, and
 * compares with that what the log gives back after a crash.
 */
export class LogHistory {
  /** As of the last write given. */
  given = new LogContent([], { term: 0, votedFor: undefined, commitIndex: 0 })
  /** As of the last write confirmed. */
  durable = new LogContent([], { term: 0, votedFor: undefined, commitIndex: 0 })
  #inFlight: LogWrite[] = []

  give(write: LogWrite): void {
    this.given.apply(write)
    this.#inFlight.push(write)
  }

  confirm(): void {
    const write = this.#inFlight.shift()
    if (write !== undefined) this.durable.apply(write)
  }

  /** The state that was restored: what was confirmed, or that and some writes more. */
  restore(restored: RestoredLog, entries: readonly Entry[]): string | undefined {
    const found = new LogContent([], restored.hardState)
    found.apply({ id: 0, truncateFrom: undefined, entries, hardState: undefined })
    const possible = new LogContent(this.durable.hashes, this.durable.hardState)
    let matches = isSame(found, possible)
    for (const write of this.#inFlight) {
      if (matches) break
      possible.apply(write)
      matches = isSame(found, possible)
    }
    this.#inFlight = []
    this.durable = found
    this.given = new LogContent([], found.hardState)
    this.given.apply({ id: 0, truncateFrom: undefined, entries, hardState: undefined })
    if (matches) return undefined
    const { term, votedFor, commitIndex } = found.hardState
    return `the log came back with ${found.lastIndex} entries, term ${term}, vote ${votedFor}, commit ${commitIndex}, which no number of its writes leaves`
  }
}

function isSame(a: LogContent, b: LogContent): boolean {
  return (
    a.lastIndex === b.lastIndex &&
    a.hashAt(a.lastIndex) === b.hashAt(b.lastIndex) &&
    a.hardState.term === b.hardState.term &&
    a.hardState.votedFor === b.hardState.votedFor &&
    a.hardState.commitIndex === b.hardState.commitIndex
  )
}

/** The log of one life, seen through. */
export class ObservedLog implements LogStore {
  readonly #log: LogStore
  readonly #history: LogHistory
  readonly #checker: Checker
  readonly #around: LogSurroundings

  constructor(log: LogStore, history: LogHistory, checker: Checker, around: LogSurroundings) {
    this.#log = log
    this.#history = history
    this.#checker = checker
    this.#around = around
  }

  open(done: Callback<RestoredLog>): void {
    this.#log.open((error, restored) => {
      if (error !== undefined || restored.lastIndex === 0) {
        if (error === undefined) this.#compare(restored, [])
        done(error, restored)
        return
      }
      this.#readAll(restored, [], done)
    })
  }

  write(write: LogWrite, done: Done): void {
    const { id } = this.#around
    // I2: a leader only ever appends to its log.
    if (write.truncateFrom !== undefined) {
      this.#checker.mark('log truncated')
      if (this.#around.isLeader()) this.#checker.fail('I2', `leader ${id} removes entries`)
    }
    this.#history.give(write)
    const { given } = this.#history
    for (const { index, term } of write.entries) {
      this.#checker.logged(id, index, term, given.hashAt(index) as number)
    }
    this.#log.write(write, (error) => {
      if (error === undefined) {
        if (!this.#around.isSynced()) {
          this.#checker.fail('I7', `${id} confirms a write that is not synced`)
        }
        this.#history.confirm()
        this.#noteVote()
      }
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

  #noteVote(): void {
    const { term, votedFor } = this.#history.durable.hardState
    if (votedFor !== undefined) this.#checker.voted(this.#around.id, term, votedFor)
  }

  #readAll(restored: RestoredLog, entries: Entry[], done: Callback<RestoredLog>): void {
    const from = entries.length + 1
    this.#log.readEntries(from, restored.lastIndex, 1 << 20, (error, read) => {
      if (error !== undefined) {
        done(error, restored)
        return
      }
      entries.push(...read)
      if (entries.length < restored.lastIndex) this.#readAll(restored, entries, done)
      else {
        this.#compare(restored, entries)
        done(undefined, restored)
      }
    })
  }

  #compare(restored: RestoredLog, entries: readonly Entry[]): void {
    const wrong = this.#history.restore(restored, entries)
    this.#noteVote()
    if (wrong !== undefined) this.#checker.fail('recovery', `${this.#around.id}: ${wrong}`)
  }
}
