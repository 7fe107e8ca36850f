/**
 * All that goes into a core and all that comes out: plain readonly data. Record the inputs and you
 * have a bug report; feed them to a new core and you have the test.
 */
import type {
  Entry,
  Incarnation,
  LogIndex,
  LogWrite,
  Message,
  NodeId,
  Role,
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
  /** Campaign now, without waiting for the timeout. Ignored by a leader. */
  | { readonly type: 'campaign' }

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
  /** Leadership was lost otherwise, e.g. to another candidate. */
  | 'lost'

/** Why a node stopped leading. */
export type StepDownReason = 'higherTerm' | 'quorumLost' | 'storageStalled'

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
  | { readonly type: 'roleChanged'; readonly role: Role; readonly term: Term }
  | { readonly type: 'leaderChanged'; readonly leader: NodeId | undefined; readonly term: Term }
  | { readonly type: 'steppedDown'; readonly term: Term; readonly reason: StepDownReason }
  | { readonly type: 'peerSetApart'; readonly peer: NodeId; readonly incarnation: Incarnation }
