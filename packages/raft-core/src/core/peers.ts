/**
 * A member that lost its log. Raft's proof rests on what a node has promised being remembered. A
 * member that comes back with another incarnation after it acknowledged entries or gave a vote has
 * forgotten: it is set apart, neither counted nor replicated to, until it is removed from the group
 * and added anew. Which incarnation made promises is written to this node's log, so that a restart
 * here does not forget it either.
 */
import { decodeMembershipChange } from '../codec/membership-change.ts'
import type { Incarnation, KnownPeer, Message, NodeId, RestoredLog } from '../types.ts'
import { memberIds } from './membership.ts'
import type { CoreState, PeerMemory } from './state.ts'

/**
 * Written in the place of a life that was removed from the group: whoever is added under its name may
 * be another one. The removal itself may be compacted away by the time that matters.
 */
const NO_LIFE = '0'.repeat(32)

/** What the log says of the lives of others. Applied changes are known to it already, or come again. */
export function restorePeers(s: CoreState, restored: RestoredLog): void {
  const { peers, configEntries, hardState } = restored
  const committed = configEntries.filter(({ index }) => index <= hardState.commitIndex)
  for (const { id, incarnation } of peers) {
    if (incarnation === NO_LIFE) continue
    // A life that was met after it was added is written with a commit index that says so. It is not
    // to be forgotten when older entries, that removed an earlier one, are applied once more.
    const since = committed.findLast(({ data }) => adds(data, id))?.index ?? 0
    if (since === 0 && !memberIds(s.membership).includes(id)) continue
    // It is written down with the first promise, so there was one.
    s.peerMemory.set(id, { incarnation, since, shown: 0, promised: true, apart: false })
  }
}

/** Who is removed and comes back is met as if for the first time. */
export function forgetRemovedPeers(s: CoreState): void {
  const members = memberIds(s.membership)
  for (const [id, { since, promised, incarnation }] of s.peerMemory) {
    if (members.includes(id) || since >= s.configIndex) continue
    s.peerMemory.delete(id)
    if (promised && incarnation !== undefined) {
      s.newlyKnownPeers.push({ id, incarnation: NO_LIFE })
    }
  }
}

export function livesApart(s: CoreState): readonly KnownPeer[] {
  const apart: KnownPeer[] = []
  for (const [id, memory] of s.peerMemory)
    if (memory.apart && memory.incarnation !== undefined)
      apart.push({ id, incarnation: memory.incarnation })
  return apart
}

/** May this message be handled? Notes what its sender shows by it. */
export function admit(
  s: CoreState,
  message: Message,
  incarnation: Incarnation | undefined,
): boolean {
  const memory = memoryOf(s, message.from)
  // Who is no member here may be one by an entry that this node has not applied, or a node that was
  // removed and does not know: Raft's own rules judge what it says, and it makes no promises to us.
  if (memory === undefined) return true
  if (incarnation !== undefined && incarnation !== memory.incarnation && !memory.apart) {
    meet(s, message.from, memory, incarnation)
  }
  // What a leader says is not the sender's own promise; everything else would count on one.
  if (memory.apart) return isLeadersWord(message)
  note(s, memory, message)
  return true
}

function memoryOf(s: CoreState, peer: NodeId): PeerMemory | undefined {
  const known = s.peerMemory.get(peer)
  if (known !== undefined || !memberIds(s.membership).includes(peer)) return known
  const memory: PeerMemory = {
    incarnation: undefined,
    since: s.configIndex,
    shown: 0,
    promised: false,
    apart: false,
  }
  s.peerMemory.set(peer, memory)
  return memory
}

function meet(s: CoreState, peer: string, memory: PeerMemory, incarnation: Incarnation): void {
  const isAnother = memory.incarnation !== undefined
  memory.incarnation = incarnation
  if (!memory.promised) return
  memory.apart = isAnother
  if (isAnother) s.emit({ type: 'peerSetApart', peer, incarnation })
  else s.newlyKnownPeers.push({ id: peer, incarnation })
}

function isLeadersWord(message: Message): boolean {
  return (
    message.type === 'appendEntries' ||
    message.type === 'heartbeat' ||
    message.type === 'installSnapshot' ||
    message.type === 'readIndexReply'
  )
}

function note(s: CoreState, memory: PeerMemory, message: Message): void {
  if (message.type === 'appendEntriesReply') {
    if (!message.success || message.matchIndex <= memory.shown) return
    memory.shown = message.matchIndex
  } else if (message.type === 'requestVote') {
    if (message.lastLogIndex > memory.shown) memory.shown = message.lastLogIndex
    else if (message.preVote) return
  } else if (message.type !== 'requestVoteReply' || !message.granted || message.preVote) return
  promise(s, memory, message.from)
}

function promise(s: CoreState, memory: PeerMemory, id: NodeId): void {
  if (memory.promised) return
  memory.promised = true
  const { incarnation } = memory
  if (incarnation !== undefined) s.newlyKnownPeers.push({ id, incarnation })
}

function adds(change: Uint8Array, id: NodeId): boolean {
  const { changes } = decodeMembershipChange(change)
  return changes.some(
    (one) => one.id === id && (one.type === 'addVoter' || one.type === 'addLearner'),
  )
}
