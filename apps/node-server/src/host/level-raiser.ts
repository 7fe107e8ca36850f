import type { RaiseFeatureLevel } from '@quorail/booking-fsm'
import type { Clock, Timer } from '@quorail/raft-core'
import { askRound } from './ask-round.ts'
import type { MemberAddress } from './types.ts'

/** Asks a peer which feature level its version knows: undefined when it does not say in time. */
export type AskLevel = (peer: MemberAddress, done: (level: number | undefined) => void) => void

export interface LevelRaiserOptions {
  readonly clock: Clock
  readonly peers: () => readonly MemberAddress[]
  /** The level that this node's version knows. */
  readonly supported: number
  /** The level that counts in the cluster now. */
  readonly active: () => number
  /** This node leads and serves. */
  readonly leads: () => boolean
  readonly ask: AskLevel
  readonly propose: (command: RaiseFeatureLevel, done: () => void) => void
}

/** Between two rounds of questions, while some member does not know the next level yet. */
const againAfterMs = 3_000

/**
 * The leader raises the cluster's feature level when every member says that its version knows the next
 * one: a member that did not would stop at the entry, rather than disagree in silence.
 */
export class LevelRaiser {
  readonly #options: LevelRaiserOptions
  #busy = false
  #stopped = false
  #timer: Timer | undefined

  constructor(options: LevelRaiserOptions) {
    this.#options = options
  }

  /** To be called whenever the state or the leadership has changed. */
  look(): void {
    if (this.#busy || this.#stopped || !this.#wanted()) return
    this.#busy = true
    this.#round()
  }

  stop(): void {
    this.#stopped = true
    this.#timer?.cancel()
  }

  #wanted(): boolean {
    const { leads, active, supported } = this.#options
    return leads() && active() < supported
  }

  #round(): void {
    const { clock, ask, supported } = this.#options
    const peers = this.#options.peers()
    askRound(clock, peers, ask, (levels) => {
      // All of them, or it is held back: a member that does not answer, too.
      this.#judge(levels.size === peers.length ? Math.min(supported, ...levels.values()) : 0)
    })
  }

  #judge(level: number): void {
    if (this.#stopped) return
    const { active, propose } = this.#options
    if (this.#wanted() && level > active())
      propose({ type: 'raiseFeatureLevel', level }, () => this.#pause())
    else this.#pause()
  }

  #pause(): void {
    this.#timer = this.#options.clock.setTimer(againAfterMs, () => {
      this.#timer = undefined
      this.#busy = false
      this.look()
    })
  }
}
