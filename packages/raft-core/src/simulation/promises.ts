import { decodeMessageBatch } from '../codec.ts'
import type { Message, NodeId } from '../types.ts'
import type { Checker } from './checker.ts'
import type { LogHistory } from './observed-log.ts'

/**
 * I7, durable before visible: what a message promises is already confirmed by the log. This finds an
 * early acknowledgement without needing a crash at the right moment.
 */
export function checkPromises(
  checker: Checker,
  from: NodeId,
  to: NodeId,
  bytes: Uint8Array,
  history: LogHistory,
  onTransfer: () => void,
): void {
  for (const message of decodeMessageBatch(bytes).messages) {
    if (message.to !== to) {
      checker.fail('assertion', `${from} sends ${to} what is for ${message.to}`)
    }
    checkPromise(checker, from, message, history)
    if (message.type === 'timeoutNow') onTransfer()
    const mark = markOf(message)
    if (mark !== undefined) checker.mark(mark)
  }
}

/** Messages that are not of every day. */
function markOf(message: Message): string | undefined {
  switch (message.type) {
    case 'requestVote':
      return message.transfer ? 'candidacy by transfer' : undefined
    case 'requestVoteReply':
      if (message.granted) return undefined
      return message.preVote ? 'pre-vote refused' : 'vote refused'
    case 'appendEntriesReply':
      return message.success ? undefined : 'append refused'
    case 'transferRefused':
      return 'transfer refused'
    case 'installSnapshot':
      return 'snapshot offered'
    case 'snapshotRequest':
      return message.offset > 0 ? 'later piece of a snapshot' : undefined
    case 'snapshotChunk':
      return message.snapshotId === '' ? 'snapshot not there' : undefined
    case 'forwardProposalsReply':
      return message.accepted > 0 ? 'forwarded command accepted' : 'forwarded command refused'
    case 'readIndexReply':
      return message.readIndex > 0 ? undefined : "follower's read refused"
    default:
      return undefined
  }
}

function checkPromise(
  checker: Checker,
  from: NodeId,
  message: Message,
  { durable }: LogHistory,
): void {
  const { to, term } = message
  const { hardState } = durable
  if (message.type === 'requestVoteReply' && message.granted && !message.preVote) {
    // A later term may be durable already; then this old vote was, too.
    if (hardState.term < term || (hardState.term === term && hardState.votedFor !== to)) {
      checker.fail('I7', `${from} votes for ${to} in term ${term} before that is durable`)
    }
  }
  if (message.type === 'requestVote' && !message.preVote && hardState.term < term) {
    checker.fail('I7', `${from} stands in term ${term} before its own vote is durable`)
  }
  if (message.type !== 'appendEntriesReply' || !message.success) return
  if (hardState.term < term) {
    checker.fail('I7', `${from} acknowledges in term ${term} before that term is durable`)
  }
  if (hardState.term === term && durable.lastIndex < message.matchIndex) {
    const has = `has ${durable.lastIndex} durably`
    checker.fail('I7', `${from} acknowledges entry ${message.matchIndex} and ${has}`)
  }
}
