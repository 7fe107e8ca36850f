/** Notices a connection on which nothing is heard any more: half-open, or its peer stands still. */
import type { Clock, Timer } from '../ports.ts'
import type { TcpLimits } from './options.ts'

export class KeepAlive {
  readonly #clock: Clock
  readonly #limits: TcpLimits
  readonly #onBeat: () => void
  readonly #onSilent: () => void
  #heardAt: number
  #beatAt: number
  #timer: Timer

  constructor(clock: Clock, limits: TcpLimits, onBeat: () => void, onSilent: () => void) {
    this.#clock = clock
    this.#limits = limits
    this.#onBeat = onBeat
    this.#onSilent = onSilent
    this.#heardAt = clock.now()
    this.#beatAt = this.#heardAt
    this.#timer = this.#arm()
  }

  heard(): void {
    this.#heardAt = this.#clock.now()
  }

  stop(): void {
    this.#timer.cancel()
  }

  #arm(): Timer {
    return this.#clock.setTimer(this.#limits.keepAliveMs, () => this.#beat())
  }

  #beat(): void {
    const { keepAliveMs, silentAfterMs } = this.#limits
    const now = this.#clock.now()
    // It was this process that stood still: what the peer said meanwhile has yet to be read.
    if (now - this.#beatAt > 2 * keepAliveMs) this.#heardAt = now
    this.#beatAt = now
    if (now - this.#heardAt >= silentAfterMs) {
      this.#onSilent()
      return
    }
    this.#timer = this.#arm()
    this.#onBeat()
  }
}
