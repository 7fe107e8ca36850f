/**
 * etcd's messages, as the scenarios print them, and ours in their place. Some of theirs never leave a
 * node and have no counterpart in our core: work for the append and the apply thread, its answers, and
 * what a node acknowledges to itself. The runner makes those itself, for the printing and the order.
 */
import { numberOf } from '../names.ts'
import type { Entry, MembershipChange, Message, SnapshotMark } from '../raft-core.ts'

export const MESSAGE_TYPES = [
  'MsgHup',
  'MsgBeat',
  'MsgProp',
  'MsgApp',
  'MsgAppResp',
  'MsgVote',
  'MsgVoteResp',
  'MsgSnap',
  'MsgHeartbeat',
  'MsgHeartbeatResp',
  'MsgUnreachable',
  'MsgSnapStatus',
  'MsgCheckQuorum',
  'MsgTransferLeader',
  'MsgTimeoutNow',
  'MsgReadIndex',
  'MsgReadIndexResp',
  'MsgPreVote',
  'MsgPreVoteResp',
  'MsgStorageAppend',
  'MsgStorageAppendResp',
  'MsgStorageApply',
  'MsgStorageApplyResp',
  'MsgForgetLeader',
] as const

export type MessageType = (typeof MESSAGE_TYPES)[number]

/** A node's number, or one of the threads of a node's own. */
export type Target = number | 'AppendThread' | 'ApplyThread'

/** What a follower passes on to the leader: a command, or a change of the membership. */
export type Proposal =
  | { readonly command: Uint8Array }
  | { readonly change: MembershipChange; readonly entry: Entry }

export interface WireMessage {
  readonly type: MessageType
  readonly from: Target
  readonly to: Target
  readonly term: number
  readonly logTerm: number
  readonly index: number
  readonly commit: number
  readonly vote: number
  readonly isReject: boolean
  readonly rejectHint: number
  readonly entries: readonly Entry[]
  readonly snapshot: SnapshotMark | undefined
  readonly responses: readonly WireMessage[]
  /** Ours that it stands for. */
  readonly ours: Message | undefined
  readonly proposal: Proposal | undefined
  /** Answers of a node to itself: which of its appends they are about. */
  readonly append: number | undefined
}

const BLANK = {
  term: 0,
  logTerm: 0,
  index: 0,
  commit: 0,
  vote: 0,
  isReject: false,
  rejectHint: 0,
  entries: [],
  snapshot: undefined,
  responses: [],
  ours: undefined,
  proposal: undefined,
  append: undefined,
} as const

export function wire(
  fields: Pick<WireMessage, 'type' | 'from' | 'to'> & Partial<WireMessage>,
): WireMessage {
  return { ...BLANK, ...fields }
}

/** Undefined: etcd has no such message. */
export function wireOf(message: Message): WireMessage | undefined {
  const header = {
    from: numberOf(message.from),
    to: numberOf(message.to),
    term: message.term,
    ours: message,
  }
  switch (message.type) {
    case 'requestVote': {
      const { preVote, lastLogTerm, lastLogIndex } = message
      const type = preVote ? 'MsgPreVote' : 'MsgVote'
      return wire({ ...header, type, logTerm: lastLogTerm, index: lastLogIndex })
    }
    case 'requestVoteReply': {
      const type = message.preVote ? 'MsgPreVoteResp' : 'MsgVoteResp'
      return wire({ ...header, type, isReject: !message.granted })
    }
    case 'appendEntries': {
      const { prevLogTerm, prevLogIndex, leaderCommit, entries } = message
      const place = { logTerm: prevLogTerm, index: prevLogIndex }
      return wire({ ...header, type: 'MsgApp', ...place, commit: leaderCommit, entries })
    }
    case 'appendEntriesReply': {
      const { success, matchIndex, hintIndex, hintTerm } = message
      // What a stale leader is told is no refusal in etcd: nothing was asked that has an index.
      if (success || matchIndex === 0) {
        return wire({ ...header, type: 'MsgAppResp', index: matchIndex })
      }
      const hints = { isReject: true, rejectHint: hintIndex, logTerm: hintTerm }
      return wire({ ...header, type: 'MsgAppResp', index: matchIndex, ...hints })
    }
    case 'heartbeat':
      return wire({ ...header, type: 'MsgHeartbeat', commit: message.leaderCommit })
    case 'heartbeatReply':
      return wire({ ...header, type: 'MsgHeartbeatResp' })
    case 'installSnapshot':
      return wire({ ...header, type: 'MsgSnap', snapshot: message.mark })
    case 'timeoutNow':
      return wire({ ...header, type: 'MsgTimeoutNow' })
    default:
      return undefined
  }
}

/** Leaves only once what it is about is durable. */
export function isAfterAppend({ type }: WireMessage): boolean {
  return type === 'MsgAppResp' || type === 'MsgVoteResp' || type === 'MsgPreVoteResp'
}

/** Refused from one that does not belong to the group. */
export function isResponse({ type }: WireMessage): boolean {
  return type.endsWith('Resp') || type === 'MsgUnreachable'
}

/** Between a node and itself: is never lost. */
export function isLocal({ from, to }: WireMessage): boolean {
  return from === to || typeof from === 'string' || typeof to === 'string'
}
