import { NotLeaderError, type RaftEvent, type Role } from '@quorail/raft-core'

/** Without a leader for so long, most likely a majority is not reachable (two election timeouts). */
const noQuorumAfterMs = 2_000

/** Who leads, as the events of Raft tell it: asked on every request, so it is kept and not computed. */
export class Leadership {
  readonly #monotonicMs: () => number
  #role: Role = 'follower'
  #term = 0
  #leader: string | undefined
  #leaderTerm = 0
  #readyTerm = 0
  #leaderlessSinceMs: number

  constructor(monotonicMs: () => number) {
    this.#monotonicMs = monotonicMs
    this.#leaderlessSinceMs = monotonicMs()
  }

  get role(): Role {
    return this.#role
  }

  get term(): number {
    return this.#term
  }

  get leader(): { readonly id: string; readonly term: number } | undefined {
    return this.#leader === undefined ? undefined : { id: this.#leader, term: this.#leaderTerm }
  }

  /** Leads, and an entry of its own term is applied here. */
  get ready(): boolean {
    return this.#role === 'leader' && this.#readyTerm === this.#term
  }

  /** True when the event changed anything of this. */
  see(event: RaftEvent): boolean {
    switch (event.type) {
      case 'roleChanged':
        this.#role = event.role as Role
        this.#term = event.term
        return true
      case 'leaderChanged':
        if (event.leader === undefined && this.#leader !== undefined)
          this.#leaderlessSinceMs = this.#monotonicMs()
        this.#leader = event.leader
        this.#leaderTerm = event.term
        return true
      case 'leaderReady':
        this.#readyTerm = event.term
        return true
      default:
        return false
    }
  }

  notLeader(): NotLeaderError {
    if (this.#leader !== undefined) return new NotLeaderError(this.#leader, 'follower')
    const leaderlessMs = this.#monotonicMs() - this.#leaderlessSinceMs
    return new NotLeaderError(undefined, leaderlessMs > noQuorumAfterMs ? 'noQuorum' : 'noLeader')
  }
}
