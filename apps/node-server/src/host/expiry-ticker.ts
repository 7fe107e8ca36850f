import type { Clock, Timer } from '@quorail/raft-core'

export interface ExpiryTickerOptions {
  readonly clock: Clock
  /** This node leads and serves. */
  readonly leads: () => boolean
  /** The instant of the next expiry by log time, if anything expires. */
  readonly nextExpiryMs: () => number | undefined
  /** The log time that an entry made now would have. */
  readonly logTimeMs: () => number
  /** Proposes a clock entry. */
  readonly tick: (done: () => void) => void
}

/** Looks again at least so often, whatever was computed: a timer may have been early. */
const longestWaitMs = 500
/** More falls due at once than one entry may expire: the next follows, but not in a tight loop. */
const shortestWaitMs = 10

/** Time passes in the log only with entries: the leader makes one when something is due and none comes. */
export class ExpiryTicker {
  readonly #options: ExpiryTickerOptions
  #timer: Timer | undefined
  #dueMs = Number.POSITIVE_INFINITY
  #ticking = false
  #stopped = false

  constructor(options: ExpiryTickerOptions) {
    this.#options = options
  }

  /** To be called whenever the state or the leadership has changed. */
  look(): void {
    const { leads, nextExpiryMs } = this.#options
    const due = this.#stopped || !leads() ? undefined : nextExpiryMs()
    if (due === undefined) {
      this.#timer?.cancel()
      this.#timer = undefined
      this.#dueMs = Number.POSITIVE_INFINITY
    } else if (this.#timer === undefined || due < this.#dueMs) this.#wait(due)
  }

  stop(): void {
    this.#stopped = true
    this.look()
  }

  #wait(dueMs: number): void {
    const { clock, logTimeMs } = this.#options
    this.#timer?.cancel()
    this.#dueMs = dueMs
    const wait = Math.min(Math.max(dueMs - logTimeMs(), shortestWaitMs), longestWaitMs)
    this.#timer = clock.setTimer(wait, () => {
      this.#timer = undefined
      this.#dueMs = Number.POSITIVE_INFINITY
      this.#fire()
    })
  }

  #fire(): void {
    const { leads, nextExpiryMs, logTimeMs, tick } = this.#options
    const due = this.#stopped || !leads() ? undefined : nextExpiryMs()
    if (due === undefined || this.#ticking) return
    if (due > logTimeMs()) {
      this.#wait(due)
      return
    }
    this.#ticking = true
    tick(() => {
      this.#ticking = false
      this.look()
    })
  }
}
