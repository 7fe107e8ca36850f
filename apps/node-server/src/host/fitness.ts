import type { Clock } from '@quorail/raft-core'
import type { ClockVerdict } from './clock-verdict.ts'
import { type AskClock, ClockWatch } from './clock-watch.ts'
import type { HashCheckpoints } from './hash-checkpoints.ts'
import type { HashVerdict } from './hash-verdict.ts'
import { type AskHashes, HashWatch } from './hash-watch.ts'
import type { Divergence } from './state-diverged-error.ts'
import type { MemberAddress } from './types.ts'

/** How a node asks its peers about clock and state, and whom it tells what came of it. */
export interface FitnessPorts {
  /** What time it is on a peer. With it, this node leads only while its clock is the majority's. */
  readonly askClock?: AskClock
  /** The verdict on this node's clock has changed. */
  readonly onClockVerdict?: (verdict: ClockVerdict) => void
  /** A peer's hashes. With it, this node serves only while its state is the majority's. */
  readonly askHashes?: AskHashes
  /** The verdict on this node's state has changed, or another peer's state differs from it. */
  readonly onHashVerdict?: (verdict: HashVerdict) => void
  /** A peer's state can not be compared with this node's. */
  readonly onNotComparable?: (peer: string) => void
}

export interface FitnessOptions extends FitnessPorts {
  readonly clock: Clock
  readonly wallMs: () => number
  readonly peers: () => readonly MemberAddress[]
  readonly beginsAlone: boolean
  readonly checkpoints: HashCheckpoints
  /** After every round of questions. */
  readonly onJudged: () => void
}

/** Whether this node may lead and serve: its clock is the majority's, and so is its state. */
export class Fitness {
  readonly #options: FitnessOptions
  readonly #clock: ClockWatch | undefined
  readonly #hashes: HashWatch | undefined
  #saidOfClock: ClockVerdict['state'] = 'fine'
  #saidOfState: HashVerdict['state'] = 'agrees'
  readonly #saidToDiffer = new Set<string>()

  constructor(options: FitnessOptions) {
    this.#options = options
    const { clock, wallMs, peers, beginsAlone, checkpoints, askClock, askHashes } = options
    if (askClock !== undefined)
      this.#clock = new ClockWatch({
        clock,
        wallMs,
        peers,
        beginsAlone,
        ask: askClock,
        onJudged: () => this.#clockJudged(),
      })
    if (askHashes !== undefined)
      this.#hashes = new HashWatch({
        clock,
        peers,
        beginsAlone,
        own: () => checkpoints.all(),
        ask: askHashes,
        onJudged: () => this.#stateJudged(),
        onNotComparable: (peer) => options.onNotComparable?.(peer),
      })
  }

  get mayLead(): boolean {
    const clockIsFine = this.#clock?.mayLead ?? true
    return clockIsFine && this.#hashes?.heldBack !== true && this.divergence !== 'minority'
  }

  get divergence(): Divergence | undefined {
    const state = this.#hashes?.verdict?.state
    return state === 'agrees' ? undefined : state
  }

  get isClockOff(): boolean {
    return this.#clock?.verdict?.state === 'off'
  }

  /** How far another node was, some time ago; 0 while nothing is known. */
  get othersIndex(): number {
    return this.#hashes?.othersIndex ?? 0
  }

  get clockOffsetMs(): number | undefined {
    return this.#clock?.verdict?.offsetMs
  }

  /** Who may lead instead; undefined unless this node must not. */
  get successors(): readonly string[] | undefined {
    const clock = this.#clock?.verdict
    const hashes = this.#hashes?.verdict
    const byClock = clock?.state === 'off' ? clock.fine : undefined
    const byState = hashes?.state === 'minority' ? hashes.agreeing : undefined
    if (byClock === undefined || byState === undefined) return byClock ?? byState
    return byState.filter((id) => byClock.includes(id))
  }

  start(): void {
    this.#clock?.start()
    this.#hashes?.start()
  }

  stop(): void {
    this.#clock?.stop()
    this.#hashes?.stop()
  }

  #clockJudged(): void {
    const verdict = this.#clock?.verdict
    if (verdict !== undefined && verdict.state !== this.#saidOfClock) {
      this.#saidOfClock = verdict.state
      this.#options.onClockVerdict?.(verdict)
    }
    this.#options.onJudged()
  }

  #stateJudged(): void {
    const verdict = this.#hashes?.verdict
    if (verdict !== undefined) {
      const { state, agreeing, differing } = verdict
      const isNews =
        state !== this.#saidOfState || differing.some((id) => !this.#saidToDiffer.has(id))
      this.#saidOfState = state
      for (const id of agreeing) this.#saidToDiffer.delete(id)
      for (const id of differing) this.#saidToDiffer.add(id)
      if (isNews) this.#options.onHashVerdict?.(verdict)
    }
    this.#options.onJudged()
  }
}
