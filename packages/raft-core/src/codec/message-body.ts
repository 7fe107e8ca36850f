/** Writes the `body` of a `Message`: one function for each kind with several fields, descending. */
import type {
  AppendEntries,
  AppendEntriesReply,
  Entry,
  ForwardProposals,
  ForwardProposalsReply,
  Genesis,
  Heartbeat,
  InstallSnapshot,
  Message,
  ReadIndexReply,
  RequestVote,
  RequestVoteReply,
  SnapshotChunk,
  SnapshotMark,
  SnapshotRequest,
} from '../types.ts'
import { entryBytes } from './entry.ts'
import { writeGenesis } from './records.ts'
import { writeSnapshotMark } from './snapshot-mark.ts'
import type { Writer } from './writer.ts'

/** Field numbers of the bodies. */
export const BODY = {
  requestVote: 3,
  requestVoteReply: 4,
  appendEntries: 5,
  appendEntriesReply: 6,
  timeoutNow: 7,
  readIndexRequest: 8,
  readIndexReply: 9,
  heartbeat: 10,
  heartbeatReply: 11,
  installSnapshot: 12,
  snapshotRequest: 13,
  snapshotChunk: 14,
  transferRefused: 15,
  forwardProposals: 16,
  forwardProposalsReply: 17,
} as const satisfies Record<Message['type'], number>

export function writeBody(writer: Writer, message: Message): void {
  const before = writer.length
  switch (message.type) {
    case 'requestVote':
      writeRequestVote(writer, message)
      break
    case 'requestVoteReply':
      writeRequestVoteReply(writer, message)
      break
    case 'appendEntries':
      writeAppendEntries(writer, message)
      break
    case 'appendEntriesReply':
      writeAppendEntriesReply(writer, message)
      break
    case 'timeoutNow':
    case 'transferRefused':
      break
    case 'readIndexRequest':
      writer.integer(1, message.readId)
      break
    case 'readIndexReply':
      writeReadIndexReply(writer, message)
      break
    case 'heartbeat':
      writeHeartbeat(writer, message)
      break
    case 'heartbeatReply':
      writer.integer(1, message.readSequence)
      break
    case 'installSnapshot':
      writeInstallSnapshot(writer, message)
      break
    case 'snapshotRequest':
      writeSnapshotRequest(writer, message)
      break
    case 'snapshotChunk':
      writeSnapshotChunk(writer, message)
      break
    case 'forwardProposals':
      writeForwardProposals(writer, message)
      break
    case 'forwardProposalsReply':
      writeForwardProposalsReply(writer, message)
      break
  }
  writer.close(BODY[message.type], before)
}

function writeRequestVote(writer: Writer, message: RequestVote): void {
  writer.integer(7, message.commitTerm)
  writer.integer(6, message.commitIndex)
  writer.integer(5, message.priority)
  writer.bool(4, message.transfer)
  writer.integer(3, message.lastLogTerm)
  writer.integer(2, message.lastLogIndex)
  writer.bool(1, message.preVote)
}

function writeRequestVoteReply(writer: Writer, message: RequestVoteReply): void {
  writer.integer(4, message.commitTerm)
  writer.integer(3, message.commitIndex)
  writer.bool(2, message.granted)
  writer.bool(1, message.preVote)
}

function writeAppendEntries(writer: Writer, message: AppendEntries): void {
  const { entries } = message
  writeGenesisIn(writer, 6, message.genesis)
  writer.integer(5, message.readSequence)
  writer.integer(4, message.leaderCommit)
  for (let i = entries.length - 1; i >= 0; i--) writer.bytes(3, entryBytes(entries[i] as Entry))
  writer.integer(2, message.prevLogTerm)
  writer.integer(1, message.prevLogIndex)
}

function writeAppendEntriesReply(writer: Writer, message: AppendEntriesReply): void {
  writer.integer(5, message.readSequence)
  writer.integer(4, message.hintTerm)
  writer.integer(3, message.hintIndex)
  writer.integer(2, message.matchIndex)
  writer.bool(1, message.success)
}

function writeReadIndexReply(writer: Writer, message: ReadIndexReply): void {
  writer.integer(2, message.readIndex)
  writer.integer(1, message.readId)
}

function writeHeartbeat(writer: Writer, message: Heartbeat): void {
  writer.integer(2, message.readSequence)
  writer.integer(1, message.leaderCommit)
}

function writeInstallSnapshot(writer: Writer, message: InstallSnapshot): void {
  writeGenesisIn(writer, 2, message.genesis)
  writeMarkIn(writer, 1, message.mark)
}

function writeSnapshotRequest(writer: Writer, message: SnapshotRequest): void {
  writer.integer(4, message.maxBytes)
  writer.integer(3, message.offset)
  writer.integer(2, message.minIndex)
  writer.string(1, message.snapshotId)
}

function writeSnapshotChunk(writer: Writer, message: SnapshotChunk): void {
  if (message.data.length > 0) writer.bytes(6, message.data)
  writer.integer(5, message.offset)
  writer.integer(4, message.checksum)
  writer.integer(3, message.totalBytes)
  writeMarkIn(writer, 2, message.mark)
  writer.string(1, message.snapshotId)
}

function writeForwardProposals(writer: Writer, message: ForwardProposals): void {
  const { commands } = message
  for (let i = commands.length - 1; i >= 0; i--) writer.bytes(2, commands[i] as Uint8Array)
  writer.integer(1, message.forwardId)
}

function writeForwardProposalsReply(writer: Writer, message: ForwardProposalsReply): void {
  writer.string(5, message.refusal)
  writer.integer(4, message.entryTerm)
  writer.integer(3, message.firstIndex)
  writer.integer(2, message.accepted)
  writer.integer(1, message.forwardId)
}

function writeGenesisIn(writer: Writer, field: number, genesis: Genesis | undefined): void {
  if (genesis === undefined) return
  const before = writer.length
  writeGenesis(writer, genesis)
  writer.close(field, before)
}

function writeMarkIn(writer: Writer, field: number, mark: SnapshotMark | undefined): void {
  if (mark === undefined) return
  const before = writer.length
  writeSnapshotMark(writer, mark)
  writer.close(field, before)
}
