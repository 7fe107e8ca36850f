import type { Clock, Timer } from '@quorail/raft-core'
import type { MemberAddress } from './types.ts'

/** Whom a node takes for the members, and since which change. */
export interface MembersSeen {
  readonly configIndex: number
  readonly ids: readonly string[]
}

/** Asks a peer for the members: undefined when it does not say in time, or is of another cluster. */
export type AskMembers = (
  peer: MemberAddress,
  done: (seen: MembersSeen | undefined) => void,
) => void

export interface RemovalWatchOptions {
  readonly id: string
  readonly clock: Clock
  readonly peers: () => readonly MemberAddress[]
  /** What counts on this node itself. */
  readonly own: () => MembersSeen
  readonly knowsLeader: () => boolean
  readonly ask: AskMembers
  /** Once. */
  readonly onRemoved: () => void
}

const everyMs = 1_000
/** An election takes less: who has no leader for so many rounds may have been left alone. */
const patienceRounds = 3

/**
 * Who is removed is told nothing any more: not even the entry that removes it need have arrived. So a
 * member that nobody leads, or that has seen itself go, asks the others whether it still belongs.
 * The change that counts is a committed one on whoever answers, so one answer is proof.
 */
export class RemovalWatch {
  readonly #options: RemovalWatchOptions
  #timer: Timer | undefined
  #stopped = false
  #wasMember = false
  #leaderless = 0

  constructor(options: RemovalWatchOptions) {
    this.#options = options
  }

  start(): void {
    this.#look()
  }

  stop(): void {
    this.#stopped = true
    this.#timer?.cancel()
  }

  #look(): void {
    if (this.#stopped) return
    const { clock, id, own, knowsLeader } = this.#options
    const isMember = own().ids.includes(id)
    this.#wasMember ||= isMember
    this.#leaderless = knowsLeader() ? 0 : this.#leaderless + 1
    const isLonely = isMember && this.#leaderless >= patienceRounds
    if (isLonely || (this.#wasMember && !isMember)) this.#askAround()
    this.#timer = clock.setTimer(everyMs, () => this.#look())
  }

  #askAround(): void {
    const { peers, ask } = this.#options
    for (const peer of peers()) ask(peer, (seen) => seen && this.#judge(seen))
  }

  #judge({ configIndex, ids }: MembersSeen): void {
    const { id, own, onRemoved } = this.#options
    if (this.#stopped || ids.length === 0 || ids.includes(id)) return
    const mine = own()
    const isNewer = mine.ids.includes(id)
      ? configIndex > mine.configIndex
      : configIndex >= mine.configIndex
    if (!isNewer) return
    this.stop()
    onRemoved()
  }
}
