import type { Callback, Done, SnapshotReader, StateCapture, StateMachine } from '../ports.ts'
import type { Entry, LogIndex, SnapshotMark } from '../types.ts'
import type { Checker } from './checker.ts'
import { chainHash } from './digest.ts'

export interface MachineSurroundings {
  readonly id: string
  /** Lets the commit index be noted before what it allows is done. */
  beforeApply(): void
  /** The simulator's own name of a command; undefined for commands of a user's workload. */
  nameOf(data: Uint8Array): number | undefined
  applied(entry: Entry): void
  moment(name: string): void
  /** The state at an index, told in short; must be the same wherever it is asked. */
  hash(): string | number | undefined
}

/** Sees a state machine through: what it is given, and that its state is the same on every node. */
export class CheckedMachine<Result> implements StateMachine<Result> {
  readonly inner: StateMachine<Result>
  readonly capture?: NonNullable<StateMachine<Result>['capture']>
  readonly restore?: NonNullable<StateMachine<Result>['restore']>
  readonly #checker: Checker
  readonly #hashes: Map<LogIndex, string | number>
  readonly #around: MachineSurroundings
  #appliedIndex: LogIndex
  #chain: number

  /** `hashes` is shared by all nodes of a run. */
  constructor(
    inner: StateMachine<Result>,
    checker: Checker,
    hashes: Map<LogIndex, string | number>,
    around: MachineSurroundings,
  ) {
    this.inner = inner
    this.#checker = checker
    this.#hashes = hashes
    this.#around = around
    this.#appliedIndex = inner.appliedIndex
    this.#chain = checker.hashOfCommitted(inner.appliedIndex) ?? 0
    // Only what the machine has: its lack means something to the runtime.
    if (inner.capture !== undefined) this.capture = (done) => this.#capture(done)
    if (inner.restore !== undefined) {
      this.restore = (mark, bytes, done) => this.#restore(mark, bytes, done)
    }
  }

  get appliedIndex(): LogIndex {
    return this.inner.appliedIndex
  }

  get durableIndex(): LogIndex | undefined {
    return this.inner.durableIndex
  }

  apply(entries: readonly Entry[], done: Callback<readonly Result[]>): void {
    this.#around.beforeApply()
    for (const entry of entries) this.#see(entry)
    this.inner.apply(entries, (error, results) => {
      if (error === undefined) this.#compare()
      done(error, results)
    })
  }

  #see(entry: Entry): void {
    const { id } = this.#around
    // I6: in order, each exactly once.
    if (entry.index !== this.#appliedIndex + 1) {
      this.#checker.fail('I6', `${id} applies ${entry.index} after ${this.#appliedIndex}`)
    }
    this.#appliedIndex = entry.index
    this.#chain = chainHash(this.#chain, entry, entry.data)
    const name = entry.kind === 'command' ? this.#around.nameOf(entry.data) : undefined
    this.#checker.applied(id, entry, this.#chain, name)
    this.#around.applied(entry)
  }

  /** I11: the same index, the same state. */
  #compare(): void {
    const hash = this.#around.hash()
    if (hash === undefined) return
    const known = this.#hashes.get(this.#appliedIndex)
    if (known === undefined) this.#hashes.set(this.#appliedIndex, hash)
    else if (known !== hash) {
      const { id } = this.#around
      this.#checker.fail('I11', `${id} has another state after ${this.#appliedIndex} than others`)
    }
  }

  #capture(done: Callback<StateCapture>): void {
    this.#around.moment('snapshot begun')
    this.inner.capture?.(done)
  }

  #restore(mark: SnapshotMark, bytes: SnapshotReader, done: Done): void {
    this.inner.restore?.(mark, bytes, (error) => {
      if (error !== undefined) return done(error)
      const { id } = this.#around
      // I13: the state of a snapshot is the state after what was committed up to there.
      const chain = this.#checker.hashOfCommitted(mark.index)
      if (chain === undefined) this.#checker.fail('I13', `${id} restores ${mark.index} uncommitted`)
      this.#appliedIndex = mark.index
      this.#chain = chain ?? 0
      if (this.inner.appliedIndex !== mark.index) {
        this.#checker.fail('I13', `${id} restored ${mark.index}, has ${this.inner.appliedIndex}`)
      }
      this.#compare()
      this.#around.moment('snapshot restored')
      done(undefined)
    })
  }
}
