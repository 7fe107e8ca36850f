/**
 * A member that lost its log. Raft's proof rests on what a node has promised being remembered. A
 * member that comes back with another incarnation after it acknowledged entries or gave a vote has
 * forgotten: it is set apart, neither counted nor replicated to, until it is removed from the group
 * and added anew. Which incarnation made promises is written to this node's log, so that a restart
 * here does not forget it either.
 */
import type { Incarnation, Message, NodeId } from '../types.ts'
import { memberIds } from './membership.ts'
import type { CoreState, PeerMemory } from './state.ts'

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
  const memory = { incarnation: undefined, shown: 0, promised: false, apart: false }
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
