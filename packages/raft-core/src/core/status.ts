/** What a core shows of itself: plain data, made on request. */
import type { KnownPeer, LogIndex, Membership, NodeId, Role, Term } from '../types.ts'
import { memberIds } from './membership.ts'
import { livesApart } from './peers.ts'
import type { CoreState } from './state.ts'

/** A leader's view of one follower. */
export interface PeerStatus {
  readonly id: NodeId
  /**
   * `probe`: finding out where the logs agree. `replicate`: streaming. `snapshot`: it is offered one.
   * `apart`: see `peerSetApart`.
   */
  readonly state: 'probe' | 'replicate' | 'snapshot' | 'apart'
  readonly isLearner: boolean
  /** Last entry known durable there. */
  readonly matchIndex: LogIndex
  readonly nextIndex: LogIndex
  readonly inflightMessages: number
  readonly inflightBytes: number
  readonly windowIsFull: boolean
  /** Nothing is appended there until something is heard from it. */
  readonly isPaused: boolean
  /** In `snapshot`: what the offered one stands for. Otherwise 0. */
  readonly pendingSnapshotIndex: LogIndex
  /** Heard from within an election timeout. */
  readonly active: boolean
  /** Heard from since the last time that this leader looked for its majority. */
  readonly recentlyActive: boolean
}

export interface CoreStatus {
  readonly id: NodeId
  /** All members: voters of both halves and learners, sorted. */
  readonly members: readonly NodeId[]
  readonly membership: Membership
  /** The last `config` entry applied here; 0 if there was none. */
  readonly configIndex: LogIndex
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
  /** The newest snapshot that is stored here; 0 if there is none. */
  readonly snapshotIndex: LogIndex
  /** The state is being replaced by a snapshot. */
  readonly isRestoring: boolean
  /** Ticks since a leader was last known; 0 while there is one. */
  readonly ticksWithoutLeader: number
  readonly transferringTo: NodeId | undefined
  readonly uncommittedBytes: number
  readonly tailBytes: number
  readonly writesInFlight: number
  readonly heldMessages: number
  /** Members that came back without what they had promised, see `peerSetApart`: the lives that do not count. */
  readonly apart: readonly KnownPeer[]
  /** On a leader: every other member. Empty otherwise. */
  readonly peers: readonly PeerStatus[]
}

export function describeCore(s: CoreState): CoreStatus {
  const { config, log } = s
  return {
    id: config.id,
    members: memberIds(s.membership),
    membership: s.membership,
    configIndex: s.configIndex,
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
    snapshotIndex: s.snapshot?.index ?? 0,
    isRestoring: s.restoring !== undefined,
    ticksWithoutLeader: s.leaderlessSince === undefined ? 0 : s.now - s.leaderlessSince,
    transferringTo: s.transfer?.to,
    uncommittedBytes: s.uncommittedBytes,
    tailBytes: log.tailBytes,
    writesInFlight: log.writesInFlight,
    heldMessages: s.held.length,
    apart: livesApart(s),
    peers: [...s.progress.values()].map((progress) => ({
      id: progress.id,
      state: s.isApart(progress.id) ? 'apart' : progress.state,
      matchIndex: progress.match,
      nextIndex: progress.next,
      inflightMessages: progress.inflightMessages,
      inflightBytes: progress.inflightBytes,
      isLearner: progress.isLearner,
      windowIsFull: progress.windowIsFull,
      isPaused: progress.isPaused,
      pendingSnapshotIndex: progress.pendingSnapshot,
      recentlyActive: progress.lastHeard >= s.quorumCheckedAt,
      active: s.now - progress.lastHeard < config.electionMinTicks,
    })),
  }
}
