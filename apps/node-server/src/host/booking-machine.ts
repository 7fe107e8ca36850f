import {
  applyEntry,
  type BookingState,
  type Reply,
  type RowChange,
  replaceState,
  stateHash,
} from '@quorail/booking-fsm'
import type {
  Callback,
  Clock,
  Done,
  Entry,
  SnapshotMark,
  SnapshotReader,
  StateCapture,
  StateMachine,
} from '@quorail/raft-core'
import { decodeLogEntry } from '../mapping/log-entry.ts'
import { everyEntries, type HashCheckpoints } from './hash-checkpoints.ts'
import type { Backlog, RowQueue } from './row-queue.ts'
import type { RowStore } from './row-store.ts'
import { isSkipped, type SkippedEntries, UnappliableEntryError } from './unappliable-entry.ts'

export interface BookingMachineOptions {
  readonly state: BookingState
  /** Everything up to here is in `state`. */
  readonly appliedIndex: number
  readonly rows: RowQueue
  readonly store: RowStore
  readonly checkpoints: HashCheckpoints
  readonly clock: Clock
  readonly skippedEntries?: SkippedEntries | undefined
  /** After each applied run of entries, before their replies are handed out. */
  readonly onApplied: () => void
  /** The rows that a run of entries changed, before `onApplied`; undefined: the state is another one. */
  readonly onRows: (changes: readonly RowChange[] | undefined) => void
}

/** Nothing may keep the loop from a heartbeat: entries are applied in slices of this length. */
const sliceMs = 10
/** Rows waiting for the database beyond which applying pauses; they are memory. */
const pauseAt: Backlog = { rows: 200_000, bytes: 256 * 1_048_576 }

/**
 * Hands committed entries to the railway's rules, their rows to the database, and their replies back.
 * Raft hands over only entries that are durable in this node's own log, so their rows may be too.
 */
export class BookingMachine implements StateMachine<Reply | undefined> {
  readonly #options: BookingMachineOptions
  #appliedIndex: number
  #resume: (() => void) | undefined

  constructor(options: BookingMachineOptions) {
    this.#options = options
    this.#appliedIndex = options.appliedIndex
  }

  get appliedIndex(): number {
    return this.#appliedIndex
  }

  apply(entries: readonly Entry[], done: Callback<readonly (Reply | undefined)[]>): void {
    this.#applyFrom(entries, 0, [], done)
  }

  /** The database keeps the state: the log may be compacted up to here. */
  get durableIndex(): number {
    return this.#options.rows.durableIndex
  }

  /** From the database, once it has all rows. No entries are applied meanwhile: a batch's time. */
  capture(done: Callback<StateCapture>): void {
    const { rows, store } = this.#options
    rows.settle((error) => {
      if (error !== undefined) done(error, undefined as never)
      else store.capture(this.#appliedIndex, done)
    })
  }

  restore(mark: SnapshotMark, bytes: SnapshotReader, done: Done): void {
    const { rows, store } = this.#options
    rows.settle((unsettled) => {
      if (unsettled !== undefined) {
        done(unsettled)
        return
      }
      store.restore(mark.index, bytes, (error, state) => {
        if (error === undefined) this.#replaceState(mark.index, state)
        done(error)
      })
    })
  }

  #replaceState(index: number, by: BookingState): void {
    const { checkpoints, onApplied, onRows, rows, state } = this.#options
    replaceState(state, by)
    this.#appliedIndex = index
    const hash = stateHash(state)
    rows.replaced(index, hash)
    checkpoints.restart({ index, stateHash: hash })
    checkpoints.recorded(index, this.#options.store.recordHash?.())
    onRows(undefined)
    onApplied()
  }

  /** The database has caught up some: goes on if applying has paused for it. */
  rowsWritten(index: number): void {
    this.#options.checkpoints.recorded(index, this.#options.store.recordHash?.())
    if (this.#options.rows.hasAtLeast(pauseAt)) return
    const resume = this.#resume
    this.#resume = undefined
    resume?.()
  }

  #applyFrom(
    entries: readonly Entry[],
    from: number,
    results: (Reply | undefined)[],
    done: Callback<readonly (Reply | undefined)[]>,
  ): void {
    const { checkpoints, clock, rows, state, onApplied, onRows } = this.#options
    const goOn = (): void => this.#applyFrom(entries, results.length, results, done)
    if (rows.hasAtLeast(pauseAt)) {
      this.#resume = goOn
      return
    }
    try {
      const until = clock.now() + sliceMs
      const changes: RowChange[] = []
      for (let at = from; at < entries.length && (at === from || clock.now() < until); at += 1)
        results.push(this.#applyOne(entries[at] as Entry, changes))
      const hash = stateHash(state)
      checkpoints.paused(this.#appliedIndex, hash)
      rows.push(changes, this.#appliedIndex, hash)
      onRows(changes)
    } catch (error) {
      // An entry this version can not read, or a bug in the rules: stop rather than disagree.
      done(error instanceof Error ? error : new Error(String(error)), [])
      return
    }
    onApplied()
    if (results.length === entries.length) done(undefined, results)
    else clock.setTimer(0, goOn)
  }

  #applyOne(entry: Entry, changes: RowChange[]): Reply | undefined {
    const { checkpoints, state } = this.#options
    this.#appliedIndex = entry.index
    const reply = entry.kind === 'command' ? this.#applyCommand(entry, changes) : undefined
    if (entry.index % everyEntries === 0) checkpoints.passed(entry.index, stateHash(state))
    return reply
  }

  #applyCommand(entry: Entry, changes: RowChange[]): Reply | undefined {
    if (isSkipped(this.#options.skippedEntries, entry)) return undefined
    try {
      const applied = applyEntry(this.#options.state, decodeLogEntry(entry.index, entry.data))
      for (const change of applied.changes) changes.push(change)
      return applied.reply
    } catch (error) {
      throw new UnappliableEntryError(entry, error)
    }
  }
}
