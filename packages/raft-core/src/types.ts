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

/**
 * What an entry carries. `command` is the user's; `noop` is a new leader's first entry (Raft §8);
 * `config` changes the membership, its data is an encoded `MembershipChange`.
 */
export type EntryKind = 'command' | 'noop' | 'config'

/**
 * One entry of the replicated log. `data` is opaque to raft-core and never changed. It may be a view
 * of a larger piece of memory: copy what a state machine keeps of it for long.
 */
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
 * without it belongs to a node that waits to be added; it learns the genesis from its first leader.
 */
export interface Genesis {
  /** Random 128-bit name of the cluster, 32 hexadecimal digits. */
  readonly clusterId: string
  /** The first voters, in one fixed order (sorted by name). Later ones are added by changes. */
  readonly members: readonly NodeId[]
}

/**
 * Who belongs to the group (dissertation §4.3). All lists are sorted by name. `votersOutgoing` is
 * empty unless two configurations are joint: then every decision needs a majority of both.
 */
export interface Membership {
  readonly voters: readonly NodeId[]
  readonly votersOutgoing: readonly NodeId[]
  /** They get every entry and count for nothing. Never in `voters` or `votersOutgoing`. */
  readonly learners: readonly NodeId[]
  /** Voters of the outgoing configuration that become learners when the joint one is left. */
  readonly learnersNext: readonly NodeId[]
  /** The leader leaves the joint configuration by itself as soon as it may. */
  readonly autoLeave: boolean
  /** Those of `learners` that the leader makes voters by itself once they have caught up. */
  readonly promote: readonly NodeId[]
}

/**
 * One step of a membership change. `addVoter` also promotes a learner, `addLearner` also demotes a
 * voter. `update` changes nothing here: it carries news of a member to the state machines.
 */
export interface MemberChange {
  readonly type: 'addVoter' | 'addLearner' | 'remove' | 'update'
  readonly id: NodeId
  /** With `addLearner`: make it a voter as soon as it has caught up. Default false. */
  readonly promote?: boolean
}

/** How a change gets from the old membership to the new one. */
export type MembershipTransition =
  /** A single step at once, several by way of a joint configuration that is left automatically. */
  | 'auto'
  /** Joint also for a single step; left automatically. */
  | 'jointImplicit'
  /** Joint, until a change with no steps leaves it. */
  | 'jointExplicit'

/** What a `config` entry carries. No steps: leave the joint configuration. */
export interface MembershipChange {
  readonly changes: readonly MemberChange[]
  readonly transition: MembershipTransition
  /** Opaque to Raft, handed to the state machines with the entry, e.g. the new member's address. */
  readonly context: Uint8Array
}

/** A point of the log that everything before may be forgotten at: what a snapshot or a log begins with. */
export interface SnapshotMark {
  /** The last entry it stands for; 0 for the beginning of a founder's log. */
  readonly index: LogIndex
  /** The term of that entry; 0 for index 0. */
  readonly term: Term
  /** The membership after that entry was applied. */
  readonly membership: Membership
  /** The last `config` entry up to `index`; 0 if there was none. */
  readonly configIndex: LogIndex
}

/** Another node's life that this node has seen, and whether it made promises in it. */
export interface KnownPeer {
  readonly id: NodeId
  /** Only zeros: it was removed from the group, and nothing is held against another of its name. */
  readonly incarnation: Incarnation
}

/**
 * One ordered, atomic write to the log: after a crash either all of it is there or none.
 * Applied in this order: genesis, base, truncate, append, hard state, peers.
 */
export interface LogWrite {
  /** Ever increasing over the life of a core; names the write in its completion. */
  readonly id: number
  /** Remove this entry and all behind it before appending. Never at or below the commit index. */
  readonly truncateFrom: LogIndex | undefined
  /** Contiguous, beginning right behind what is left. May be empty. */
  readonly entries: readonly Entry[]
  readonly hardState: HardState | undefined
  /** A new beginning of the log. */
  readonly base: LogBase | undefined
  /** A node that waited to be added has learned whose it is. Never changes once it is there. */
  readonly genesis: Genesis | undefined
  /** Lives of other members seen for the first time; the last one of a name counts. */
  readonly peers: readonly KnownPeer[]
}

/** Where a log begins from now on. */
export interface LogBase {
  readonly mark: SnapshotMark
  /**
   * `true`: a snapshot from another node takes the place of the whole log; no entry is left, the
   * next one is `mark.index + 1`. `false`: entries up to `mark.index` may be removed, when it suits
   * the store; those behind stay. Never a hole.
   */
  readonly reset: boolean
}

/** What a log gives back when it is opened. */
export interface RestoredLog {
  readonly genesis: Genesis | undefined
  readonly incarnation: Incarnation
  readonly hardState: HardState
  /** Where the log begins. Of a new founder's: index 0, with the members of the genesis. */
  readonly base: SnapshotMark
  /** Index of the first entry of the log: `base.index + 1`. */
  readonly firstIndex: LogIndex
  /** Index of the last entry; `firstIndex - 1` when there is none. */
  readonly lastIndex: LogIndex
  /** Runs of equal terms, in order: the term of every kept entry without reading them. */
  readonly termRuns: readonly TermRun[]
  /** All kept entries of kind `config`, in order. */
  readonly configEntries: readonly Entry[]
  /** The last known life of each other member. */
  readonly peers: readonly KnownPeer[]
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
  /** A voter with a higher priority votes only for a log that is longer than its own. Default 0. */
  readonly priority: number
  /**
   * What the candidate knows to be committed, and that entry's term: a voter that has the entry may
   * commit it, so that a membership change that only some have applied can not block an election.
   */
  readonly commitIndex: LogIndex
  readonly commitTerm: Term
}

export interface RequestVoteReply extends MessageHeader {
  readonly type: 'requestVoteReply'
  readonly preVote: boolean
  readonly granted: boolean
  /** As in the request: what the voter knows to be committed. */
  readonly commitIndex: LogIndex
  readonly commitTerm: Term
}

export interface AppendEntries extends MessageHeader {
  readonly type: 'appendEntries'
  readonly prevLogIndex: LogIndex
  readonly prevLogTerm: Term
  readonly entries: readonly Entry[]
  readonly leaderCommit: LogIndex
  /** Sequence number of the leader's latest read round; echoed in the reply (ReadIndex, §6.4). */
  readonly readSequence: number
  /** With `prevLogIndex` 0: whose log this is, for a receiver that waits to be added. */
  readonly genesis: Genesis | undefined
}

/** The leader lives. Says nothing of the log but how much of what the receiver confirmed is committed. */
export interface Heartbeat extends MessageHeader {
  readonly type: 'heartbeat'
  /** Never beyond what the receiver has acknowledged. */
  readonly leaderCommit: LogIndex
  readonly readSequence: number
}

export interface HeartbeatReply extends MessageHeader {
  readonly type: 'heartbeatReply'
  readonly readSequence: number
}

/**
 * A snapshot takes the place of entries that the leader no longer has. The core only says which one;
 * its bytes are fetched in chunks by the runtime, which hands this message to the receiving core
 * once all of them are there and durable. Answered by `appendEntriesReply`.
 */
export interface InstallSnapshot extends MessageHeader {
  readonly type: 'installSnapshot'
  readonly mark: SnapshotMark
  readonly genesis: Genesis | undefined
}

/** Runtime to runtime: asks any member that may have it for a piece of a snapshot. */
export interface SnapshotRequest extends MessageHeader {
  readonly type: 'snapshotRequest'
  /** 32 hexadecimal digits; empty: the newest there is, if it is at least at `minIndex`. */
  readonly snapshotId: string
  readonly minIndex: LogIndex
  readonly offset: number
  readonly maxBytes: number
}

/** Answers a `snapshotRequest`. */
export interface SnapshotChunk extends MessageHeader {
  readonly type: 'snapshotChunk'
  /** Empty: the receiver of the request has no such snapshot (any more). */
  readonly snapshotId: string
  readonly mark: SnapshotMark | undefined
  readonly totalBytes: number
  /** CRC32C of all bytes of the snapshot. */
  readonly checksum: number
  readonly offset: number
  readonly data: Uint8Array
}

/** The target of a leadership transfer will not campaign. */
export interface TransferRefused extends MessageHeader {
  readonly type: 'transferRefused'
}

/** A follower passes commands of its callers on to the leader. */
export interface ForwardProposals extends MessageHeader {
  readonly type: 'forwardProposals'
  readonly forwardId: number
  readonly commands: readonly Uint8Array[]
}

/** Which of them are in the log: the first `accepted`, from `firstIndex` on. */
export interface ForwardProposalsReply extends MessageHeader {
  readonly type: 'forwardProposalsReply'
  readonly forwardId: number
  readonly accepted: number
  readonly firstIndex: LogIndex
  /** Term of the entries; 0 when none was accepted. */
  readonly entryTerm: Term
  /** Why the others were refused; empty when none was. */
  readonly refusal: string
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
  | Heartbeat
  | HeartbeatReply
  | InstallSnapshot
  | SnapshotRequest
  | SnapshotChunk
  | TransferRefused
  | ForwardProposals
  | ForwardProposalsReply
