/**
 * The failures a user of the runtime can meet. Each has a stable `code`; the union is closed, so a
 * `switch` over it can be exhaustive. What matters most to a caller is which of three things is
 * known: the command was certainly not applied, it may have been applied, or the node is finished.
 *
 * | code                                          | was it applied?                              |
 * |-----------------------------------------------|----------------------------------------------|
 * | notLeader, rejected, overloaded, closed       | certainly not                                |
 * | outcomeUnknown                                | perhaps: ask the state machine, or repeat    |
 * |                                               | with a key that makes repeating harmless     |
 * | storageFailed, machineFailed, invariant       | certainly not (this call); the node has      |
 * |                                               | stopped for good and must be opened again    |
 * | config, decode                                | nothing was tried                            |
 */
import type { LogIndex, NodeId, Term } from './types.ts'

export type RaftErrorCode =
  | 'notLeader'
  | 'rejected'
  | 'outcomeUnknown'
  | 'overloaded'
  | 'storageFailed'
  | 'machineFailed'
  | 'closed'
  | 'config'
  | 'invariant'
  | 'decode'

/** Base of every error this package makes. */
export abstract class RaftError extends Error {
  abstract readonly code: RaftErrorCode
}

/** Why a node that does not lead could not take a command or a read. */
export type NotLeaderReason =
  /** Another node leads; `leader` names it. */
  | 'follower'
  /** No leader is known at the moment, e.g. during an election. Try again soon. */
  | 'noLeader'
  /** No leader for longer than two election timeouts: most likely a majority is not reachable. */
  | 'noQuorum'

/** This node does not lead. Certainly not applied. */
export class NotLeaderError extends RaftError {
  override readonly name = 'NotLeaderError'
  readonly code = 'notLeader'
  /** Whom to ask instead; undefined when no leader is known. */
  readonly leader: NodeId | undefined
  readonly reason: NotLeaderReason

  constructor(leader: NodeId | undefined, reason: NotLeaderReason) {
    super(
      leader !== undefined
        ? `not the leader; ${leader} is`
        : reason === 'noQuorum'
          ? 'no leader: a majority of the cluster has not been reachable for some time'
          : 'no leader is known at the moment',
    )
    this.leader = leader
    this.reason = reason
  }
}

export type RejectedReason =
  /** Leadership is being handed over; the new leader takes commands within an election timeout. */
  | 'transferring'
  /** The command is larger than `maxEntryBytes`. */
  | 'tooLarge'
  /** Another leader's committed entry took the command's place in the log. */
  | 'superseded'
  /** A read, or a command not yet in the log, ran out of time. */
  | 'timeout'
  /** A read was under way when the leader changed. Ask again. */
  | 'leaderChanged'
  /** Leadership can not be transferred to that node: unknown, itself, or set apart. */
  | 'badTarget'
  /** Another transfer of leadership is under way. */
  | 'busy'
  /** The node that was to lead said that it will not campaign. */
  | 'refused'
  /** The transfer of leadership was given up by `abortTransfer`. */
  | 'aborted'
  /** A change of the membership is in the log already and not yet applied here. */
  | 'pending'
  /** This leader has not yet committed an entry of its own term; try again in a moment. */
  | 'notReady'
  /** Two configurations are joint: they can only be left, by a change without steps. */
  | 'joint'
  /** There is no joint configuration to be left. */
  | 'notJoint'
  /** The membership is not the one of `ifConfig` any more. */
  | 'configChanged'
  /** The change would leave no voter. */
  | 'noVoters'
  /** The change names a node twice, has no valid name, or changes nothing. */
  | 'badChange'
  /** The change needs a joint configuration, and a single step was wanted. */
  | 'tooManyVoters'
  /** There is nothing to make, store or take a snapshot with. */
  | 'noSnapshots'

/** Refused. Certainly not applied. */
export class RejectedError extends RaftError {
  override readonly name = 'RejectedError'
  readonly code = 'rejected'
  readonly reason: RejectedReason

  constructor(reason: RejectedReason, message: string) {
    super(message)
    this.reason = reason
  }
}

export type UnknownReason =
  /** A newer leader appeared and the log did not say in time what became of the entry. */
  | 'leadershipLost'
  /** The leader lost contact with the majority and gave up. */
  | 'noQuorum'
  /** This node's own disk stalled and it gave up leadership. */
  | 'storageStalled'
  | 'timeout'
  | 'closed'
  /** The node failed (disk, state machine, invariant) with the entry in its log. */
  | 'failed'

/** The command is in a log, or was on its way there: it may be applied, now or later. */
export class OutcomeUnknownError extends RaftError {
  override readonly name = 'OutcomeUnknownError'
  readonly code = 'outcomeUnknown'
  readonly reason: UnknownReason
  /**
   * Where the entry was put; it is applied if and only if this entry of this term is committed. 0: it
   * was passed on to the leader of `term`, which has not said where it put it.
   */
  readonly index: LogIndex
  readonly term: Term

  constructor(reason: UnknownReason, index: LogIndex, term: Term, cause?: Error) {
    super(
      index === 0
        ? `outcome unknown (${reason}): the leader of term ${term} may have taken it up`
        : `outcome unknown (${reason}): the entry at index ${index} of term ${term} may be applied`,
      cause === undefined ? undefined : { cause },
    )
    this.reason = reason
    this.index = index
    this.term = term
  }
}

/** A limit in items or bytes is reached. Certainly not applied; try again after a pause. */
export class OverloadedError extends RaftError {
  override readonly name = 'OverloadedError'
  readonly code = 'overloaded'
}

/** The log could not be written or read. The node has stopped until it is opened again. */
export class StorageFailedError extends RaftError {
  override readonly name = 'StorageFailedError'
  readonly code = 'storageFailed'

  constructor(cause: Error) {
    super(`the log failed: ${cause.message}`, { cause })
  }
}

/** The state machine broke its contract (threw, or answered with an error). The node has stopped. */
export class MachineFailedError extends RaftError {
  override readonly name = 'MachineFailedError'
  readonly code = 'machineFailed'

  constructor(cause: Error) {
    super(`the state machine failed: ${cause.message}`, { cause })
  }
}

/** The node is closed or closing. Certainly not applied. */
export class ClosedError extends RaftError {
  override readonly name = 'ClosedError'
  readonly code = 'closed'

  constructor() {
    super('the node is closed')
  }
}

/** An option is missing, out of range, or contradicts what is on disk. Names the option. */
export class ConfigError extends RaftError {
  override readonly name = 'ConfigError'
  readonly code = 'config'
}

/** The log begins behind what the state machine has applied, and no snapshot here bridges the gap. */
export class MachineBehindError extends ConfigError {}

/**
 * Something happened that Raft's proof says can not: a bug here, or storage that lied. The node
 * stops rather than go on with a state nobody can reason about. On in production.
 */
export class InvariantError extends RaftError {
  override readonly name = 'InvariantError'
  readonly code = 'invariant'
}

/** Bytes that are not what they should be. `place` names the field. */
export class DecodeError extends RaftError {
  override readonly name = 'DecodeError'
  readonly code = 'decode'
  readonly place: string

  constructor(place: string, message: string) {
    super(`${place}: ${message}`)
    this.place = place
  }
}
