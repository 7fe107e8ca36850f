import type { Clock, Timer } from '@quorail/raft-core'
import { askRound } from './ask-round.ts'
import { type ClockEstimate, type ClockVerdict, judgeClock } from './clock-verdict.ts'
import type { MemberAddress } from './types.ts'

/** Asks a peer what time it is: milliseconds since 1970, or undefined when it does not say in time. */
export type AskClock = (peer: MemberAddress, done: (wallMs: number | undefined) => void) => void

export interface ClockWatchOptions {
  readonly clock: Clock
  /** Milliseconds since 1970, as this machine believes. */
  readonly wallMs: () => number
  readonly peers: () => readonly MemberAddress[]
  /** Nobody else belongs to the cluster when this begins. */
  readonly beginsAlone: boolean
  readonly ask: AskClock
  /** After every round, whether or not it brought another verdict. */
  readonly onJudged: () => void
}

/** Between two rounds of questions. */
const everyMs = 3_000
/** The same as long as there is no verdict: right after the start. */
const eagerMs = 100
/** The shortest round trip of so many tells most. */
const samplesPerRound = 3
/** Who has heard no majority's clocks for so long since the start leads all the same. */
const holdBackMs = 3_000

/**
 * Whether this node's clock lets it lead. A verdict stays until there is another: what is not answered
 * changes nothing, so neither a slow peer nor one that is down moves the leadership.
 */
export class ClockWatch {
  readonly #options: ClockWatchOptions
  #verdict: ClockVerdict | undefined
  #heldBack = true
  #stopped = false
  #holdBack: Timer | undefined
  #next: Timer | undefined

  constructor(options: ClockWatchOptions) {
    this.#options = options
    // Alone, it is the majority.
    this.#verdict = options.beginsAlone ? judgeClock(1, []) : undefined
  }

  get verdict(): ClockVerdict | undefined {
    return this.#verdict
  }

  get mayLead(): boolean {
    return this.#verdict === undefined ? !this.#heldBack : this.#verdict.state === 'fine'
  }

  start(): void {
    this.#holdBack = this.#options.clock.setTimer(holdBackMs, () => {
      this.#heldBack = false
      this.#options.onJudged()
    })
    this.#round()
  }

  stop(): void {
    this.#stopped = true
    this.#holdBack?.cancel()
    this.#next?.cancel()
  }

  #round(): void {
    const peers = this.#options.peers()
    const best = new Map<string, Sample>()
    askRound(
      this.#options.clock,
      peers,
      (peer, done) => this.#sample(peer, samplesPerRound, best, () => done(undefined)),
      () => {
        if (!this.#stopped) this.#judge(peers.length, [...best.values()])
      },
    )
  }

  #sample(peer: MemberAddress, left: number, best: Map<string, Sample>, done: () => void): void {
    const { clock, ask } = this.#options
    const askedAt = clock.now()
    ask(peer, (wallMs) => {
      if (wallMs === undefined || this.#stopped) return done()
      const uncertaintyMs = (clock.now() - askedAt) / 2
      const known = best.get(peer.id)
      if (known === undefined || uncertaintyMs < known.uncertaintyMs)
        best.set(peer.id, { id: peer.id, wallMs, atMs: askedAt + uncertaintyMs, uncertaintyMs })
      if (left > 1) this.#sample(peer, left - 1, best, done)
      else done()
    })
  }

  #judge(peers: number, samples: readonly Sample[]): void {
    const { clock, wallMs, onJudged } = this.#options
    const ownMs = wallMs() - clock.now()
    const estimates = samples.map(
      (it): ClockEstimate => ({
        id: it.id,
        offsetMs: it.wallMs - it.atMs - ownMs,
        uncertaintyMs: it.uncertaintyMs,
      }),
    )
    const verdict = judgeClock(peers + 1, estimates)
    this.#verdict = verdict ?? this.#verdict
    const wait = this.#verdict === undefined ? eagerMs : everyMs
    this.#next = clock.setTimer(wait, () => this.#round())
    onJudged()
  }
}

/** What a peer's clock showed at a moment of one's own monotonic clock. */
interface Sample {
  readonly id: string
  readonly wallMs: number
  readonly atMs: number
  readonly uncertaintyMs: number
}
