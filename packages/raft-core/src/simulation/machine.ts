import type { Callback, StateMachine } from '../ports.ts'
import type { Entry, LogIndex } from '../types.ts'
import { bytesToHex } from '../wal/bytes.ts'
import type { Checker } from './checker.ts'
import { chainHash } from './digest.ts'

/** The simplest state machine that notices everything: its state is the chain of what it applied. */
export class ChainMachine implements StateMachine<string> {
  readonly #id: string
  readonly #checker: Checker
  readonly #beforeApply: () => void
  #appliedIndex: LogIndex = 0
  #hash = 0

  /** `beforeApply` lets the commit index be noted before what it allows is done. */
  constructor(id: string, checker: Checker, beforeApply: () => void) {
    this.#id = id
    this.#checker = checker
    this.#beforeApply = beforeApply
  }

  get appliedIndex(): LogIndex {
    return this.#appliedIndex
  }

  get hash(): number {
    return this.#hash
  }

  /** The result of an entry is its data. */
  apply(entries: readonly Entry[], done: Callback<readonly string[]>): void {
    this.#beforeApply()
    const results: string[] = []
    for (const entry of entries) {
      // I6: in order, each exactly once.
      if (entry.index !== this.#appliedIndex + 1) {
        this.#checker.fail('I6', `${this.#id} applies ${entry.index} after ${this.#appliedIndex}`)
      }
      this.#appliedIndex = entry.index
      this.#hash = chainHash(this.#hash, entry, entry.data)
      const data = bytesToHex(entry.data)
      this.#checker.applied(this.#id, entry.index, this.#hash, data)
      results.push(data)
    }
    done(undefined, results)
  }
}
