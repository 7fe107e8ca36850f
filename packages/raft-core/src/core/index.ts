/** The pure machine, for those who bring their own loop: `step(input)`, `takeOutput()`, `status()`. */

export { decodeEntry, entryBytes, makeEntry } from '../codec/entry.ts'
export {
  decodeMessageBatch,
  encodeMessageBatch,
  type MessageBatch,
} from '../codec/message-batch.ts'
export type {
  AppendEntries,
  AppendEntriesReply,
  Entry,
  EntryKind,
  Genesis,
  HardState,
  Incarnation,
  LogIndex,
  LogWrite,
  Message,
  NodeId,
  ReadIndexReply,
  ReadIndexRequest,
  RequestVote,
  RequestVoteReply,
  RestoredLog,
  Role,
  Term,
  TermRun,
  TimeoutNow,
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
