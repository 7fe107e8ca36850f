/** The runtime. Signatures first; the body follows. */
import type { Callback } from '../ports.ts'
import type { LogIndex, NodeId } from '../types.ts'
import type {
  CloseOptions,
  NodeStatus,
  ProposeDone,
  Proposed,
  ProposeOptions,
  RaftNodeOptions,
  ReadDone,
  TransferOptions,
} from './options.ts'

export class RaftNode<Result> {
  /**
   * Opens the log and begins to take part. Rejects with `ConfigError` (options, or a log that does
   * not fit them) or `StorageFailedError`.
   */
  static open<Result>(options: RaftNodeOptions<Result>): Promise<RaftNode<Result>> {
    return new Promise((resolve, reject) => {
      RaftNode.openWith(options, (error, node) => (error ? reject(error) : resolve(node)))
    })
  }

  /** `open` with a callback, for a simulator. */
  static openWith<Result>(
    _options: RaftNodeOptions<Result>,
    _done: Callback<RaftNode<Result>>,
  ): void {
    throw new Error('not yet')
  }

  /**
   * Adds a command to the log and resolves with the state machine's result once this node applied
   * it. Rejects with `NotLeaderError`, `RejectedError`, `OverloadedError`, `ClosedError` (certainly
   * not applied), `OutcomeUnknownError`, `StorageFailedError` or `MachineFailedError`. `data` must
   * not be changed afterwards.
   */
  propose(_data: Uint8Array, _options?: ProposeOptions): Promise<Proposed<Result>> {
    throw new Error('not yet')
  }

  /** `propose` without a promise for each entry. `done` is never called before this returns. */
  proposeWith(_data: Uint8Array, _done: ProposeDone<Result>): void {
    throw new Error('not yet')
  }

  /**
   * Linearizable read (ReadIndex, dissertation §6.4): resolves, on any node, once this node has
   * applied everything that was committed when it was called. Read the state right then.
   */
  read(): Promise<LogIndex> {
    throw new Error('not yet')
  }

  /** `read` with a callback. */
  readWith(_done: ReadDone): void {
    throw new Error('not yet')
  }

  /** Resolves once this node has applied `index`, with the applied index. Rejects when it closes or fails. */
  waitApplied(_index: LogIndex): Promise<LogIndex> {
    throw new Error('not yet')
  }

  /**
   * Hands leadership over and resolves with the new leader's name. Rejects with `NotLeaderError` or
   * `RejectedError` (`badTarget`, `busy`, `timeout`: after an election timeout this node leads on).
   */
  transferLeadership(_options?: TransferOptions): Promise<NodeId> {
    throw new Error('not yet')
  }

  /** Stops, answers everything pending, and closes the log. Calling it again gives the same promise. */
  close(_options?: CloseOptions): Promise<void> {
    throw new Error('not yet')
  }

  status(): NodeStatus {
    throw new Error('not yet')
  }
}
