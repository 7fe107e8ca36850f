/** The four roles and the ways between them (Raft Figure 4, dissertation §9.6 for the pre-candidate). */
import { makeEntry } from '../codec/entry.ts'
import type { NodeId, Role, Term } from '../types.ts'
import { invariant } from './invariant.ts'
import type { StepDownReason } from './io.ts'
import { isLearner } from './membership.ts'
import { Progress } from './progress.ts'
import { failAllReads } from './read-index.ts'
import type { CoreState } from './state.ts'

const NO_DATA = new Uint8Array(0)

/** Enters `term` as a follower, of `leader` if it is known. A new term has no vote yet. */
export function becomeFollower(
  s: CoreState,
  term: Term,
  leader: NodeId | undefined,
  reason: StepDownReason,
): void {
  invariant(term >= s.term, 'a term never decreases')
  const wasLeader = s.role === 'leader'
  enterTerm(s, term)
  setRole(s, 'follower')
  if (wasLeader) {
    s.emit({ type: 'steppedDown', term, reason })
    clearLeaderState(s)
  }
  setLeader(s, leader)
  s.drawElectionTimeout()
}

/** Asks for pre-votes. Term and vote stay as they are; the leader is given up, or nobody could win. */
export function becomePreCandidate(s: CoreState): void {
  invariant(s.role !== 'leader', 'a leader does not campaign')
  s.votes.clear()
  setRole(s, 'preCandidate')
  setLeader(s, undefined)
  s.leaderHeardAt = Number.NEGATIVE_INFINITY
  s.drawElectionTimeout()
}

/** Begins a new term and votes for itself; the vote counts once it is durable. */
export function becomeCandidate(s: CoreState): void {
  invariant(s.role !== 'leader', 'a leader does not campaign')
  enterTerm(s, s.term + 1)
  s.votedFor = s.config.id
  s.hardStateDirty = true
  s.votes.clear()
  setRole(s, 'candidate')
  setLeader(s, undefined)
  s.leaderHeardAt = Number.NEGATIVE_INFINITY
  s.drawElectionTimeout()
}

/** Leads the current term and begins it with an empty entry: only entries of one's own term commit (§5.4.2). */
export function becomeLeader(s: CoreState): void {
  invariant(s.role === 'candidate', 'only a candidate becomes leader')
  clearLeaderState(s)
  const index = s.log.lastIndex + 1
  for (const peer of s.peers) {
    const isLearnerNow = isLearner(s.membership, peer)
    // Nobody has been heard from in this term; until a timeout has passed that is no reproach.
    const never = Number.NEGATIVE_INFINITY
    s.progress.set(peer, new Progress(peer, index, isLearnerNow, never, s.config))
  }
  s.termStart = index
  s.lastHeartbeat = s.now
  s.leaderSince = s.now
  s.quorumCheckedAt = s.now
  s.readSequence = 0
  s.roundConfirmed = 0
  // What earlier leaders left in the log may be a change: none of ours before that is applied.
  s.pendingConfigIndex = s.log.lastIndex
  setRole(s, 'leader')
  setLeader(s, s.config.id)
  s.log.append(makeEntry(index, s.term, 'noop', NO_DATA))
  broadcastAppend(s)
}

/** Every follower gets an append at the end of the turn, be it empty. */
export function broadcastAppend(s: CoreState): void {
  for (const progress of s.progress.values()) progress.appendDue = true
}

/** Learns who leads the current term. */
export function setLeader(s: CoreState, leader: NodeId | undefined): void {
  if (leader === s.leader) return
  failAllReads(s, 'leaderChanged')
  s.leader = leader
  s.leaderlessSince = leader === undefined ? s.now : undefined
  s.emit({ type: 'leaderChanged', leader, term: s.term })
}

function enterTerm(s: CoreState, term: Term): void {
  if (term === s.term) return
  s.term = term
  s.votedFor = undefined
  s.hardStateDirty = true
  // Reads by lease rest on what was promised to the leader of the older term, however this was entered.
  if (!s.config.leaseReads) s.leaderHeardAt = Number.NEGATIVE_INFINITY
  if (s.leader !== undefined) setLeader(s, undefined)
}

function setRole(s: CoreState, role: Role): void {
  if (role !== 'preCandidate' && role !== 'candidate') s.votes.clear()
  if (role === s.role) return
  s.role = role
  s.emit({ type: 'roleChanged', role, term: s.term })
}

function clearLeaderState(s: CoreState): void {
  failAllReads(s, 'leaderChanged')
  // All of them, also those that no progress waits for any more: the entries may be overwritten now.
  for (const [readId, { peer }] of s.pendingLogReads) {
    if (peer !== undefined) s.pendingLogReads.delete(readId)
  }
  s.progress.clear()
  s.termStart = 0
  s.uncommitted.length = 0
  s.uncommittedBytes = 0
  if (s.transfer !== undefined) s.transfer.left = true
}
