import type { FoundCluster } from '@quorail/booking-fsm'
import type { Clock, Timer } from '@quorail/raft-core'

export interface FounderOptions {
  readonly clock: Clock
  /** This node leads, an entry of its term is applied, and the state is not founded. */
  readonly wanted: () => boolean
  readonly command: () => FoundCluster
  readonly propose: (command: FoundCluster, done: () => void) => void
}

const againAfterMs = 250

/** The first leader of a cluster founds it, with the first command of its log. */
export class Founder {
  readonly #options: FounderOptions
  #founding = false
  #timer: Timer | undefined

  constructor(options: FounderOptions) {
    this.#options = options
  }

  /** To be called whenever the state or the leadership has changed. */
  look(): void {
    const { clock, wanted, command, propose } = this.#options
    if (this.#founding || this.#timer !== undefined || !wanted()) return
    this.#founding = true
    // A second attempt, here or by the next leader, is refused by the state machine if the first one counted.
    propose(command(), () => {
      this.#founding = false
      this.#timer = clock.setTimer(againAfterMs, () => {
        this.#timer = undefined
        this.look()
      })
    })
  }

  stop(): void {
    this.#timer?.cancel()
  }
}
