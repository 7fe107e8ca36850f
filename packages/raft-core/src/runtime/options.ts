/** What a `RaftNode` is opened with, what it answers, and what it shows. */

import type { PeerStatus } from '../core/status.ts'
import type { RaftError } from '../errors.ts'
import type {
  Clock,
  LogStats,
  LogStore,
  Metrics,
  Observer,
  Random,
  SnapshotInfo,
  SnapshotStore,
  StateMachine,
  TraceSink,
  Transport,
} from '../ports.ts'
import type {
  Genesis,
  Incarnation,
  KnownPeer,
  LogIndex,
  MemberChange,
  Membership,
  MembershipTransition,
  NodeId,
  Role,
  Term,
} from '../types.ts'
import type { RaftConfig } from './raft-config.ts'

export type { RaftConfig } from './raft-config.ts'

export interface RaftNodeOptions<Result> {
  /** This node's name. It takes part once it is a member. At most 64 bytes of UTF-8. */
  readonly id: NodeId
  /** Opened, written and closed by the node. */
  readonly log: LogStore
  readonly machine: StateMachine<Result>
  /**
   * Opened, written and closed by the node. Without it the log is never compacted and the node can
   * neither give a snapshot nor take one.
   */
  readonly snapshots?: SnapshotStore
  readonly transport: Transport
  readonly clock: Clock
  /** Seeds the election jitter and the names of reads and snapshots. */
  readonly random: Random
  /** When given, it must equal what the log was founded with; a guard against a wrong folder. */
  readonly genesis?: Genesis
  readonly config?: Partial<RaftConfig>
  readonly observer?: Observer
  readonly metrics?: Metrics
  /** Gets a line for each step of the protocol: see `etcd/raft`'s TLA+ specification. Slow. */
  readonly trace?: TraceSink
}

/** A command that was applied on this node. */
export interface Proposed<Result> {
  readonly index: LogIndex
  readonly term: Term
  readonly result: Result
}

/**
 * Called once. Without an error: the entry at `index` of `term` was applied here with `result`.
 * With one: `index` and `term` are 0 and `result` is undefined.
 */
export type ProposeDone<Result> = (
  error: RaftError | undefined,
  index: LogIndex,
  term: Term,
  result: Result | undefined,
) => void

/** Called once, with an error or with the index that is applied here. */
export type ReadDone = (error: RaftError | undefined, index: LogIndex) => void

export interface ProposeOptions {
  /**
   * Stop waiting after so many milliseconds (instead of `proposeTimeoutMs`). This does not cancel:
   * what is in the log may still be applied, and the error says so (`OutcomeUnknownError`).
   */
  readonly timeoutMs?: number
}

/**
 * How current a read has to be.
 *
 * `linearizable`: as new as anything that was answered to anybody before the read was asked for; a
 * majority is asked (ReadIndex). `lease`: the same, without asking while this node leads and its lease
 * holds (needs `leaseReads`; asks a majority otherwise). `stale`: what is here, however old.
 * `{ atLeast }`: at least as new as that index, e.g. of one's own last command.
 */
export type ReadConsistency = 'linearizable' | 'lease' | 'stale' | { readonly atLeast: LogIndex }

export interface ReadOptions {
  /** Default `linearizable`. */
  readonly consistency?: ReadConsistency
  /** Stop waiting after so many milliseconds, with `RejectedError` (`timeout`). */
  readonly timeoutMs?: number
}

/** What is to be changed of the membership. Every name at most once. */
export interface MembershipRequest {
  /** Become voters: new nodes at once, learners from being learners. */
  readonly add?: readonly NodeId[]
  /** Get the log and count for nothing. A voter named here becomes a learner. */
  readonly addLearners?: readonly NodeId[]
  /** As `addLearners`; and the leader makes them voters by itself as soon as they have caught up. */
  readonly promote?: readonly NodeId[]
  /** Belong to the group no longer. A name should not be used again for another node. */
  readonly remove?: readonly NodeId[]
  /** The steps in their own words, after those above. None at all: leave a joint configuration. */
  readonly changes?: readonly MemberChange[]
  /** Default `auto`. */
  readonly transition?: MembershipTransition
  /** Handed to every state machine with the `config` entry, e.g. a new member's address. */
  readonly context?: Uint8Array
}

export interface MembershipOptions {
  /** Only if the last `config` entry that was applied is this one (see `NodeStatus.configIndex`). */
  readonly ifConfig?: LogIndex
  /** Stop waiting after so many milliseconds (instead of `proposeTimeoutMs`). Does not cancel. */
  readonly timeoutMs?: number
}

/** Called once, with an error or with the membership that came of the change. */
export type MembershipDone = (
  error: RaftError | undefined,
  membership: Membership | undefined,
) => void

export interface TransferOptions {
  /** Who shall lead. Without it: the most advanced follower heard from recently. */
  readonly to?: NodeId
}

export interface CloseOptions {
  /** Hand leadership over first, if this node leads (takes at most an election timeout or two). */
  readonly handOver?: boolean
}

/** Plain data, a snapshot of the moment. */
export interface NodeStatus {
  readonly id: NodeId
  readonly incarnation: Incarnation
  readonly clusterId: string | undefined
  /** Everybody who belongs to the group: voters, also of an outgoing configuration, and learners. */
  readonly members: readonly NodeId[]
  readonly membership: Membership
  /** The last `config` entry that was applied; 0 if there was none. */
  readonly configIndex: LogIndex
  readonly state: 'running' | 'failed' | 'closed'
  readonly role: Role
  readonly term: Term
  readonly leader: NodeId | undefined
  /** This node leads and has applied the first entry of its own term: its state is current. */
  readonly ready: boolean
  readonly commitIndex: LogIndex
  readonly appliedIndex: LogIndex
  /** Last entry known durable in this node's own log. Never below `appliedIndex`. */
  readonly durableIndex: LogIndex
  readonly lastIndex: LogIndex
  /** The newest snapshot stored here, if any. */
  readonly snapshot: SnapshotInfo | undefined
  /** Members that came back without what they had promised, see `peerSetApart`: the lives that do not count here. */
  readonly apart: readonly KnownPeer[]
  /** Whether a read by lease would be answered at once. */
  readonly hasLease: boolean
  /** On a leader: every other member. Empty otherwise. */
  readonly peers: readonly PeerStatus[]
  readonly transferringTo: NodeId | undefined
  readonly pendingProposals: number
  readonly pendingReads: number
  readonly log: LogStats
}
