/** What a core shows of itself: plain data, made on request. */
import type { LogIndex, NodeId, Role, Term } from '../types.ts'
import type { CoreState } from './state.ts'

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

export function describeCore(s: CoreState): CoreStatus {
  const { config, log } = s
  return {
    id: config.id,
    members: config.members,
    role: s.role,
    term: s.term,
    votedFor: s.votedFor,
    leader: s.leader,
    commitIndex: s.commitIndex,
    appliedIndex: s.appliedIndex,
    durableIndex: log.durableIndex,
    firstIndex: log.firstIndex,
    lastIndex: log.lastIndex,
    termStartIndex: s.termStart,
    ticksWithoutLeader: s.leaderlessSince === undefined ? 0 : s.now - s.leaderlessSince,
    transferringTo: s.transfer?.to,
    uncommittedBytes: s.uncommittedBytes,
    tailBytes: log.tailBytes,
    writesInFlight: log.writesInFlight,
    heldMessages: s.held.length,
    peers: [...s.progress.values()].map((progress) => ({
      id: progress.id,
      state: s.isApart(progress.id) ? 'apart' : progress.state,
      matchIndex: progress.match,
      nextIndex: progress.next,
      inflightMessages: progress.inflightMessages,
      inflightBytes: progress.inflightBytes,
      active: s.now - progress.lastHeard < config.electionMinTicks,
    })),
  }
}
