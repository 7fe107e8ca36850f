/**
 * A member that lost its log. Raft's proof rests on what a node has promised being remembered. A
 * member that comes back with another incarnation after it acknowledged entries or gave a vote has
 * forgotten: it is set apart, neither counted nor replicated to, until an operator has seen to it.
 * This is known as long as this process lives; a restarted node begins to learn anew.
 */
import type { Incarnation, Message } from '../types.ts'
import type { CoreState, PeerMemory } from './state.ts'

/** May this message be handled? Notes what its sender shows by it. */
export function admit(
  s: CoreState,
  message: Message,
  incarnation: Incarnation | undefined,
): boolean {
  const memory = s.peerMemory.get(message.from)
  if (memory === undefined) return false
  if (incarnation !== undefined && incarnation !== memory.incarnation && !memory.apart) {
    meet(s, message.from, memory, incarnation)
  }
  // What a leader says is not the sender's own promise; everything else would count on one.
  if (memory.apart) return message.type === 'appendEntries' || message.type === 'readIndexReply'
  note(memory, message)
  return true
}

function meet(s: CoreState, peer: string, memory: PeerMemory, incarnation: Incarnation): void {
  const promised = memory.incarnation !== undefined && (memory.shown > 0 || memory.voted)
  memory.incarnation = incarnation
  if (!promised) return
  memory.apart = true
  s.emit({ type: 'peerSetApart', peer, incarnation })
}

function note(memory: PeerMemory, message: Message): void {
  if (message.type === 'appendEntriesReply') {
    if (message.success && message.matchIndex > memory.shown) memory.shown = message.matchIndex
  } else if (message.type === 'requestVote') {
    if (message.lastLogIndex > memory.shown) memory.shown = message.lastLogIndex
    memory.voted ||= !message.preVote
  } else if (message.type === 'requestVoteReply') {
    memory.voted ||= message.granted && !message.preVote
  }
}
