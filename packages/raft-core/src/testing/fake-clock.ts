import type { Clock, Timer } from '../ports.ts'

interface Waiting extends Timer {
  readonly at: number
  readonly order: number
  readonly callback: () => void
}

/** A clock that stands still until it is told. */
export class FakeClock implements Clock {
  #now = 0
  #order = 0
  #timers: Waiting[] = []
  #deferred: (() => void)[] = []

  /** Milliseconds since it was made. */
  now(): number {
    return this.#now
  }

  setTimer(delayMs: number, callback: () => void): Timer {
    const timer: Waiting = {
      at: this.#now + Math.max(0, delayMs),
      order: this.#order++,
      callback,
      cancel: () => {
        this.#timers = this.#timers.filter((other) => other !== timer)
      },
    }
    this.#timers.push(timer)
    return timer
  }

  defer(callback: () => void): void {
    this.#deferred.push(callback)
  }

  /** Runs what was deferred, and what that defers, until nothing is left. */
  runDeferred(): void {
    for (let next = this.#deferred.shift(); next !== undefined; next = this.#deferred.shift())
      next()
  }

  /** Moves time on, and runs what falls due in order, with everything deferred in between. */
  advance(ms: number): void {
    const end = this.#now + ms
    this.runDeferred()
    for (let timer = this.#next(end); timer !== undefined; timer = this.#next(end)) {
      timer.cancel()
      this.#now = Math.max(this.#now, timer.at)
      timer.callback()
      this.runDeferred()
    }
    this.#now = end
  }

  #next(end: number): Waiting | undefined {
    let first: Waiting | undefined
    for (const timer of this.#timers) {
      if (timer.at > end) continue
      const isEarlier =
        first === undefined ||
        timer.at < first.at ||
        (timer.at === first.at && timer.order < first.order)
      if (isEarlier) first = timer
    }
    return first
  }
}
