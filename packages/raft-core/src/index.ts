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
  MachineBehindError,
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
  Lane,
  LogFounding,
  LogStats,
  LogStore,
  Metrics,
  Observer,
  RaftEvent,
  Random,
  SnapshotInfo,
  SnapshotReader,
  SnapshotStore,
  SnapshotWriter,
  Stage,
  StateCapture,
  StateMachine,
  StoredSnapshot,
  Timer,
  TraceSink,
  Transport,
} from './ports.ts'
// --- using a node ---
export { type Figures, Histograms, type StageFigures } from './runtime/histograms.ts'
export type {
  CloseOptions,
  MembershipOptions,
  MembershipRequest,
  NodeStatus,
  ProposeDone,
  Proposed,
  ProposeOptions,
  RaftConfig,
  RaftNodeOptions,
  ReadConsistency,
  ReadDone,
  ReadOptions,
  TransferOptions,
} from './runtime/options.ts'
export { RaftNode } from './runtime/raft-node.ts'
export type {
  Entry,
  EntryKind,
  Genesis,
  HardState,
  Incarnation,
  KnownPeer,
  LogBase,
  LogIndex,
  LogWrite,
  MemberChange,
  Membership,
  MembershipChange,
  MembershipTransition,
  NodeId,
  RestoredLog,
  Role,
  SnapshotMark,
  Term,
  TermRun,
} from './types.ts'
