/**
 * Elections (Raft §5.2, §5.4.1) with PreVote, leader stickiness and CheckQuorum (dissertation §4.2.3,
 * §6.2, §9.6).
 *
 * A node that has lost contact first asks whether it would win, in a pre-vote that changes nobody's
 * term; nobody who has heard from a leader within an election timeout says yes. A leader that has
 * not heard from a majority for as long steps down, so that its followers' patience can not be kept
 * alive by a leader that can do nothing.
 */
import type { NodeId, RequestVote, RequestVoteReply, Term, TimeoutNow } from '../types.ts'
import { majorityOf } from './quorum.ts'
import { becomeCandidate, becomeFollower, becomeLeader, becomePreCandidate } from './roles.ts'
import type { CoreState } from './state.ts'
import { nominateSuccessor } from './transfer.ts'

/** One tick: campaign if no leader was heard from, or give up a leadership that has no majority. */
export function tickElection(s: CoreState): void {
  if (s.role === 'leader') checkQuorum(s)
  else if (s.now >= s.electionDeadline) campaign(s)
}

/** Stands for election, by way of a pre-vote. */
export function campaign(s: CoreState): void {
  if (!mayCampaign(s)) {
    s.drawElectionDeadline()
    return
  }
  becomePreCandidate(s)
  askForVotes(s, s.term + 1, true, false)
  recordVote(s, s.config.id, true)
}

/** The leader asks this node to take over: no pre-vote, and the voters ignore their leader lease. */
export function handleTimeoutNow(s: CoreState, message: TimeoutNow): void {
  // The caller has made sure that the message is of the current term: a stale one is ignored.
  if (s.role !== 'follower' || s.leader !== message.from || !mayCampaign(s)) return
  startElection(s, true)
}

/** The stream of `peer` closed. If it leads, campaign soon and do not hold others up. */
export function handlePeerLost(s: CoreState, peer: NodeId): void {
  if (s.role !== 'follower' || s.leader !== peer) return
  s.leaderHeardAt = Number.NEGATIVE_INFINITY
  s.drawEarlyElection()
}

/**
 * Has a leader been heard from so recently that this node will not help to replace it? A leader is
 * its own witness: what it has not heard for an election timeout makes it step down anyway.
 */
export function holdsLeaderLease(s: CoreState): boolean {
  return s.role === 'leader' || s.now - s.leaderHeardAt < s.config.electionMinTicks
}

/** A request of this term or a later one; a later term has been entered before, for a real vote. */
export function handleRequestVote(s: CoreState, message: RequestVote): void {
  if (message.preVote) handlePreVote(s, message)
  else reply(s, message, s.term, message.term === s.term && grantVote(s, message))
}

/** Figure 2, RequestVote RPC, rule 2: one vote a term, and only to a log at least as complete. */
function grantVote(s: CoreState, message: RequestVote): boolean {
  const free = s.votedFor === message.from || (s.votedFor === undefined && s.leader === undefined)
  const granted =
    free && s.role === 'follower' && s.log.isUpToDate(message.lastLogIndex, message.lastLogTerm)
  if (granted) {
    if (s.votedFor === undefined) {
      s.votedFor = message.from
      s.hardStateDirty = true
    }
    s.drawElectionDeadline()
  }
  return granted
}

export function handleRequestVoteReply(s: CoreState, message: RequestVoteReply): void {
  const asked = message.preVote ? 'preCandidate' : 'candidate'
  if (s.role !== asked) return
  // A yes to a pre-vote carries the term asked for; a no carries the voter's own.
  if (message.preVote && message.granted && message.term !== s.term + 1) return
  recordVote(s, message.from, message.granted)
}

function handlePreVote(s: CoreState, message: RequestVote): void {
  const granted =
    message.term > s.term &&
    !holdsLeaderLease(s) &&
    s.log.isUpToDate(message.lastLogIndex, message.lastLogTerm)
  // Also a refusal is told, with this node's term: a candidate with an old term learns of the newer
  // one, or a long log with an old term and a short log with a new one wait for each other for ever.
  reply(s, message, granted ? message.term : s.term, granted)
}

function startElection(s: CoreState, transfer: boolean): void {
  becomeCandidate(s)
  askForVotes(s, s.term, false, transfer)
  s.sendOnceDurable({
    type: 'requestVoteReply',
    from: s.config.id,
    to: s.config.id,
    term: s.term,
    preVote: false,
    granted: true,
  })
}

function recordVote(s: CoreState, voter: NodeId, granted: boolean): void {
  if (!s.votes.has(voter)) s.votes.set(voter, granted)
  const needed = majorityOf(s.config.members.length)
  let yes = 0
  for (const vote of s.votes.values()) if (vote) yes++
  const no = s.votes.size - yes
  if (yes >= needed) {
    if (s.role === 'preCandidate') startElection(s, false)
    else becomeLeader(s)
  } else if (no > s.config.members.length - needed) {
    // It can not be won any more. Wait for another timeout rather than stand in the way.
    becomeFollower(s, s.term, undefined, 'higherTerm')
  }
}

function mayCampaign(s: CoreState): boolean {
  return s.isMember && s.role !== 'leader' && !s.isStorageStalled
}

function askForVotes(s: CoreState, term: Term, preVote: boolean, transfer: boolean): void {
  for (const to of s.peers) {
    const message: RequestVote = {
      type: 'requestVote',
      from: s.config.id,
      to,
      term,
      preVote,
      lastLogIndex: s.log.lastIndex,
      lastLogTerm: s.log.lastTerm,
      transfer,
    }
    // A real candidacy promises this log and this vote; a pre-vote promises nothing.
    if (preVote) s.send(message)
    else s.sendOnceDurable(message)
  }
}

function reply(s: CoreState, message: RequestVote, term: Term, granted: boolean): void {
  const answer: RequestVoteReply = {
    type: 'requestVoteReply',
    from: s.config.id,
    to: message.from,
    term,
    preVote: message.preVote,
    granted,
  }
  if (granted && !message.preVote) s.sendOnceDurable(answer)
  else s.send(answer)
}

function checkQuorum(s: CoreState): void {
  if (s.isStorageStalled) {
    nominateSuccessor(s)
    becomeFollower(s, s.term, undefined, 'storageStalled')
    return
  }
  const since = s.now - s.config.electionMinTicks
  let heard = 1
  for (const { id, lastHeard } of s.progress.values()) {
    if (lastHeard >= since && !s.isApart(id)) heard++
  }
  if (heard < majorityOf(s.config.members.length)) {
    becomeFollower(s, s.term, undefined, 'quorumLost')
  }
}
