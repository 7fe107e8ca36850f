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
): void {
  for (const message of decodeMessageBatch(bytes).messages) {
    if (message.to === to) checkPromise(checker, from, message, history)
    else checker.fail('assertion', `${from} sends ${to} what is for ${message.to}`)
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
