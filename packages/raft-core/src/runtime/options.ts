/** What a `RaftNode` is opened with, what it answers, and what it shows. */

import type { PeerStatus } from '../core/status.ts'
import type { RaftError } from '../errors.ts'
import type {
  Clock,
  LogStats,
  LogStore,
  Observer,
  Random,
  StateMachine,
  Transport,
} from '../ports.ts'
import type { Genesis, Incarnation, LogIndex, NodeId, Role, Term } from '../types.ts'

/** Everything that may be tuned. All members of a cluster should use the same times. */
export interface RaftConfig {
  /** Milliseconds between two ticks; all times below are rounded up to whole ticks. Default 10, 1–1,000. */
  readonly tickMs: number
  /** A leader speaks to every follower at least this often. Default 50 ms. */
  readonly heartbeatMs: number
  /**
   * Least time without a leader before a follower campaigns; also how long a leader leads without
   * hearing from a majority. At least three heartbeats. Default 500 ms.
   */
  readonly electionMinMs: number
  /** Most time without a leader before a follower campaigns. Above `electionMinMs`. Default 1,000 ms. */
  readonly electionMaxMs: number
  /** Largest command, in bytes. Default 1 MiB. */
  readonly maxEntryBytes: number
  /** Largest append message, in bytes of entries (one entry may exceed it). Default 1 MiB. */
  readonly maxAppendBytes: number
  /** Append messages under way to one follower. Default 16. */
  readonly maxInflightMessages: number
  /** Bytes of entries under way to one follower. Default 8 MiB. */
  readonly maxInflightBytes: number
  /** Bytes of entries kept in memory so that replication need not read the disk. Default 32 MiB. */
  readonly maxTailBytes: number
  /** Bytes appended by a leader and not yet committed; more is refused as overloaded. Default 32 MiB. */
  readonly maxUncommittedBytes: number
  /** Bytes of entries handed to the state machine at once (one entry may exceed it). Default 4 MiB. */
  readonly maxApplyBytes: number
  /** Proposals waiting for an answer; more are refused as overloaded. Default 65,536. */
  readonly maxPendingProposals: number
  /** Bytes of proposals waiting for an answer; more are refused as overloaded. Default 64 MiB. */
  readonly maxPendingBytes: number
  /** Reads waiting for an answer; more are refused as overloaded. Default 65,536. */
  readonly maxPendingReads: number
  /** Bytes received from peers and not yet handled; more is dropped (peers repeat). Default 64 MiB. */
  readonly maxInboxBytes: number
  /** A proposal without an answer for so long fails (`timeout`). Default 10,000 ms. */
  readonly proposeTimeoutMs: number
}

export interface RaftNodeOptions<Result> {
  /** This node's name; one of `genesis.members` for it to take part. At most 64 bytes of UTF-8. */
  readonly id: NodeId
  /** Opened, written and closed by the node. */
  readonly log: LogStore
  readonly machine: StateMachine<Result>
  readonly transport: Transport
  readonly clock: Clock
  /** Seeds the election jitter and the names of reads. */
  readonly random: Random
  /** When given, it must equal what the log was founded with; a guard against a wrong folder. */
  readonly genesis?: Genesis
  readonly config?: Partial<RaftConfig>
  readonly observer?: Observer
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
  readonly members: readonly NodeId[]
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
  /** On a leader: every other member. Empty otherwise. */
  readonly peers: readonly PeerStatus[]
  readonly transferringTo: NodeId | undefined
  readonly pendingProposals: number
  readonly pendingReads: number
  readonly log: LogStats
}
