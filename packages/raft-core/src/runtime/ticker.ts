/**
 * Ticks from a monotonic clock. They are counted from a fixed origin, so they do not drift, and those
 * missed while the process stood still are made up for, but not all of a long pause: after it the
 * others have moved on, or stood still as well, and a storm of elections would help nobody.
 */
import type { Clock, Timer } from '../ports.ts'

export class Ticker {
  readonly #clock: Clock
  readonly #tickMs: number
  readonly #most: number
  readonly #onTicks: () => void
  readonly #origin: number
  #counted = 0
  #due = 0
  #timer: Timer | undefined

  constructor(clock: Clock, tickMs: number, most: number, onTicks: () => void) {
    this.#clock = clock
    this.#tickMs = tickMs
    this.#most = most
    this.#onTicks = onTicks
    this.#origin = clock.now()
    this.#arm()
  }

  /** Ticks that have passed since this was asked last. */
  take(): number {
    const due = this.#due
    this.#due = 0
    return due
  }

  stop(): void {
    this.#timer?.cancel()
    this.#timer = undefined
  }

  #arm(): void {
    const next = this.#origin + (this.#counted + 1) * this.#tickMs
    this.#timer = this.#clock.setTimer(Math.max(0, next - this.#clock.now()), () => this.#fire())
  }

  #fire(): void {
    if (this.#timer === undefined) return
    const passed = Math.floor((this.#clock.now() - this.#origin) / this.#tickMs)
    this.#due = Math.min(this.#most, this.#due + Math.max(0, passed - this.#counted))
    this.#counted = Math.max(this.#counted, passed)
    this.#arm()
    if (this.#due > 0) this.#onTicks()
  }
}
