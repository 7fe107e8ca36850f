import type { Clock, Timer } from '../ports.ts'
import type { Scheduler } from './scheduler.ts'

/** The clock of one life of a node; its quartz is a little fast or slow. Dead after the life. */
export class NodeClock implements Clock {
  readonly #scheduler: Scheduler
  readonly #rate: number
  readonly #id: string
  readonly #isAlive: () => boolean
  readonly #afterTurn: () => void

  constructor(
    scheduler: Scheduler,
    rate: number,
    id: string,
    isAlive: () => boolean,
    afterTurn: () => void,
  ) {
    this.#scheduler = scheduler
    this.#rate = rate
    this.#id = id
    this.#isAlive = isAlive
    this.#afterTurn = afterTurn
  }

  now(): number {
    return this.#scheduler.now * this.#rate
  }

  setTimer(delayMs: number, callback: () => void): Timer {
    // A nanosecond more: rounding must not let it come before its time.
    return this.#scheduler.after(delayMs / this.#rate + 1e-6, `timer ${this.#id}`, () => {
      if (this.#isAlive()) callback()
    })
  }

  defer(callback: () => void): void {
    this.#scheduler.after(0, `turn ${this.#id}`, () => {
      if (!this.#isAlive()) return
      callback()
      this.#afterTurn()
    })
  }
}
