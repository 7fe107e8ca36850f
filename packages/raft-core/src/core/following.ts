/** What a follower does with the leader's messages (Raft §5.3, Figure 2 "AppendEntries RPC"). */
import type { AppendEntries, AppendEntriesReply, Entry, LogIndex } from '../types.ts'
import { broken, invariant } from './invariant.ts'
import { becomeFollower, setLeader } from './roles.ts'
import type { CoreState } from './state.ts'

/** A message of the current term: its sender leads it. */
export function handleAppendEntries(s: CoreState, message: AppendEntries): void {
  invariant(s.role !== 'leader', 'there is one leader in a term')
  if (s.role !== 'follower') becomeFollower(s, s.term, message.from, 'higherTerm')
  invariant(s.leader === undefined || s.leader === message.from, 'there is one leader in a term')
  setLeader(s, message.from)
  s.leaderHeardAt = s.now
  s.drawElectionDeadline()

  const { prevLogIndex, prevLogTerm, entries } = message
  if (s.log.termAt(prevLogIndex) !== prevLogTerm) {
    refuse(s, message)
    return
  }
  const lastNew = prevLogIndex + entries.length
  storeNew(s, prevLogIndex, entries)
  // Not min(leaderCommit, last entry): what is behind the last new entry may not be the leader's.
  s.commitIndex = Math.max(s.commitIndex, Math.min(message.leaderCommit, lastNew))
  acknowledge(s, message, lastNew)
}

/**
 * An AppendEntries of an older term: the answer tells the stale leader so. It confirms no read round:
 * whoever sent the message may lead this term as well by now, and counts its rounds anew.
 */
export function answerStaleLeader(s: CoreState, message: AppendEntries): void {
  s.send({ ...replyTo(s, message, false, message.prevLogIndex, 0, 0), readSequence: 0 })
}

/**
 * Adds what is missing. Entries that are already there are left alone: a message that came late or
 * twice must not remove what was acknowledged since. Only a real conflict truncates.
 */
function storeNew(s: CoreState, prevLogIndex: LogIndex, entries: readonly Entry[]): void {
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i] as Entry
    if (entry.index !== prevLogIndex + 1 + i) broken('the entries of a message have no gaps')
    const ours = s.log.termAt(entry.index)
    if (ours === entry.term) continue
    if (ours !== undefined) {
      if (entry.index <= s.commitIndex)
        broken(`committed entry ${entry.index} would be overwritten`)
      s.log.truncate(entry.index)
    }
    s.log.append(entry)
  }
}

/**
 * Tells the leader what is durable here. If everything it sent is, or it sent nothing new, at once;
 * otherwise when the write is done, so that one answer says it all.
 */
function acknowledge(s: CoreState, message: AppendEntries, lastNew: LogIndex): void {
  const durable = Math.min(lastNew, s.log.durableIndex)
  if (s.termIsDurable && (durable === lastNew || message.entries.length === 0)) {
    s.send(replyTo(s, message, true, durable, 0, 0))
  } else {
    s.sendOnceDurable(replyTo(s, message, true, lastNew, 0, 0))
  }
}

/** The logs differ at `prevLogIndex`. The hint skips a whole term of ours in one round. */
function refuse(s: CoreState, message: AppendEntries): void {
  const { prevLogIndex, prevLogTerm } = message
  invariant(prevLogIndex > s.commitIndex, 'the leader has every committed entry')
  const hintIndex = s.log.lastAtOrBelow(prevLogIndex, prevLogTerm)
  const hintTerm = s.log.termAt(hintIndex) ?? 0
  s.send(replyTo(s, message, false, prevLogIndex, hintIndex, hintTerm))
}

function replyTo(
  s: CoreState,
  message: AppendEntries,
  success: boolean,
  matchIndex: LogIndex,
  hintIndex: LogIndex,
  hintTerm: number,
): AppendEntriesReply {
  return {
    type: 'appendEntriesReply',
    from: s.config.id,
    to: message.from,
    term: s.term,
    success,
    matchIndex,
    hintIndex,
    hintTerm,
    readSequence: message.readSequence,
  }
}
