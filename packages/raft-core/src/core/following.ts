/** What a follower does with the leader's messages (Raft §5.3, Figure 2 "AppendEntries RPC"). */
import type {
  AppendEntries,
  AppendEntriesReply,
  Entry,
  Genesis,
  Heartbeat,
  LogIndex,
  NodeId,
} from '../types.ts'
import { broken, invariant } from './invariant.ts'
import { membershipOf } from './membership.ts'
import { becomeFollower, setLeader } from './roles.ts'
import type { CoreState } from './state.ts'

/** A message of the current term that only its leader sends. */
export function followLeader(s: CoreState, leader: NodeId): void {
  invariant(s.role !== 'leader', 'there is one leader in a term')
  if (s.role !== 'follower') becomeFollower(s, s.term, leader, 'higherTerm')
  invariant(s.leader === undefined || s.leader === leader, 'there is one leader in a term')
  setLeader(s, leader)
  s.leaderHeardAt = s.now
  s.restartElectionTimeout()
}

export function handleAppendEntries(s: CoreState, message: AppendEntries): void {
  followLeader(s, message.from)
  const { prevLogIndex, prevLogTerm, entries } = message
  // Who waits to be added begins with what says whose log this is.
  if (s.genesis === undefined && !adoptGenesis(s, message.genesis)) {
    s.send(replyTo(s, message, false, prevLogIndex, 0, 0))
    return
  }
  // What is committed here is the leader's as well; how far that goes is all there is to say.
  if (prevLogIndex < s.commitIndex) {
    checkCommitted(s, entries)
    acknowledge(s, message, s.commitIndex)
    return
  }
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

export function handleHeartbeat(s: CoreState, message: Heartbeat): void {
  followLeader(s, message.from)
  const { leaderCommit, readSequence, from } = message
  // The leader names nothing that this node has not acknowledged, unless this is another life of it,
  // without its log: then the leader has yet to learn that.
  if (leaderCommit <= s.log.lastIndex) s.commitIndex = Math.max(s.commitIndex, leaderCommit)
  s.send({ type: 'heartbeatReply', from: s.config.id, to: from, term: s.term, readSequence })
}

/**
 * A leader's message of an older term: the answer tells the stale leader so. It confirms no read
 * round: whoever sent the message may lead this term as well by now, and counts its rounds anew.
 */
export function answerStaleLeader(s: CoreState, leader: NodeId): void {
  s.send({
    type: 'appendEntriesReply',
    from: s.config.id,
    to: leader,
    term: s.term,
    success: false,
    matchIndex: 0,
    hintIndex: 0,
    hintTerm: 0,
    readSequence: 0,
  })
}

/** Learns whose log this is, once and for ever. Returns whether it is known now. */
export function adoptGenesis(s: CoreState, genesis: Genesis | undefined): boolean {
  if (s.genesis !== undefined) return true
  if (genesis === undefined) return false
  s.genesis = genesis
  s.genesisDirty = true
  if (s.log.firstIndex === 1) {
    s.membership = membershipOf(genesis.members)
    s.memberships = [{ configIndex: 0, membership: s.membership }]
    s.findPeers()
    s.emit({ type: 'membershipChanged', membership: s.membership, configIndex: 0 })
  }
  return true
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
      invariant(entry.index > s.commitIndex, 'a committed entry is not overwritten')
      s.log.truncate(entry.index)
      while ((s.unappliedConfigs.at(-1)?.index ?? 0) >= entry.index) s.unappliedConfigs.pop()
    }
    s.log.append(entry)
    if (entry.kind === 'config') s.unappliedConfigs.push(entry)
  }
}

/** Nobody leads who has something else in the place of a committed entry: better to stop than to go on. */
function checkCommitted(s: CoreState, entries: readonly Entry[]): void {
  for (const { index, term } of entries) {
    if (index > s.commitIndex) return
    const ours = s.log.termAt(index)
    if (ours !== undefined && ours !== term) broken(`committed entry ${index} would be overwritten`)
  }
}

/**
 * Tells the leader up to where the logs agree, as soon as all of that is durable here: at once, or
 * when the write is done, so that one answer says it all.
 */
function acknowledge(s: CoreState, message: AppendEntries, lastNew: LogIndex): void {
  const isDurable = lastNew <= s.log.durableIndex && s.termIsDurable && s.restoring === undefined
  const reply = replyTo(s, message, true, lastNew, 0, 0)
  if (isDurable) s.send(reply)
  else s.sendOnceDurable(reply)
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
