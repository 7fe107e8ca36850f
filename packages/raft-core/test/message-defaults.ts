/** Messages as a test wants them: what does not matter has a default. */
import type {
  AppendEntries,
  AppendEntriesReply,
  ForwardProposals,
  ForwardProposalsReply,
  Heartbeat,
  HeartbeatReply,
  InstallSnapshot,
  Membership,
  RequestVote,
  RequestVoteReply,
  SnapshotChunk,
  SnapshotMark,
  SnapshotRequest,
  TimeoutNow,
  TransferRefused,
} from '../src/types.ts'

/** The first voters of most tests. */
export const MEMBERS = ['n1', 'n2', 'n3']

const HEADER = { from: 'n2', to: 'n1', term: 1 } as const

export const requestVote = (fields: Partial<RequestVote> = {}): RequestVote => ({
  ...HEADER,
  type: 'requestVote',
  preVote: false,
  lastLogIndex: 0,
  lastLogTerm: 0,
  transfer: false,
  priority: 0,
  commitIndex: 0,
  commitTerm: 0,
  ...fields,
})

export const voteReply = (fields: Partial<RequestVoteReply> = {}): RequestVoteReply => ({
  ...HEADER,
  type: 'requestVoteReply',
  preVote: false,
  granted: true,
  commitIndex: 0,
  commitTerm: 0,
  ...fields,
})

export const append = (fields: Partial<AppendEntries> = {}): AppendEntries => ({
  ...HEADER,
  type: 'appendEntries',
  prevLogIndex: 0,
  prevLogTerm: 0,
  entries: [],
  leaderCommit: 0,
  readSequence: 0,
  genesis: undefined,
  ...fields,
})

export const appendReply = (fields: Partial<AppendEntriesReply> = {}): AppendEntriesReply => ({
  ...HEADER,
  type: 'appendEntriesReply',
  success: true,
  matchIndex: 0,
  hintIndex: 0,
  hintTerm: 0,
  readSequence: 0,
  ...fields,
})

export const timeoutNow = (fields: Partial<TimeoutNow> = {}): TimeoutNow => ({
  ...HEADER,
  type: 'timeoutNow',
  ...fields,
})

export const heartbeat = (fields: Partial<Heartbeat> = {}): Heartbeat => ({
  ...HEADER,
  type: 'heartbeat',
  leaderCommit: 0,
  readSequence: 0,
  ...fields,
})

export const heartbeatReply = (fields: Partial<HeartbeatReply> = {}): HeartbeatReply => ({
  ...HEADER,
  type: 'heartbeatReply',
  readSequence: 0,
  ...fields,
})

export const installSnapshot = (fields: Partial<InstallSnapshot> = {}): InstallSnapshot => ({
  ...HEADER,
  type: 'installSnapshot',
  mark: markAt(1, 1),
  genesis: undefined,
  ...fields,
})

export const snapshotRequest = (fields: Partial<SnapshotRequest> = {}): SnapshotRequest => ({
  ...HEADER,
  type: 'snapshotRequest',
  snapshotId: '',
  minIndex: 0,
  offset: 0,
  maxBytes: 1 << 20,
  ...fields,
})

/** Says that there is no such snapshot, unless told otherwise. */
export const snapshotChunk = (fields: Partial<SnapshotChunk> = {}): SnapshotChunk => ({
  ...HEADER,
  type: 'snapshotChunk',
  snapshotId: '',
  mark: undefined,
  totalBytes: 0,
  checksum: 0,
  offset: 0,
  data: new Uint8Array(0),
  ...fields,
})

export const transferRefused = (fields: Partial<TransferRefused> = {}): TransferRefused => ({
  ...HEADER,
  type: 'transferRefused',
  ...fields,
})

export const forwardProposals = (fields: Partial<ForwardProposals> = {}): ForwardProposals => ({
  ...HEADER,
  type: 'forwardProposals',
  forwardId: 1,
  commands: [],
  ...fields,
})

export const forwardReply = (
  fields: Partial<ForwardProposalsReply> = {},
): ForwardProposalsReply => ({
  ...HEADER,
  type: 'forwardProposalsReply',
  forwardId: 1,
  accepted: 0,
  firstIndex: 0,
  entryTerm: 0,
  refusal: '',
  ...fields,
})

/** Not joint, and without learners, unless told otherwise. */
export const membershipOf = (
  voters: readonly string[],
  fields: Partial<Membership> = {},
): Membership => ({
  voters,
  votersOutgoing: [],
  learners: [],
  learnersNext: [],
  autoLeave: false,
  promote: [],
  ...fields,
})

/** Of the three members, unless told otherwise. */
export const markAt = (
  index: number,
  term: number,
  fields: Partial<SnapshotMark> = {},
): SnapshotMark => ({
  index,
  term,
  membership: membershipOf(MEMBERS),
  configIndex: 0,
  ...fields,
})
