/**
 * Making snapshots of this node's own state: when the log since the last one has grown enough, when a
 * follower needs one, or when a user asks. The state is captured between two batches and stored while
 * the next ones are applied.
 */
import { ClosedError, type RaftError, RejectedError, StorageFailedError } from '../errors.ts'
import type { SnapshotInfo, SnapshotWriter, StateCapture } from '../ports.ts'
import type { Entry, LogIndex, SnapshotMark } from '../types.ts'
import type { Host } from './host.ts'
import type { Operations } from './operations.ts'
import { copyCapture } from './snapshot-copy.ts'
import type { SnapshotShelf } from './snapshot-shelf.ts'

export type SnapshotDone = (error: RaftError | undefined, info: SnapshotInfo | undefined) => void

interface Asked {
  readonly least: LogIndex
  readonly done: SnapshotDone
}

/** Captures the state as it is; answers before the next batch is applied. */
export type Capture = (done: (error: Error | undefined, capture: StateCapture) => void) => void

export class SnapshotTaking {
  readonly #host: Host
  readonly #shelf: SnapshotShelf
  readonly #operations: Operations
  readonly #capture: Capture | undefined
  /** A machine that keeps its state itself needs snapshots for others only. */
  readonly #isPeriodic: boolean
  readonly #onSaved: (info: SnapshotInfo) => void
  #entriesSince = 0
  #bytesSince = 0
  #isWanted = false
  #isTaking = false
  #isTold = false
  #retryAt = 0
  #asked: Asked[] = []
  #takingIndex: LogIndex | undefined = undefined

  constructor(
    host: Host,
    shelf: SnapshotShelf,
    operations: Operations,
    capture: Capture | undefined,
    isPeriodic: boolean,
    onSaved: (info: SnapshotInfo) => void,
  ) {
    this.#host = host
    this.#shelf = shelf
    this.#operations = operations
    this.#capture = capture
    this.#isPeriodic = isPeriodic && capture !== undefined
    this.#onSaved = onSaved
  }

  /** The state is to be captured before the next batch is applied. */
  get wantsCapture(): boolean {
    return this.#isWanted && !this.#isTaking && this.#host.clock.now() >= this.#retryAt
  }

  /** What the one being made stands for: the log behind it will be wanted. */
  get takingIndex(): LogIndex | undefined {
    return this.#takingIndex
  }

  applied(entries: readonly Entry[]): void {
    if (!this.#isPeriodic) return
    const { snapshotEveryEntries, snapshotEveryBytes } = this.#host.config
    this.#entriesSince += entries.length
    for (const { data } of entries) this.#bytesSince += data.length
    if (
      (snapshotEveryEntries > 0 && this.#entriesSince >= snapshotEveryEntries) ||
      (snapshotEveryBytes > 0 && this.#bytesSince >= snapshotEveryBytes)
    ) {
      this.#isWanted = true
    }
  }

  /** The core has a follower that needs one. */
  wanted(): void {
    if (this.#capture !== undefined) this.#isWanted = true
    else if (!this.#isTold) {
      this.#isTold = true
      this.#host.observe({ type: 'snapshotFailed', error: unable() })
    }
  }

  ask(done: SnapshotDone): void {
    if (this.#capture === undefined) {
      this.#host.later(() => done(unable(), undefined))
      return
    }
    const least = this.#host.appliedIndex
    const newest = this.#shelf.newest
    if (newest !== undefined && newest.mark.index >= least) {
      this.#host.later(() => done(undefined, newest))
      return
    }
    this.#asked.push({ least, done })
    this.#isWanted = true
    this.#retryAt = 0
    this.#host.schedule()
  }

  /** A snapshot from elsewhere took the place of the state. */
  skipTo(index: LogIndex): void {
    this.#counted()
    this.#answer((asked) => asked.least <= index, undefined)
  }

  /** Captures the state, which is the one of `mark`; `next` is called when batches may be applied again. */
  begin(mark: SnapshotMark, next: () => void): void {
    const { newest } = this.#shelf
    this.#isWanted = false
    if (newest !== undefined && newest.mark.index >= mark.index) {
      // A follower that needs another can not be helped by the very same.
      this.#counted()
      this.#answer(({ least }) => least <= newest.mark.index, undefined)
      next()
      return
    }
    this.#isTaking = true
    this.#takingIndex = mark.index
    this.#operations.begin()
    this.#counted()
    this.#capture?.((error, capture) => {
      if (error !== undefined) this.#ended(error)
      else this.#store(mark, capture)
      next()
    })
  }

  fail(error: RaftError): void {
    this.#answer(() => true, error)
  }

  #store(mark: SnapshotMark, capture: StateCapture): void {
    const release = () => this.#host.call(() => capture.release())
    this.#shelf.store.create(this.#host.randomName(), mark, (error, writer) => {
      if (error !== undefined) {
        release()
        this.#ended(error)
        return
      }
      copyCapture(
        capture,
        writer,
        () => this.#host.isRunning,
        (failure) => {
          release()
          this.#finish(writer, failure)
        },
      )
    })
  }

  #finish(writer: SnapshotWriter, failure: Error | undefined): void {
    if (failure !== undefined || !this.#host.isRunning) {
      writer.abort(() => this.#ended(failure ?? new ClosedError()))
      return
    }
    writer.finish((error, info) => this.#ended(error ?? info))
  }

  #ended(outcome: Error | SnapshotInfo): void {
    this.#isTaking = false
    this.#takingIndex = undefined
    this.#operations.end()
    const host = this.#host
    if (!host.isRunning) return
    if (outcome instanceof Error) {
      host.observe({ type: 'snapshotFailed', error: outcome })
      // Who asked is told; the node tries again, for it has reasons of its own.
      this.#answer(() => true, new StorageFailedError(outcome))
      this.#isWanted = true
      this.#retryAt = host.clock.now() + host.config.electionMaxMs
      return
    }
    const { mark, sizeBytes } = outcome
    host.observe({ type: 'snapshotTaken', index: mark.index, sizeBytes })
    this.#onSaved(outcome)
    this.#answer(({ least }) => least <= mark.index, undefined, outcome)
    if (this.#asked.length > 0) this.#isWanted = true
    host.schedule()
  }

  #counted(): void {
    this.#entriesSince = 0
    this.#bytesSince = 0
  }

  #answer(
    which: (asked: Asked) => boolean,
    error: RaftError | undefined,
    info = this.#shelf.newest,
  ): void {
    const answered = this.#asked.filter(which)
    if (answered.length === 0) return
    this.#asked = this.#asked.filter((asked) => !which(asked))
    for (const { done } of answered) {
      this.#host.call(() => done(error, error === undefined ? info : undefined))
    }
  }
}

function unable(): RejectedError {
  return new RejectedError(
    'noSnapshots',
    'a snapshot is wanted, and the state machine has no capture()',
  )
}
