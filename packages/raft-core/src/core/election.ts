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
import { commitByVote } from './commit.ts'
import { decidedVote, isVoterThatCounts, votersThatCount } from './decisions.ts'
import {
  becomeCandidate,
  becomeFollower,
  becomeLeader,
  becomePreCandidate,
  setLeader,
} from './roles.ts'
import type { CoreState } from './state.ts'
import { nominateSuccessor } from './transfer.ts'

/** One tick: campaign if no leader was heard from, or give up a leadership that has no majority. */
export function tickElection(s: CoreState): void {
  if (s.role === 'leader') checkQuorum(s)
  else if (s.now - s.electionSince >= s.electionTimeoutTicks) {
    s.electionSince = s.now
    // Who may not replace it knows all the same that there is none.
    setLeader(s, undefined)
    campaign(s)
  }
}

/** Stands for election, by way of a pre-vote. */
export function campaign(s: CoreState): void {
  if (!mayCampaign(s)) {
    s.drawElectionTimeout()
    return
  }
  if (!s.config.preVote) {
    startElection(s, false)
    return
  }
  becomePreCandidate(s)
  askForVotes(s, s.term + 1, true, false)
  recordVote(s, s.config.id, true)
}

/** The leader asks this node to take over: no pre-vote, and the voters ignore their leader lease. */
export function handleTimeoutNow(s: CoreState, message: TimeoutNow): void {
  // The caller has made sure that the message is of the current term: a stale one is ignored.
  const isFromLeader = s.leader === undefined || s.leader === message.from
  if (s.role !== 'follower' || !isFromLeader) return
  if (mayCampaign(s)) startElection(s, true)
  else {
    s.send({ type: 'transferRefused', from: s.config.id, to: message.from, term: s.term })
  }
}

/** The stream of `peer` closed. If it leads, campaign soon and do not hold others up. */
export function handlePeerLost(s: CoreState, peer: NodeId): void {
  if (s.role !== 'follower' || s.leader !== peer || s.config.leaseReads) return
  s.leaderHeardAt = Number.NEGATIVE_INFINITY
  s.drawEarlyElection()
}

/**
 * Has a leader been heard from so recently that this node will not help to replace it? A leader is
 * its own witness: what it has not heard for an election timeout makes it step down anyway.
 */
export function holdsLeaderLease(s: CoreState): boolean {
  if (!s.config.checkQuorum) return false
  return s.role === 'leader' || s.now - s.leaderHeardAt < s.config.electionMinTicks
}

/** A request of this term or a later one; a later term has been entered before, for a real vote. */
export function handleRequestVote(s: CoreState, message: RequestVote): void {
  const { preVote, lastLogIndex, lastLogTerm } = message
  // A vote for the one voted for is repeated, at the latest when an answer was lost (Figure 2).
  const isFree = s.votedFor === message.from || (s.votedFor === undefined && s.leader === undefined)
  const isOpen = preVote ? message.term > s.term || isFree : isFree && s.role === 'follower'
  const granted =
    isOpen && s.log.isUpToDate(lastLogIndex, lastLogTerm) && !isPreferredTo(s, message)
  if (granted && !preVote) {
    if (s.votedFor === undefined) {
      s.votedFor = message.from
      s.hardStateDirty = true
    }
    s.restartElectionTimeout()
  }
  // A refusal carries this node's term, a yes the one that was asked for.
  reply(s, message, granted ? message.term : s.term, granted)
  commitByVote(s, message)
}

/**
 * A candidate with an old term learns of the newer one (Figure 2), also by a pre-vote: or a long log
 * with an old term and a short log with a new one would wait for each other for ever.
 */
export function refuseOldCandidate(s: CoreState, message: RequestVote): void {
  reply(s, message, s.term, false)
  commitByVote(s, message)
}

export function handleRequestVoteReply(s: CoreState, message: RequestVoteReply): void {
  const asked = message.preVote ? 'preCandidate' : 'candidate'
  if (s.role !== asked) return
  // A yes to a pre-vote carries the term asked for; a no carries the voter's own.
  if (message.preVote && message.granted && message.term !== s.term + 1) return
  recordVote(s, message.from, message.granted)
  if (message.from !== s.config.id) commitByVote(s, message)
}

/** This node can lead, and would rather than follow a candidate that has no more than it (priorities). */
function isPreferredTo(s: CoreState, message: RequestVote): boolean {
  if (message.transfer || s.config.priority <= message.priority) return false
  const { lastTerm, lastIndex } = s.log
  return message.lastLogTerm === lastTerm && message.lastLogIndex <= lastIndex && mayCampaign(s)
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
    commitIndex: 0,
    commitTerm: 0,
  })
}

function recordVote(s: CoreState, voter: NodeId, granted: boolean): void {
  if (!s.votes.has(voter)) s.votes.set(voter, granted)
  // Who has lost its log since may give its vote once more, to another.
  switch (decidedVote(s, (id) => (s.isApart(id) ? false : s.votes.get(id)))) {
    case 'won':
      if (s.role === 'preCandidate') startElection(s, false)
      else becomeLeader(s)
      break
    case 'lost':
      // It can not be won any more. Wait for another timeout rather than stand in the way.
      becomeFollower(s, s.term, undefined, 'higherTerm')
      break
    case 'pending':
  }
}

/**
 * Only a voter (also by a change that is not applied yet), and one that has applied every change of the membership it knows to be committed:
 * with an older one it might count a majority that is none any more. Not while its state is being
 * replaced, and not with a disk that stands still.
 */
function mayCampaign(s: CoreState): boolean {
  const nextConfig = s.unappliedConfigs[0]?.index
  return (
    isVoterThatCounts(s) &&
    s.role !== 'leader' &&
    s.restoring === undefined &&
    !s.isStorageStalled &&
    (nextConfig === undefined || nextConfig > s.commitIndex)
  )
}

function askForVotes(s: CoreState, term: Term, preVote: boolean, transfer: boolean): void {
  const { commitIndex, commitTerm } = commitPoint(s)
  for (const to of votersThatCount(s)) {
    if (to === s.config.id) continue
    const message: RequestVote = {
      type: 'requestVote',
      from: s.config.id,
      to,
      term,
      preVote,
      lastLogIndex: s.log.lastIndex,
      lastLogTerm: s.log.lastTerm,
      transfer,
      priority: s.config.priority,
      commitIndex,
      commitTerm,
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
    ...commitPoint(s),
  }
  if (granted && !message.preVote) s.sendOnceDurable(answer)
  else s.send(answer)
}

function commitPoint(s: CoreState): { commitIndex: number; commitTerm: Term } {
  const commitTerm = s.config.commitInVotes ? s.log.termAt(s.commitIndex) : undefined
  if (commitTerm === undefined) return { commitIndex: 0, commitTerm: 0 }
  return { commitIndex: s.commitIndex, commitTerm }
}

function checkQuorum(s: CoreState): void {
  if (s.isStorageStalled) {
    nominateSuccessor(s)
    becomeFollower(s, s.term, undefined, 'storageStalled')
    return
  }
  const { checkQuorum: isOn, quorumCheckTicks, electionMinTicks } = s.config
  if (!isOn || s.now - s.quorumCheckedAt < quorumCheckTicks) return
  s.quorumCheckedAt = s.now
  if (s.now - s.leaderSince < electionMinTicks) return
  const since = s.now - Math.max(electionMinTicks, quorumCheckTicks)
  const isHeard = (id: NodeId): boolean => {
    if (id === s.config.id) return true
    const progress = s.progress.get(id)
    return progress !== undefined && progress.lastHeard >= since && !s.isApart(id)
  }
  if (decidedVote(s, isHeard) !== 'won') {
    becomeFollower(s, s.term, undefined, 'quorumLost')
  }
}
