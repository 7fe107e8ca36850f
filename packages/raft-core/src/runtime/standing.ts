/** What the core has told of this node's place in the group: its role, its leader, its membership. */
import { memberIds } from '../core/membership.ts'
import { NotLeaderError } from '../errors.ts'
import type { RaftEvent } from '../ports.ts'
import type { Entry, LogIndex, Membership, NodeId, Role, Term } from '../types.ts'

export class Standing {
  readonly #id: NodeId
  role: Role = 'follower'
  leader: NodeId | undefined = undefined
  /** The last term that this node led in. */
  ledTerm: Term = 0
  /** It leads and has applied an entry of its own term: its state is current. */
  isReady = false
  membership: Membership
  configIndex: LogIndex
  #leaderlessSince: number

  constructor(id: NodeId, membership: Membership, configIndex: LogIndex, now: number) {
    this.#id = id
    this.membership = membership
    this.configIndex = configIndex
    this.#leaderlessSince = now
  }

  get leads(): boolean {
    return this.role === 'leader'
  }

  /** Everybody else in the group. */
  get peers(): readonly NodeId[] {
    return memberIds(this.membership).filter((id) => id !== this.#id)
  }

  get isMember(): boolean {
    return memberIds(this.membership).includes(this.#id)
  }

  roleChanged(role: Role, term: Term): void {
    this.role = role
    this.isReady = false
    if (role === 'leader') this.ledTerm = term
  }

  leaderChanged(leader: NodeId | undefined, now: number): void {
    if (leader === undefined && this.leader !== undefined) this.#leaderlessSince = now
    this.leader = leader
  }

  /** Whether these were the first applied entries of this node's own term, as an event. */
  noticeReady(entries: readonly Entry[]): RaftEvent | undefined {
    if (this.isReady || !this.leads) return undefined
    const first = entries.find((entry) => entry.term === this.ledTerm)
    if (first === undefined) return undefined
    this.isReady = true
    return { type: 'leaderReady', term: first.term, index: first.index }
  }

  /** The answer for somebody who wanted a leader. */
  notLeader(now: number, longMs: number): NotLeaderError {
    if (this.leader !== undefined && this.leader !== this.#id) {
      return new NotLeaderError(this.leader, 'follower')
    }
    const isLong = now - this.#leaderlessSince > longMs
    return new NotLeaderError(undefined, isLong ? 'noQuorum' : 'noLeader')
  }
}
