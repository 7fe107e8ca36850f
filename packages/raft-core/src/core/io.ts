/**
 * All that goes into a core and all that comes out: plain readonly data. Record the inputs and you
 * have a bug report; feed them to a new core and you have the test.
 */
import type {
  Entry,
  Incarnation,
  LogIndex,
  LogWrite,
  Membership,
  MembershipChange,
  Message,
  NodeId,
  Role,
  SnapshotMark,
  Term,
} from '../types.ts'

export type Input =
  /** A tick of the clock has passed. */
  | { readonly type: 'tick' }
  /**
   * From a peer. `incarnation` is the sender's, when the embedder knows it: a peer that comes back
   * with another one after it acknowledged anything is set apart.
   */
  | {
      readonly type: 'message'
      readonly message: Message
      readonly incarnation?: Incarnation
    }
  /** Commands to append, in order; answered by one `proposed` event with this `id`. */
  | { readonly type: 'propose'; readonly id: number; readonly commands: readonly Uint8Array[] }
  /** A linearizable read; answered by one `readReady` or `readFailed` event with this `id`. */
  | { readonly type: 'readIndex'; readonly id: number }
  /** Hand leadership over; answered by one `transferEnded` event with this `id`. */
  | {
      readonly type: 'transferLeadership'
      readonly id: number
      readonly to: NodeId | undefined
    }
  /** Everything up to this write is durable. Writes complete in order. */
  | { readonly type: 'appended'; readonly writeId: number }
  /** The state machine has applied everything up to here: the last entry of `Output.apply`. */
  | { readonly type: 'applied'; readonly index: LogIndex }
  /** Answers an `Output.read`: a prefix of what was asked for, at least one entry. */
  | { readonly type: 'entriesRead'; readonly readId: number; readonly entries: readonly Entry[] }
  /** The stream of a peer closed (not: a timeout). */
  | { readonly type: 'peerLost'; readonly peer: NodeId }
  /** Messages to a peer were lost: find out again where the logs agree. */
  | { readonly type: 'unreachable'; readonly peer: NodeId }
  /**
   * Campaign now, without waiting for the timeout. Ignored by a leader and, with lease reads, by who
   * has heard of one within an election timeout.
   */
  | { readonly type: 'campaign' }
  /** Forget who leads, so as to vote for another one at once. Ignored by a leader and with lease reads. */
  | { readonly type: 'forgetLeader' }
  /** Give up a transfer of leadership that is under way; it ends with `aborted`. */
  | { readonly type: 'abortTransfer' }
  /**
   * Change the membership; answered by one `membershipProposed` event with this `id`. With
   * `ifConfig`: only if the last `config` entry applied is that one.
   */
  | {
      readonly type: 'changeMembership'
      readonly id: number
      readonly change: MembershipChange
      readonly ifConfig: LogIndex | undefined
    }
  /** A snapshot of this mark is stored durably and may be offered to followers. */
  | { readonly type: 'snapshotSaved'; readonly mark: SnapshotMark }
  /** The log may forget everything up to here, as far as no follower is in need of it. */
  | { readonly type: 'compact'; readonly index: LogIndex }
  /** The state machine has the state of the snapshot: answers `Output.restore`. */
  | { readonly type: 'restored'; readonly index: LogIndex }
  /** Whether an offered snapshot reached the peer, when the embedder knows. Not knowing is no harm. */
  | { readonly type: 'snapshotDelivery'; readonly peer: NodeId; readonly succeeded: boolean }
  /** Begin a read round for the sake of the lease; answered by `roundConfirmed`. */
  | { readonly type: 'confirmLeadership' }

/** Entries that are not in memory any more. Answered by `entriesRead`. */
export interface LogRead {
  readonly readId: number
  readonly from: LogIndex
  /** Inclusive. */
  readonly to: LogIndex
  /** Stop before this is exceeded, but give one entry at least. */
  readonly maxBytes: number
}

/** What to do now. The parts are independent of each other: the core keeps back what must wait. */
export interface Output {
  readonly send: readonly Message[]
  readonly write: LogWrite | undefined
  /** Committed and durable here, in order. The next ones come after `applied`. */
  readonly apply: readonly Entry[]
  readonly read: readonly LogRead[]
  /**
   * Bring the state machine to the stored snapshot of this mark, in place of the state it has; then
   * step `restored`. The log begins behind it already, durably. Nothing is applied meanwhile.
   */
  readonly restore: SnapshotMark | undefined
  /** A follower needs a snapshot and there is none new enough: make one and step `snapshotSaved`. */
  readonly wantsSnapshot: boolean
  readonly events: readonly CoreEvent[]
}

export type ProposalRefusal =
  | 'notLeader'
  | 'transferring'
  | 'overloaded'
  /** The first command refused is larger than `maxEntryBytes`; offer the rest again. */
  | 'tooLarge'

export type ReadFailure = 'noLeader' | 'leaderChanged' | 'overloaded' | 'timeout'

export type TransferResult =
  | 'transferred'
  | 'notLeader'
  | 'badTarget'
  | 'busy'
  | 'timeout'
  /** The target said that it will not campaign. */
  | 'refused'
  | 'aborted'
  /** Leadership was lost otherwise, e.g. to another candidate. */
  | 'lost'

/** Why a node stopped leading. */
export type StepDownReason = 'higherTerm' | 'quorumLost' | 'storageStalled' | 'removed'

/** Why a change of the membership was not taken up. Nothing was appended. */
export type MembershipRefusal =
  | 'notLeader'
  | 'transferring'
  /** A change is in the log and not yet applied here. */
  | 'pending'
  /** This leader has not committed an entry of its own term yet (Ongaro 2015). */
  | 'notReady'
  /** Joint: only leaving is possible. */
  | 'joint'
  /** Not joint: there is nothing to leave. */
  | 'notJoint'
  /** The membership is not the one of `ifConfig`. */
  | 'configChanged'
  /** It would leave no voter. */
  | 'noVoters'
  /** It names a node twice, none, or changes nothing. */
  | 'badChange'
  /** Several steps at once, or a step that needs a joint configuration, where a single one was wanted. */
  | 'tooManyVoters'

export type CoreEvent =
  /**
   * The first `accepted` commands are in the log from `firstIndex` on, in `term`; the others were
   * refused for `refusal`, and certainly not applied.
   */
  | {
      readonly type: 'proposed'
      readonly id: number
      readonly accepted: number
      readonly firstIndex: LogIndex
      readonly term: Term
      readonly refusal: ProposalRefusal | undefined
    }
  /** Once `index` is applied, the state is at least as new as it was when the read was asked for. */
  | { readonly type: 'readReady'; readonly id: number; readonly index: LogIndex }
  | { readonly type: 'readFailed'; readonly id: number; readonly reason: ReadFailure }
  | {
      readonly type: 'transferEnded'
      readonly id: number
      readonly result: TransferResult
      readonly leader: NodeId | undefined
    }
  /** The change is in the log at `index` (0: refused, see `refusal`). */
  | {
      readonly type: 'membershipProposed'
      readonly id: number
      readonly index: LogIndex
      readonly term: Term
      readonly refusal: MembershipRefusal | undefined
    }
  /** A `config` entry was applied here, or a snapshot brought another membership. */
  | {
      readonly type: 'membershipChanged'
      readonly membership: Membership
      readonly configIndex: LogIndex
    }
  /** A majority has confirmed that this node led when round `sequence` began. */
  | { readonly type: 'roundStarted'; readonly sequence: number }
  | { readonly type: 'roundConfirmed'; readonly sequence: number }
  /** The log begins behind `index` from now on. */
  | { readonly type: 'compacted'; readonly index: LogIndex }
  /** A snapshot is on its way to `peer`. */
  | { readonly type: 'snapshotOffered'; readonly peer: NodeId; readonly index: LogIndex }
  | { readonly type: 'roleChanged'; readonly role: Role; readonly term: Term }
  | { readonly type: 'leaderChanged'; readonly leader: NodeId | undefined; readonly term: Term }
  | { readonly type: 'steppedDown'; readonly term: Term; readonly reason: StepDownReason }
  | { readonly type: 'peerSetApart'; readonly peer: NodeId; readonly incarnation: Incarnation }
