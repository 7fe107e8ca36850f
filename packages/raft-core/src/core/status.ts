/** What a core shows of itself: plain data, made on request. */
import type { LogIndex, NodeId, Role, Term } from '../types.ts'

/** A leader's view of one follower. */
export interface PeerStatus {
  readonly id: NodeId
  /** `probe`: finding out where the logs agree. `replicate`: streaming. `apart`: see `peerSetApart`. */
  readonly state: 'probe' | 'replicate' | 'apart'
  /** Last entry known durable there. */
  readonly matchIndex: LogIndex
  readonly nextIndex: LogIndex
  readonly inflightMessages: number
  readonly inflightBytes: number
  /** Heard from within an election timeout. */
  readonly active: boolean
}

export interface CoreStatus {
  readonly id: NodeId
  readonly members: readonly NodeId[]
  readonly role: Role
  readonly term: Term
  readonly votedFor: NodeId | undefined
  readonly leader: NodeId | undefined
  readonly commitIndex: LogIndex
  readonly appliedIndex: LogIndex
  readonly durableIndex: LogIndex
  readonly firstIndex: LogIndex
  readonly lastIndex: LogIndex
  /** On a leader: index of the first entry of its term. 0 otherwise. */
  readonly termStartIndex: LogIndex
  /** Ticks since a leader was last known; 0 while there is one. */
  readonly ticksWithoutLeader: number
  readonly transferringTo: NodeId | undefined
  readonly uncommittedBytes: number
  readonly tailBytes: number
  readonly writesInFlight: number
  readonly heldMessages: number
  /** On a leader: every other member. Empty otherwise. */
  readonly peers: readonly PeerStatus[]
}
