/** The state machine, which does one thing at a time: a batch, a capture, or taking another state. */
import { MachineFailedError } from '../errors.ts'
import type { Callback, SnapshotReader, StateCapture, StateMachine } from '../ports.ts'
import type { Entry, SnapshotMark } from '../types.ts'
import { askOnce } from './asking.ts'
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
    this.#run<readonly Result[]>(
      (answer) => this.#machine.apply(entries, answer),
      (results) => {
        if (results.length === entries.length) {
          this.#onApplied(entries, results)
          return
        }
        const counts = `${results.length} results for ${entries.length} entries`
        this.#onFailed(new MachineFailedError(new Error(`apply gave ${counts}`)))
      },
    )
  }

  /** Not while it is busy. `done` may read the capture while the next batches are applied. */
  capture(done: (error: Error | undefined, capture: StateCapture) => void): void {
    this.#isBusy = true
    this.#operations.begin()
    askOnce<StateCapture>(
      (answer) => this.#machine.capture?.(answer),
      (error, capture) => {
        this.#isBusy = false
        // A state that can not be captured is no harm to the state.
        done(error, capture)
        this.#operations.end()
      },
    )
  }

  /** Runs what came while a state was captured. */
  goOn(): void {
    const next = this.#next
    this.#next = undefined
    next?.()
  }

  /**
   * Puts another state in place of this one. Waits for a capture that is under way. `done` is told
   * whether it is there; if not, the node has been ended.
   */
  restore(mark: SnapshotMark, bytes: SnapshotReader, done: (isRestored: boolean) => void): void {
    if (this.#isBusy) {
      this.#next = () => this.restore(mark, bytes, done)
      return
    }
    this.#run<void>(
      (answer) => {
        const { restore } = this.#machine
        if (restore === undefined) throw new Error('it has no restore()')
        restore.call(this.#machine, mark, bytes, (error) => answer(error, undefined))
      },
      () => done(true),
      () => done(false),
    )
  }

  #run<T>(
    work: (answer: Callback<T>) => void,
    onDone: (value: T) => void,
    onFailed?: () => void,
  ): void {
    this.#isBusy = true
    this.#operations.begin()
    askOnce(work, (error, value) => {
      this.#isBusy = false
      if (error === undefined) onDone(value)
      else {
        this.#onFailed(new MachineFailedError(error))
        onFailed?.()
      }
      this.#operations.end()
    })
  }
}
