/** Who waits until an index is applied, in the order of the indexes. */
import { type RaftError, RejectedError } from '../errors.ts'
import type { LogIndex } from '../types.ts'
import type { ReadDone } from './options.ts'

interface Waiter {
  readonly index: LogIndex
  /** Milliseconds of the clock. */
  readonly deadline: number
  readonly done: ReadDone
}

export class AppliedWaiters {
  #waiters: Waiter[] = []
  #earliestDeadline = Number.POSITIVE_INFINITY

  get count(): number {
    return this.#waiters.length
  }

  add(index: LogIndex, deadline: number, done: ReadDone): void {
    const waiters = this.#waiters
    let low = 0
    let high = waiters.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((waiters[middle] as Waiter).index <= index) low = middle + 1
      else high = middle
    }
    waiters.splice(low, 0, { index, deadline, done })
    this.#earliestDeadline = Math.min(this.#earliestDeadline, deadline)
  }

  release(appliedIndex: LogIndex): void {
    const waiters = this.#waiters
    let count = 0
    while (count < waiters.length && (waiters[count] as Waiter).index <= appliedIndex) count++
    if (count === 0) return
    for (const { done } of waiters.splice(0, count)) done(undefined, appliedIndex)
  }

  expire(now: number): void {
    if (now < this.#earliestDeadline) return
    const late = this.#waiters.filter(({ deadline }) => deadline <= now)
    this.#waiters = this.#waiters.filter(({ deadline }) => deadline > now)
    this.#earliestDeadline = Number.POSITIVE_INFINITY
    for (const { deadline } of this.#waiters) {
      this.#earliestDeadline = Math.min(this.#earliestDeadline, deadline)
    }
    for (const { index, done } of late) {
      done(new RejectedError('timeout', `index ${index} was not applied here in time`), 0)
    }
  }

  fail(error: RaftError): void {
    const waiters = this.#waiters
    this.#waiters = []
    this.#earliestDeadline = Number.POSITIVE_INFINITY
    for (const { done } of waiters) done(error, 0)
  }
}
