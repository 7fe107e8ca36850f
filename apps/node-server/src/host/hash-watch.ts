import type { Clock, Timer } from '@quorail/raft-core'
import { askRound } from './ask-round.ts'
import {
  type HashCheckpoint,
  type HashVerdict,
  haveCommonIndex,
  judgeHashes,
  judgeRecords,
} from './hash-verdict.ts'
import type { MemberAddress } from './types.ts'

/** Asks a peer for its hashes: undefined when it does not say in time. */
export type AskHashes = (
  peer: MemberAddress,
  done: (checkpoints: readonly HashCheckpoint[] | undefined) => void,
) => void

export interface HashWatchOptions {
  readonly clock: Clock
  readonly peers: () => readonly MemberAddress[]
  /** Nobody else belongs to the cluster when this begins. */
  readonly beginsAlone: boolean
  readonly own: () => readonly HashCheckpoint[]
  readonly ask: AskHashes
  /** After every round, whether or not it brought another verdict. */
  readonly onJudged: () => void
  /** A peer that answers has had no index in common with this node for long. Once, until it has one. */
  readonly onNotComparable: (peer: string) => void
}

/** Between two rounds of questions. */
const everyMs = 3_000
/** The same while nothing is known: right after the start, or while it is not known who is right. */
const eagerMs = 250
/** What others had was on its way here as well: so old it says whether this node keeps up. */
const keptUpWithinMs = 500
/** Who could compare with no majority for so long since the start leads all the same. */
const holdBackMs = 3_000
const notComparableAfterMs = 30_000

/**
 * Whether this node's state is the majority's. That it is the minority's stays until the process ends:
 * what it has answered since may be wrong too. Any other verdict stays until there is another, so a
 * peer that does not answer changes nothing.
 */
export class HashWatch {
  readonly #options: HashWatchOptions
  /** Since when a peer that answers could not be compared; for ever once that was said. */
  readonly #notComparableSince = new Map<string, number>()
  #verdict: HashVerdict | undefined
  #ofRecords: HashVerdict | undefined
  #others = { index: 0, atMs: 0 }
  #heldBack: boolean
  #stopped = false
  #holdBack: Timer | undefined
  #next: Timer | undefined

  constructor(options: HashWatchOptions) {
    this.#options = options
    this.#heldBack = !options.beginsAlone
  }

  get verdict(): HashVerdict | undefined {
    return this.#verdict
  }

  /** Not yet: right after the start nobody knows whether this state is like the others'. */
  get heldBack(): boolean {
    return this.#heldBack && this.#verdict === undefined
  }

  /** The furthest that another node was in the last round, once that is old enough to compare with. */
  get othersIndex(): number {
    const { index, atMs } = this.#others
    return this.#options.clock.now() - atMs < keptUpWithinMs ? 0 : index
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
    const { clock, ask } = this.#options
    const peers = this.#options.peers()
    askRound(clock, peers, ask, (answers) => {
      if (!this.#stopped) this.#judge(peers.length, answers)
    })
  }

  #judge(peers: number, answers: ReadonlyMap<string, readonly HashCheckpoint[]>): void {
    const { clock, own, onJudged } = this.#options
    const mine = own()
    const newest = [...answers.values()].flat().map(({ index }) => index)
    this.#others = { index: Math.max(0, ...newest), atMs: clock.now() }
    for (const [id, checkpoints] of answers) this.#noteComparable(id, mine, checkpoints)
    const theirs = [...answers].map(([id, checkpoints]) => ({ id, checkpoints }))
    // Of records there is seldom a common index: what was seen there stays until there is another.
    this.#ofRecords = judgeRecords(peers + 1, mine, theirs) ?? this.#ofRecords
    const verdict = worse(judgeHashes(peers + 1, mine, theirs), this.#ofRecords)
    if (this.#verdict?.state !== 'minority') this.#verdict = verdict ?? this.#verdict
    const settled = this.#verdict !== undefined && this.#verdict.state !== 'split'
    this.#next = clock.setTimer(settled ? everyMs : eagerMs, () => this.#round())
    onJudged()
  }

  #noteComparable(
    id: string,
    mine: readonly HashCheckpoint[],
    theirs: readonly HashCheckpoint[],
  ): void {
    const { clock, onNotComparable } = this.#options
    if (haveCommonIndex(mine, theirs)) {
      this.#notComparableSince.delete(id)
      return
    }
    const now = clock.now()
    const since = this.#notComparableSince.get(id) ?? now
    this.#notComparableSince.set(id, since)
    if (now - since < notComparableAfterMs) return
    this.#notComparableSince.set(id, Number.POSITIVE_INFINITY)
    onNotComparable(id)
  }
}

/** That the records agree says nothing of the state. */
function worse(
  ofState: HashVerdict | undefined,
  ofRecords: HashVerdict | undefined,
): HashVerdict | undefined {
  if (ofState?.state === 'minority') return ofState
  if (ofRecords?.state === 'minority') return ofRecords
  if (ofState?.state === 'split' || ofRecords === undefined) return ofState
  if (ofRecords.state === 'split') return ofRecords
  return ofState !== undefined && ofRecords.differing.length > 0 ? ofRecords : ofState
}
