/** The state machine, which does one thing at a time: a batch, a capture, or taking another state. */
import { MachineFailedError } from '../errors.ts'
import type { SnapshotReader, StateCapture, StateMachine } from '../ports.ts'
import type { Entry, SnapshotMark } from '../types.ts'
import type { Operations } from './operations.ts'

export class Applying<Result> {
  readonly #machine: StateMachine<Result>
  readonly #operations: Operations
  readonly #onApplied: (entries: readonly Entry[], results: readonly Result[]) => void
  readonly #onFailed: (error: MachineFailedError) => void
  #isBusy = false
  /** A batch, or another state, that came while a state was being captured. */
  #next: (() => void) | undefined = undefined

  constructor(
    machine: StateMachine<Result>,
    operations: Operations,
    onApplied: (entries: readonly Entry[], results: readonly Result[]) => void,
    onFailed: (error: MachineFailedError) => void,
  ) {
    this.#machine = machine
    this.#operations = operations
    this.#onApplied = onApplied
    this.#onFailed = onFailed
  }

  get isBusy(): boolean {
    return this.#isBusy
  }

  /** Waits for a capture that is under way. */
  apply(entries: readonly Entry[]): void {
    if (this.#isBusy) {
      this.#next = () => this.apply(entries)
      return
    }
    this.#run((ended) => {
      this.#machine.apply(entries, (error, results) => {
        if (ended(error)) return
        if (results.length === entries.length) {
          this.#onApplied(entries, results)
          return
        }
        const counts = `${results.length} results for ${entries.length} entries`
        this.#onFailed(new MachineFailedError(new Error(`apply gave ${counts}`)))
      })
    })
  }

  /** Not while it is busy. `done` may read the capture while the next batches are applied. */
  capture(done: (error: Error | undefined, capture: StateCapture) => void): void {
    this.#isBusy = true
    this.#operations.begin()
    let isOver = false
    const ended = (error: Error | undefined, capture: StateCapture) => {
      if (isOver) return
      isOver = true
      this.#isBusy = false
      done(error, capture)
      this.#operations.end()
    }
    try {
      // A state that can not be captured is no harm to the state.
      this.#machine.capture?.(ended)
    } catch (error) {
      ended(asError(error), undefined as never)
    }
  }

  /** Runs what came while a state was captured. */
  goOn(): void {
    const next = this.#next
    this.#next = undefined
    next?.()
  }

  /** Puts another state in place of this one. Waits for a capture that is under way. */
  restore(mark: SnapshotMark, bytes: SnapshotReader, done: () => void): void {
    if (this.#isBusy) {
      this.#next = () => this.restore(mark, bytes, done)
      return
    }
    this.#run((ended) => {
      const { restore } = this.#machine
      if (restore === undefined) throw new Error('it has no restore()')
      restore.call(this.#machine, mark, bytes, (error) => {
        if (!ended(error)) done()
      })
    })
  }

  #run(work: (ended: (error: Error | undefined) => boolean) => void): void {
    this.#isBusy = true
    this.#operations.begin()
    let isOver = false
    const ended = (error: Error | undefined): boolean => {
      if (isOver) return true
      isOver = true
      this.#isBusy = false
      if (error !== undefined) this.#onFailed(new MachineFailedError(error))
      this.#operations.end()
      return error !== undefined
    }
    try {
      work(ended)
    } catch (error) {
      // Not the machine's: it had answered.
      if (isOver) throw error
      ended(asError(error))
    }
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
