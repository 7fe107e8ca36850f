/** Writes the `body` of a `Message`: one function for each of its seven kinds, fields descending. */
import type {
  AppendEntries,
  AppendEntriesReply,
  Entry,
  Message,
  ReadIndexReply,
  RequestVote,
  RequestVoteReply,
} from '../types.ts'
import { entryBytes } from './entry.ts'
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
      break
    case 'readIndexRequest':
      writer.integer(1, message.readId)
      break
    case 'readIndexReply':
      writeReadIndexReply(writer, message)
      break
  }
  writer.close(BODY[message.type], before)
}

function writeRequestVote(writer: Writer, message: RequestVote): void {
  writer.bool(4, message.transfer)
  writer.integer(3, message.lastLogTerm)
  writer.integer(2, message.lastLogIndex)
  writer.bool(1, message.preVote)
}

function writeRequestVoteReply(writer: Writer, message: RequestVoteReply): void {
  writer.bool(2, message.granted)
  writer.bool(1, message.preVote)
}

function writeAppendEntries(writer: Writer, message: AppendEntries): void {
  const { entries } = message
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
