import type { Clock, Timer } from '../ports.ts'
import type { Scheduler } from './scheduler.ts'

/** The labels of a node's events, for the digest. */
export interface ClockLabels {
  readonly timer: number
  readonly turn: number
}

/** The clock of one life of a node; its quartz is a little fast or slow. */
export class NodeClock implements Clock {
  readonly #scheduler: Scheduler
  readonly #rate: number
  readonly #labels: ClockLabels
  readonly #enter: (label: number, run: () => void) => void
  readonly #afterTurn: () => void

  /** `enter` runs something of the node: later, while it stands still; never, once it is dead. */
  constructor(
    scheduler: Scheduler,
    rate: number,
    labels: ClockLabels,
    enter: (label: number, run: () => void) => void,
    afterTurn: () => void,
  ) {
    this.#scheduler = scheduler
    this.#rate = rate
    this.#labels = labels
    this.#enter = enter
    this.#afterTurn = afterTurn
  }

  now(): number {
    return this.#scheduler.now * this.#rate
  }

  setTimer(delayMs: number, callback: () => void): Timer {
    const { timer } = this.#labels
    // A nanosecond more: rounding must not let it come before its time.
    const delay = Math.max(0, delayMs) / this.#rate + 1e-6
    let isCancelled = false
    const event = this.#scheduler.after(delay, timer, () => {
      this.#enter(timer, () => {
        if (!isCancelled) callback()
      })
    })
    return {
      cancel: () => {
        isCancelled = true
        event.cancel()
      },
    }
  }

  defer(callback: () => void): void {
    const { turn } = this.#labels
    this.#scheduler.after(0, turn, () => {
      this.#enter(turn, () => {
        callback()
        this.#afterTurn()
      })
    })
  }
}
