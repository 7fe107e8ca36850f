import type { Reply } from '@quorail/booking-fsm'
import type { Clock, RaftNode } from '@quorail/raft-core'
import type { Leadership } from './leadership.ts'

export interface HandOverOptions {
  readonly clock: Clock
  readonly leadership: Leadership
  /** Who should lead in this node's place; undefined: it may lead itself. */
  readonly successors: () => readonly string[] | undefined
}

/** An election timeout, and a little. */
const handOverWithinMs = 1_500

/** Gives leadership away: when the node stops, and when it should not lead. */
export class HandOver {
  readonly #options: HandOverOptions
  #yielding = false

  constructor(options: HandOverOptions) {
    this.#options = options
  }

  /** Bounded: when all nodes stop at once there is nobody to hand over to. */
  goAway(raft: RaftNode<Reply | undefined>): Promise<void> {
    const { clock, leadership } = this.#options
    return new Promise((resolve) => {
      if (leadership.role !== 'leader') resolve()
      else {
        clock.setTimer(handOverWithinMs, resolve)
        // Whether it worked or not: this node stops now.
        raft.transferLeadership().then(
          () => this.#settled(raft, resolve),
          () => resolve(),
        )
      }
    })
  }

  /** To the peer with good clock and state that has most of the log. Tried again after every round. */
  lookIfUnfit(raft: RaftNode<Reply | undefined>): void {
    const successors = this.#options.successors()
    // Not before its first entry is committed: until then it does not know who has how much.
    if (!this.#options.leadership.ready || successors === undefined || this.#yielding) return
    const [successor] = raft
      .status()
      .peers.filter(({ id }) => successors.includes(id))
      .sort((a, b) => Number(b.active) - Number(a.active) || b.matchIndex - a.matchIndex)
    if (successor === undefined) return
    const ended = (): void => {
      this.#yielding = false
    }
    this.#yielding = true
    raft.transferLeadership({ to: successor.id }).then(ended, ended)
  }

  /** What was in the log when leadership went is decided soon: few callers have to wonder. */
  #settled(raft: RaftNode<Reply | undefined>, done: () => void): void {
    if (raft.status().pendingProposals === 0) done()
    else this.#options.clock.setTimer(20, () => this.#settled(raft, done))
  }
}
