/**
 * The nouns of Raft as plain data, shared by the core, the runtime and the write-ahead log.
 *
 * Everything here is readonly and structured-cloneable: an input can be recorded, logged and
 * replayed as it is. Indexes and terms are safe integers (2^53 at a million entries a second lasts
 * 285 years); the codec refuses larger ones at the door.
 */

/** Position in the replicated log, from 1. Index 0 is "before the first entry". */
export type LogIndex = number

/** Election term, from 1. Term 0 is "before the first election". */
export type Term = number

/** A node's name in its cluster, e.g. `n1`. Unique among the members, at most 64 bytes of UTF-8. */
export type NodeId = string

/**
 * A random 128-bit name of one life of a node's log, as 32 hexadecimal digits. It is made once, when
 * the log is created, and kept in the log's superblock: a node that lost its log comes back with
 * another incarnation and can not be mistaken for its past.
 */
export type Incarnation = string

/** What an entry carries. `command` is the user's; `noop` is a new leader's first entry (Raft §8). */
export type EntryKind = 'command' | 'noop'

/** One entry of the replicated log. `data` is opaque to raft-core and never changed. */
export interface Entry {
  readonly index: LogIndex
  readonly term: Term
  readonly kind: EntryKind
  readonly data: Uint8Array
}

/** What must survive a crash besides the entries (Raft Figure 2, "persistent state"). */
export interface HardState {
  readonly term: Term
  /** The candidate voted for in `term`, if any. */
  readonly votedFor: NodeId | undefined
  /** A hint, not a promise: lets a restarted node apply early. Never beyond the last entry. */
  readonly commitIndex: LogIndex
}

/**
 * What all founders of a cluster share, written as the first record of every founder's log. A log
 * without it belongs to a node that waits to be added.
 */
export interface Genesis {
  /** Random 128-bit name of the cluster, 32 hexadecimal digits. */
  readonly clusterId: string
  /** The voters, in one fixed order (sorted by name). */
  readonly members: readonly NodeId[]
}

/**
 * One ordered, atomic write to the log: after a crash either all of it is there or none.
 * Applied in this order: truncate, append, hard state.
 */
export interface LogWrite {
  /** Ever increasing over the life of a core; names the write in its completion. */
  readonly id: number
  /** Remove this entry and all behind it before appending. Never at or below the commit index. */
  readonly truncateFrom: LogIndex | undefined
  /** Contiguous, beginning right behind what is left. May be empty. */
  readonly entries: readonly Entry[]
  readonly hardState: HardState | undefined
}

/** What a log gives back when it is opened. */
export interface RestoredLog {
  readonly genesis: Genesis | undefined
  readonly incarnation: Incarnation
  readonly hardState: HardState
  /** Index of the first entry kept (1 until logs are compacted). */
  readonly firstIndex: LogIndex
  /** Index of the last entry; `firstIndex - 1` when there is none. */
  readonly lastIndex: LogIndex
  /** Runs of equal terms, in order: the term of every kept entry without reading them. */
  readonly termRuns: readonly TermRun[]
}

/** Entries from `firstIndex` up to the next run have `term`. */
export interface TermRun {
  readonly term: Term
  readonly firstIndex: LogIndex
}

export type Role = 'follower' | 'preCandidate' | 'candidate' | 'leader'

/** What every peer message carries. */
interface MessageHeader {
  readonly from: NodeId
  readonly to: NodeId
  /** The sender's term; for a pre-vote request, the term it would campaign in. */
  readonly term: Term
}

export interface RequestVote extends MessageHeader {
  readonly type: 'requestVote'
  /** A pre-vote asks "would you vote for me?" and changes nobody's term (dissertation §9.6). */
  readonly preVote: boolean
  readonly lastLogIndex: LogIndex
  readonly lastLogTerm: Term
  /** Campaign by leadership transfer: the receiver ignores its leader lease (dissertation §4.2.3). */
  readonly transfer: boolean
}

export interface RequestVoteReply extends MessageHeader {
  readonly type: 'requestVoteReply'
  readonly preVote: boolean
  readonly granted: boolean
}

export interface AppendEntries extends MessageHeader {
  readonly type: 'appendEntries'
  readonly prevLogIndex: LogIndex
  readonly prevLogTerm: Term
  readonly entries: readonly Entry[]
  readonly leaderCommit: LogIndex
  /** Sequence number of the leader's latest read round; echoed in the reply (ReadIndex, §6.4). */
  readonly readSequence: number
}

export interface AppendEntriesReply extends MessageHeader {
  readonly type: 'appendEntriesReply'
  readonly success: boolean
  /** On success: the last index known to match *and durable* here. On failure: `prevLogIndex` refused. */
  readonly matchIndex: LogIndex
  /** On failure: the follower's guess where the logs may agree, and its term there (0 if none). */
  readonly hintIndex: LogIndex
  readonly hintTerm: Term
  readonly readSequence: number
}

/** The leader asks the receiver to campaign at once (leadership transfer, §3.10). */
export interface TimeoutNow extends MessageHeader {
  readonly type: 'timeoutNow'
}

/** A follower asks the leader for a read index on behalf of a local reader. */
export interface ReadIndexRequest extends MessageHeader {
  readonly type: 'readIndexRequest'
  readonly readId: number
}

export interface ReadIndexReply extends MessageHeader {
  readonly type: 'readIndexReply'
  readonly readId: number
  /** 0: refused, e.g. not the leader any more. */
  readonly readIndex: LogIndex
}

export type Message =
  | RequestVote
  | RequestVoteReply
  | AppendEntries
  | AppendEntriesReply
  | TimeoutNow
  | ReadIndexRequest
  | ReadIndexReply
