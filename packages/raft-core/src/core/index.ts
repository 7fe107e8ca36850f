/** The pure machine, for those who bring their own loop: `step(input)`, `takeOutput()`, `status()`. */

export { decodeEntry, entryBytes, makeEntry } from '../codec/entry.ts'
export { decodeMembershipChange, encodeMembershipChange } from '../codec/membership-change.ts'
export {
  decodeMessageBatch,
  encodeMessageBatch,
  type MessageBatch,
} from '../codec/message-batch.ts'
export { isNodeName, MAX_NAME_BYTES } from '../codec/names.ts'
export { decodeSnapshotMark, encodeSnapshotMark } from '../codec/snapshot-mark.ts'
// --- one line of text for everything ---
export {
  describeCoreEvent,
  describeEntries,
  describeEntry,
  describeGenesis,
  describeHardState,
  describeInput,
  describeMembership,
  describeMembershipChange,
  describeMessage,
  describeOutput,
  describeRestoredLog,
  describeSnapshotMark,
  describeWrite,
} from '../describe/index.ts'
export type {
  AppendEntries,
  AppendEntriesReply,
  Entry,
  EntryKind,
  ForwardProposals,
  ForwardProposalsReply,
  Genesis,
  HardState,
  Heartbeat,
  HeartbeatReply,
  Incarnation,
  InstallSnapshot,
  KnownPeer,
  LogBase,
  LogIndex,
  LogWrite,
  MemberChange,
  Membership,
  MembershipChange,
  MembershipTransition,
  Message,
  NodeId,
  ReadIndexReply,
  ReadIndexRequest,
  RequestVote,
  RequestVoteReply,
  RestoredLog,
  Role,
  SnapshotChunk,
  SnapshotMark,
  SnapshotRequest,
  Term,
  TermRun,
  TimeoutNow,
  TransferRefused,
} from '../types.ts'
export type { CoreConfig, CoreOptions } from './config.ts'
export { CORE_DEFAULTS, checkCoreConfig } from './config.ts'
export type {
  CoreEvent,
  Input,
  LogRead,
  Output,
  ProposalRefusal,
  ReadFailure,
  StepDownReason,
  TransferResult,
} from './io.ts'
export { majorityOf, reachedByMajority } from './quorum.ts'
export { RaftCore } from './raft-core.ts'
export type { CoreStatus, PeerStatus } from './status.ts'
