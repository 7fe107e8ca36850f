/** Messages in the words of etcd's trace specification. */
import type { Message } from '../types.ts'

export interface TracedMessage {
  readonly type: string
  readonly term: number
  readonly from: string
  readonly to: string
  readonly entries: number
  readonly logTerm: number
  readonly index: number
  readonly commit: number
  readonly vote: string
  readonly reject: boolean
  readonly rejectHint: number
}

export interface Traced {
  /** Of the event, without `Send` or `Receive`. */
  readonly name: string
  readonly message: TracedMessage
}

/** Undefined for what the specification does not know. */
export function tracedMessage(message: Message): Traced | undefined {
  switch (message.type) {
    case 'appendEntries':
      return traced('AppendEntriesRequest', 'MsgApp', message, {
        entries: message.entries.length,
        logTerm: message.prevLogTerm,
        index: message.prevLogIndex,
        commit: message.leaderCommit,
      })
    case 'heartbeat':
      return traced('AppendEntriesRequest', 'MsgHeartbeat', message, {
        commit: message.leaderCommit,
      })
    case 'installSnapshot':
      return traced('AppendEntriesRequest', 'MsgSnap', message, { entries: message.mark.index })
    case 'appendEntriesReply':
      return traced('AppendEntriesResponse', 'MsgAppResp', message, {
        index: message.matchIndex,
        reject: !message.success,
        rejectHint: message.success ? 0 : message.hintIndex,
        logTerm: message.success ? 0 : message.hintTerm,
      })
    case 'heartbeatReply':
      return traced('AppendEntriesResponse', 'MsgHeartbeatResp', message, {})
    case 'requestVote':
      if (message.preVote) return undefined
      return traced('RequestVoteRequest', 'MsgVote', message, {
        index: message.lastLogIndex,
        logTerm: message.lastLogTerm,
      })
    case 'requestVoteReply':
      if (message.preVote) return undefined
      return traced('RequestVoteResponse', 'MsgVoteResp', message, { reject: !message.granted })
    default:
      return undefined
  }
}

function traced(
  name: string,
  type: string,
  { term, from, to }: Message,
  fields: Partial<TracedMessage>,
): Traced {
  const nothing = { entries: 0, logTerm: 0, index: 0, commit: 0 }
  const no = { vote: '0', reject: false, rejectHint: 0 }
  return { name, message: { type, term, from, to, ...nothing, ...no, ...fields } }
}
