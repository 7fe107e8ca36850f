import type { RowChange } from '@quorail/booking-fsm'
import type { Clock, Done, Timer } from '@quorail/raft-core'
import { latestRows } from './latest-rows.ts'
import { bytesOf } from './row-bytes.ts'
import type { RowStore } from './row-store.ts'

export interface RowQueueOptions {
  readonly store: RowStore
  readonly clock: Clock
  /** What the database holds already, and the hash of that state. */
  readonly startIndex: number
  readonly startHash: string
  /** After each batch that is written: everything up to the index is. */
  readonly onProgress: (appliedIndex: number) => void
  /** Once; nothing is written after it. */
  readonly onFailure: (error: Error) => void
  /** About so often a batch is made to survive a power cut. Default 1,000 ms. */
  readonly durableEveryMs?: number
  /** A transaction takes entries until it has this many rows. Default 5,000. */
  readonly batchRows?: number
  /** Or until they have about this many bytes. Default 4 MiB. */
  readonly batchBytes?: number
  /**
   * A transaction begins no sooner than this after the one before, unless it is full or somebody waits for it. Default
   * 200 ms. What a page of the database costs is shared by all rows that change it meanwhile.
   */
  readonly gatherMs?: number
}

/** What waits for the database, or is on its way into it. */
export interface Backlog {
  readonly rows: number
  /** About: their memory. */
  readonly bytes: number
}

interface Waiting {
  readonly changes: readonly RowChange[]
  readonly bytes: number
  readonly appliedIndex: number
  readonly stateHash: string
}

/**
 * The rows on their way to the database. One transaction is under way at a time; what is applied
 * meanwhile, and a moment longer, goes with the next, so that a busy node makes few, large
 * transactions and an idle one small ones without delay. A row that changed twice is written once.
 */
export class RowQueue {
  readonly #options: RowQueueOptions
  readonly #durableEveryMs: number
  readonly #batchRows: number
  readonly #batchBytes: number
  readonly #gatherMs: number
  #waiting: Waiting[] = []
  #waitingRows = 0
  #waitingBytes = 0
  #inFlightRows = 0
  #inFlightBytes = 0
  #busy = false
  #failed = false
  #last: Waiting
  #durableIndex: number
  #lastDurableMs: number
  #lastBegunMs = Number.NEGATIVE_INFINITY
  #timer: Timer | undefined
  #timerAtMs = 0
  #flushes: (() => void)[] = []
  #settles: Done[] = []

  constructor(options: RowQueueOptions) {
    this.#options = options
    this.#durableEveryMs = options.durableEveryMs ?? 1_000
    this.#batchRows = options.batchRows ?? 5_000
    this.#batchBytes = options.batchBytes ?? 4 * 1_048_576
    this.#gatherMs = options.gatherMs ?? 200
    // What was read back may be in the page cache only; the next durable batch covers it.
    this.#durableIndex = 0
    this.#lastDurableMs = options.clock.now()
    const { startIndex: appliedIndex, startHash } = options
    this.#last = { changes: [], bytes: 0, appliedIndex, stateHash: startHash }
    this.#schedule()
  }

  /** Up to here everything is in the database and survives a power cut. */
  get durableIndex(): number {
    return this.#durableIndex
  }

  get backlog(): Backlog {
    return {
      rows: this.#waitingRows + this.#inFlightRows,
      bytes: this.#waitingBytes + this.#inFlightBytes,
    }
  }

  /** It has at least so many of either. */
  hasAtLeast(limit: Backlog): boolean {
    if (this.#waitingRows + this.#inFlightRows >= limit.rows) return true
    return this.#waitingBytes + this.#inFlightBytes >= limit.bytes
  }

  push(changes: readonly RowChange[], appliedIndex: number, stateHash: string): void {
    if (this.#failed) return
    const bytes = bytesOf(changes)
    this.#last = { changes, bytes, appliedIndex, stateHash }
    this.#waiting.push(this.#last)
    this.#waitingRows += changes.length
    this.#waitingBytes += bytes
    this.#next()
  }

  /** Calls back when everything pushed so far survives a power cut, or nothing more can be written. */
  flush(done: () => void): void {
    if (this.#failed || this.#durableIndex >= this.#last.appliedIndex) done()
    else {
      this.#flushes.push(done)
      this.#next()
    }
  }

  /** Calls back when everything pushed so far is in the database, durable or not; with an error when it never will be. */
  settle(done: Done): void {
    if (this.#failed) done(new Error('the database can not be written any more'))
    else if (!this.#busy && this.#waiting.length === 0) done(undefined)
    else {
      this.#settles.push(done)
      this.#next()
    }
  }

  /** The database has been replaced, durably, by one of this index. Nothing may be waiting. */
  replaced(appliedIndex: number, stateHash: string): void {
    this.#last = { changes: [], bytes: 0, appliedIndex, stateHash }
    this.#durableIndex = appliedIndex
    this.#lastDurableMs = this.#options.clock.now()
  }

  #next(): void {
    if (this.#busy || this.#failed) return
    const now = this.#options.clock.now()
    const due = now - this.#lastDurableMs >= this.#durableEveryMs || this.#flushes.length > 0
    const behind = this.#durableIndex < this.#last.appliedIndex
    if (due && behind) this.#commit(this.#take(), true)
    else if (this.#waiting.length > 0 && !this.#mayGather(now)) this.#commit(this.#take(), false)
    else this.#schedule()
  }

  /** More may come before the next transaction begins. */
  #mayGather(now: number): boolean {
    if (this.#settles.length > 0 || this.#isFull(this.#waitingRows, this.#waitingBytes))
      return false
    return now < this.#lastBegunMs + this.#gatherMs
  }

  /** Whole applied runs only: between them the database would be of no index. */
  #take(): Waiting {
    const changes: RowChange[] = []
    let [taken, bytes] = [0, 0]
    while (taken < this.#waiting.length && (taken === 0 || !this.#isFull(changes.length, bytes))) {
      const run = this.#waiting[taken] as Waiting
      for (const change of run.changes) changes.push(change)
      bytes += run.bytes
      taken += 1
    }
    const last = this.#waiting[taken - 1] ?? this.#last
    this.#waiting = this.#waiting.slice(taken)
    this.#waitingRows -= changes.length
    this.#waitingBytes -= bytes
    this.#inFlightRows = changes.length
    this.#inFlightBytes = bytes
    const { appliedIndex, stateHash } = last
    return { changes: latestRows(changes), bytes, appliedIndex, stateHash }
  }

  /** It is a whole transaction's. */
  #isFull(rows: number, bytes: number): boolean {
    return rows >= this.#batchRows || bytes >= this.#batchBytes
  }

  #commit({ changes, appliedIndex, stateHash }: Waiting, durable: boolean): void {
    this.#busy = true
    this.#lastBegunMs = this.#options.clock.now()
    this.#timer?.cancel()
    this.#timer = undefined
    this.#options.store.commit({ changes, appliedIndex, stateHash, durable }, (error) => {
      this.#busy = false
      this.#inFlightRows = 0
      this.#inFlightBytes = 0
      if (error !== undefined) {
        this.#fail(error)
        return
      }
      if (durable) {
        this.#durableIndex = appliedIndex
        this.#lastDurableMs = this.#options.clock.now()
      }
      this.#options.onProgress(appliedIndex)
      if (this.#durableIndex >= this.#last.appliedIndex) this.#answerFlushes()
      if (this.#waiting.length === 0) this.#answerSettles(undefined)
      if (!this.#busy) this.#next()
    })
  }

  /** What waits is written; and an idle node still makes its last rows durable. */
  #schedule(): void {
    if (this.#durableIndex >= this.#last.appliedIndex) return
    const { clock } = this.#options
    const durableAtMs = this.#lastDurableMs + this.#durableEveryMs
    const gatheredAtMs =
      this.#waiting.length > 0 ? this.#lastBegunMs + this.#gatherMs : Number.POSITIVE_INFINITY
    const atMs = Math.min(durableAtMs, gatheredAtMs)
    if (this.#timer !== undefined && this.#timerAtMs <= atMs) return
    this.#timer?.cancel()
    this.#timerAtMs = atMs
    this.#timer = clock.setTimer(Math.max(atMs - clock.now(), 0), () => {
      this.#timer = undefined
      this.#next()
    })
  }

  #fail(error: Error): void {
    this.#failed = true
    this.#waiting = []
    this.#answerFlushes()
    this.#answerSettles(error)
    this.#options.onFailure(error)
  }

  #answerSettles(error: Error | undefined): void {
    for (const done of this.#settles.splice(0)) done(error)
  }

  #answerFlushes(): void {
    const flushes = this.#flushes
    this.#flushes = []
    for (const done of flushes) done()
  }
}
