/**
 * The runtime: what a program embeds to get a replicated state machine. The pure core is `./core`,
 * the durable log `./wal`, memory implementations and conformance suites `./testing`.
 */

export type { PeerStatus } from './core/status.ts'
export type {
  NotLeaderReason,
  RaftErrorCode,
  RejectedReason,
  UnknownReason,
} from './errors.ts'
export {
  ClosedError,
  ConfigError,
  DecodeError,
  InvariantError,
  MachineFailedError,
  NotLeaderError,
  OutcomeUnknownError,
  OverloadedError,
  RaftError,
  RejectedError,
  StorageFailedError,
} from './errors.ts'
// --- writing a port ---
export type {
  Callback,
  Clock,
  Disk,
  DiskFile,
  Done,
  LogFounding,
  LogStats,
  LogStore,
  Observer,
  RaftEvent,
  Random,
  StateMachine,
  Timer,
  Transport,
} from './ports.ts'
export type {
  CloseOptions,
  NodeStatus,
  ProposeDone,
  Proposed,
  ProposeOptions,
  RaftConfig,
  RaftNodeOptions,
  ReadDone,
  TransferOptions,
} from './runtime/options.ts'
// --- using a node ---
export { RaftNode } from './runtime/raft-node.ts'
export type {
  Entry,
  EntryKind,
  Genesis,
  HardState,
  Incarnation,
  LogIndex,
  LogWrite,
  NodeId,
  RestoredLog,
  Role,
  Term,
  TermRun,
} from './types.ts'
