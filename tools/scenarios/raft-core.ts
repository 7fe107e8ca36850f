/**
 * The one door from the scenarios to raft-core: its source, as `pnpm sim` runs it, so that a fresh
 * checkout needs no build. (Listed as such in the import table of tools/tidy.)
 */
export {
  type CoreEvent,
  type CoreStatus,
  decodeMembershipChange,
  type Entry,
  encodeMembershipChange as encodeChange,
  type Genesis,
  type Input,
  type LogIndex,
  type LogWrite,
  type MemberChange,
  type Membership,
  type MembershipChange,
  type Message,
  type NodeId,
  type Output,
  RaftCore,
  type RestoredLog,
  type SnapshotMark,
  type Term,
} from '../../packages/raft-core/src/core/index.ts'
export type { MembershipRefusal } from '../../packages/raft-core/src/core/io.ts'
export {
  isVoter,
  memberIds,
  membershipOf,
  NO_MEMBERSHIP,
} from '../../packages/raft-core/src/core/membership.ts'
export {
  enterJoint,
  isProblem,
  leaveJoint,
  type MembershipProblem,
  simpleChange,
} from '../../packages/raft-core/src/core/membership-change.ts'
export {
  committedIndex,
  jointCommittedIndex,
  jointVote,
  majorityVote,
  type VoteResult,
} from '../../packages/raft-core/src/core/quorum.ts'
