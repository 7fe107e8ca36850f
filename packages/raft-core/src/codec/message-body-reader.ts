/** Reads the `body` of a `Message`. */
import type { Message, NodeId, Term } from '../types.ts'
import { readAppendEntries } from './append-entries-reader.ts'
import { readForwardProposals, readForwardProposalsReply } from './forward-reader.ts'
import { BODY } from './message-body.ts'
import type { Reader } from './reader.ts'
import { readInstallSnapshot, readSnapshotChunk, readSnapshotRequest } from './snapshot-reader.ts'

const LAST_BODY = Math.max(...Object.values(BODY))

/** Fields of the bodies that are whole numbers only, from field 1 on; for the place of an error. */
const REQUEST_VOTE = [
  'pre_vote',
  'last_log_index',
  'last_log_term',
  'transfer',
  'priority',
  'commit_index',
  'commit_term',
]
const REQUEST_VOTE_REPLY = ['pre_vote', 'granted', 'commit_index', 'commit_term']
const APPEND_ENTRIES_REPLY = ['success', 'match_index', 'hint_index', 'hint_term', 'read_sequence']
const READ_INDEX_REQUEST = ['read_id']
const READ_INDEX_REPLY = ['read_id', 'read_index']
const HEARTBEAT = ['leader_commit', 'read_sequence']
const HEARTBEAT_REPLY = ['read_sequence']

/** Whether a field of `Message` is a body that is known here. */
export function isBody(field: number): boolean {
  return field >= BODY.requestVote && field <= LAST_BODY
}

/** The message in body `field`, one of `BODY`. Throws `DecodeError`. */
export function readBody(
  field: number,
  reader: Reader,
  from: NodeId,
  to: NodeId,
  term: Term,
): Message | undefined {
  switch (field) {
    case BODY.appendEntries:
      return readAppendEntries(reader, from, to, term)
    case BODY.appendEntriesReply:
      return readAppendEntriesReply(reader, from, to, term)
    case BODY.heartbeat: {
      const [leaderCommit = 0, readSequence = 0] = readIntegers(reader, HEARTBEAT)
      return { type: 'heartbeat', from, to, term, leaderCommit, readSequence }
    }
    case BODY.heartbeatReply: {
      const [readSequence = 0] = readIntegers(reader, HEARTBEAT_REPLY)
      return { type: 'heartbeatReply', from, to, term, readSequence }
    }
    case BODY.requestVote:
      return readRequestVote(reader, from, to, term)
    case BODY.requestVoteReply:
      return readRequestVoteReply(reader, from, to, term)
    case BODY.timeoutNow:
      readIntegers(reader, [])
      return { type: 'timeoutNow', from, to, term }
    case BODY.transferRefused:
      readIntegers(reader, [])
      return { type: 'transferRefused', from, to, term }
    case BODY.readIndexRequest: {
      const [readId = 0] = readIntegers(reader, READ_INDEX_REQUEST)
      return { type: 'readIndexRequest', from, to, term, readId }
    }
    case BODY.readIndexReply: {
      const [readId = 0, readIndex = 0] = readIntegers(reader, READ_INDEX_REPLY)
      return { type: 'readIndexReply', from, to, term, readId, readIndex }
    }
    case BODY.installSnapshot:
      return readInstallSnapshot(reader, from, to, term)
    case BODY.snapshotRequest:
      return readSnapshotRequest(reader, from, to, term)
    case BODY.snapshotChunk:
      return readSnapshotChunk(reader, from, to, term)
    case BODY.forwardProposals:
      return readForwardProposals(reader, from, to, term)
    case BODY.forwardProposalsReply:
      return readForwardProposalsReply(reader, from, to, term)
    default:
      return undefined
  }
}

/**
 * Whether a message of this body may come without a term: it is from runtime to runtime, and a node
 * that waits to be added fetches a snapshot before it has seen any term; or it refuses a pre-vote
 * before the first election, in the voter's own term, which is none.
 */
export function mayLackTerm(field: number): boolean {
  return (
    field === BODY.requestVoteReply ||
    field === BODY.snapshotRequest ||
    field === BODY.snapshotChunk ||
    field === BODY.forwardProposals ||
    field === BODY.forwardProposalsReply
  )
}

function readRequestVote(reader: Reader, from: NodeId, to: NodeId, term: Term): Message {
  const [
    preVote,
    lastLogIndex = 0,
    lastLogTerm = 0,
    transfer,
    priority = 0,
    commitIndex = 0,
    commitTerm = 0,
  ] = readIntegers(reader, REQUEST_VOTE)
  return {
    type: 'requestVote',
    from,
    to,
    term,
    preVote: preVote !== 0,
    lastLogIndex,
    lastLogTerm,
    transfer: transfer !== 0,
    priority,
    commitIndex,
    commitTerm,
  }
}

function readRequestVoteReply(reader: Reader, from: NodeId, to: NodeId, term: Term): Message {
  const values = readIntegers(reader, REQUEST_VOTE_REPLY)
  const [preVote, granted, commitIndex = 0, commitTerm = 0] = values
  return {
    type: 'requestVoteReply',
    from,
    to,
    term,
    preVote: preVote !== 0,
    granted: granted !== 0,
    commitIndex,
    commitTerm,
  }
}

function readAppendEntriesReply(reader: Reader, from: NodeId, to: NodeId, term: Term): Message {
  const values = readIntegers(reader, APPEND_ENTRIES_REPLY)
  const [success, matchIndex = 0, hintIndex = 0, hintTerm = 0, readSequence = 0] = values
  return {
    type: 'appendEntriesReply',
    from,
    to,
    term,
    success: success !== 0,
    matchIndex,
    hintIndex,
    hintTerm,
    readSequence,
  }
}

/** Fields 1 to `names.length`, 0 where there is none. */
function readIntegers(reader: Reader, names: readonly string[]): number[] {
  const values: number[] = names.map(() => 0)
  while (reader.more()) {
    const tag = reader.tag()
    const name = names[(tag >>> 3) - 1]
    if ((tag & 7) === 0 && name !== undefined) values[(tag >>> 3) - 1] = reader.integer(name)
    else reader.skip()
  }
  return values
}
