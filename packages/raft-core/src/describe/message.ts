import type {
  AppendEntries,
  AppendEntriesReply,
  ForwardProposals,
  ForwardProposalsReply,
  Genesis,
  Message,
  RequestVote,
  RequestVoteReply,
  SnapshotChunk,
  SnapshotRequest,
} from '../types.ts'
import { describeEntries } from './entry.ts'
import { describeGenesis, describeSnapshotMark } from './membership.ts'
import { at, line, nameText, parts, shortId, sizeText } from './text.ts'

/** `n1 -> n2 term 5: appendEntries after 10@4, no entries, commit 9, round 2` */
export function describeMessage(message: Message): string {
  const { from, to, term, type } = message
  const said = bodyText(message)
  const body = said === '' ? type : `${type} ${said}`
  return line(`${nameText(from)} -> ${nameText(to)} term ${term}: ${body}`)
}

function bodyText(message: Message): string {
  switch (message.type) {
    case 'requestVote':
      return requestVoteText(message)
    case 'requestVoteReply':
      return requestVoteReplyText(message)
    case 'appendEntries':
      return appendEntriesText(message)
    case 'appendEntriesReply':
      return appendEntriesReplyText(message)
    case 'timeoutNow':
    case 'transferRefused':
      return ''
    case 'readIndexRequest':
      return `#${message.readId}`
    case 'readIndexReply':
      return `#${message.readId} ${message.readIndex === 0 ? 'refused' : `at ${message.readIndex}`}`
    case 'heartbeat':
      return `commit ${message.leaderCommit}, round ${message.readSequence}`
    case 'heartbeatReply':
      return `round ${message.readSequence}`
    case 'installSnapshot':
      return parts(describeSnapshotMark(message.mark), genesisText(message.genesis))
    case 'snapshotRequest':
      return snapshotRequestText(message)
    case 'snapshotChunk':
      return snapshotChunkText(message)
    case 'forwardProposals':
      return forwardText(message)
    case 'forwardProposalsReply':
      return forwardReplyText(message)
  }
}

function requestVoteText(message: RequestVote): string {
  return parts(
    `last ${at(message.lastLogIndex, message.lastLogTerm)}`,
    `commit ${at(message.commitIndex, message.commitTerm)}`,
    message.preVote ? 'pre-vote' : '',
    message.transfer ? 'by transfer' : '',
    message.priority === 0 ? '' : `priority ${message.priority}`,
  )
}

function requestVoteReplyText(message: RequestVoteReply): string {
  return parts(
    message.granted ? 'granted' : 'refused',
    `commit ${at(message.commitIndex, message.commitTerm)}`,
    message.preVote ? 'pre-vote' : '',
  )
}

function appendEntriesText(message: AppendEntries): string {
  return parts(
    `after ${at(message.prevLogIndex, message.prevLogTerm)}`,
    describeEntries(message.entries),
    `commit ${message.leaderCommit}`,
    `round ${message.readSequence}`,
    genesisText(message.genesis),
  )
}

function appendEntriesReplyText(message: AppendEntriesReply): string {
  const { success, matchIndex, hintIndex, hintTerm, readSequence } = message
  const verdict = success
    ? `matches ${matchIndex}`
    : `refuses ${matchIndex}, hint ${at(hintIndex, hintTerm)}`
  return `${verdict}, round ${readSequence}`
}

function snapshotRequestText(message: SnapshotRequest): string {
  const { snapshotId, minIndex, offset, maxBytes } = message
  const which = snapshotId === '' ? `newest from ${minIndex} on` : shortId(snapshotId)
  return `${which}, at byte ${offset}, up to ${sizeText(maxBytes)}`
}

function snapshotChunkText(message: SnapshotChunk): string {
  const { snapshotId, mark, totalBytes, checksum, offset, data } = message
  if (snapshotId === '') return 'of no snapshot'
  const range = `bytes ${offset}..${offset + data.length} of ${totalBytes}`
  const sum = `crc ${checksum.toString(16).padStart(8, '0')}`
  return parts(shortId(snapshotId), range, sum, mark && describeSnapshotMark(mark))
}

function forwardText(message: ForwardProposals): string {
  let size = 0
  for (const command of message.commands) size += command.length
  const count = message.commands.length
  return `#${message.forwardId}, ${count} ${count === 1 ? 'command' : 'commands'} of ${sizeText(size)}`
}

function forwardReplyText(message: ForwardProposalsReply): string {
  const { forwardId, accepted, firstIndex, entryTerm, refusal } = message
  return parts(
    `#${forwardId}`,
    accepted === 0 ? 'none accepted' : `${accepted} accepted from ${at(firstIndex, entryTerm)}`,
    refusal === '' ? '' : `others refused: ${nameText(refusal)}`,
  )
}

function genesisText(genesis: Genesis | undefined): string {
  return genesis === undefined ? '' : describeGenesis(genesis)
}
