/**
 * Changes of the membership as entries of the log (dissertation §4). A change comes into force on each
 * node when it applies the entry, not before: so it is known to be committed and needs no taking back.
 * There is one at a time, and a new leader proposes none before an entry of its own term is committed
 * (Ongaro, raft-dev 2015).
 */
import { makeEntry } from '../codec/entry.ts'
import { decodeMembershipChange, encodeMembershipChange } from '../codec/membership-change.ts'
import type { Entry, LogIndex, Membership, MembershipChange } from '../types.ts'
import { advanceCommit } from './commit.ts'
import { isVoterThatCounts } from './decisions.ts'
import type { MembershipRefusal } from './io.ts'
import { allVoters, isJoint, isLearner, memberIds } from './membership.ts'
import { changeMembership, isProblem } from './membership-change.ts'
import { forgetRemovedPeers } from './peers.ts'
import { Progress } from './progress.ts'
import { becomeFollower, broadcastAppend } from './roles.ts'
import type { CoreState } from './state.ts'
import { abortTransfer, nominateSuccessor } from './transfer.ts'

const LEAVE: MembershipChange = {
  changes: [],
  transition: 'auto',
  context: new Uint8Array(0),
}

/** A user asks for a change. What can not be made is refused with its reason; nothing is appended. */
export function proposeMembership(
  s: CoreState,
  id: number,
  change: MembershipChange,
  ifConfig: LogIndex | undefined,
): void {
  const refusal = refusalOf(s, change, ifConfig)
  const index = refusal === undefined ? appendChange(s, change) : 0
  s.emit({ type: 'membershipProposed', id, index, term: s.term, refusal })
}

/** The state machine has these `config` entries: from now on they are in force here. */
export function applyConfigEntries(s: CoreState, entries: readonly Entry[]): void {
  for (const entry of entries) {
    // One after the other: what comes behind it counts already, by standing in the log.
    while ((s.unappliedConfigs[0]?.index ?? Number.POSITIVE_INFINITY) <= entry.index) {
      s.unappliedConfigs.shift()
    }
    const next = changeMembership(s.membership, decodeMembershipChange(entry.data))
    // One that does not fit is the same nothing on every node; `validateMembership` keeps it out.
    if (isProblem(next)) continue
    s.memberships.push({ configIndex: entry.index, membership: next })
    switchMembership(s, next, entry.index)
  }
}

/** From now on this is who belongs to the group. */
export function switchMembership(
  s: CoreState,
  membership: Membership,
  configIndex: LogIndex,
): void {
  s.membership = membership
  s.configIndex = configIndex
  s.findPeers()
  forgetRemovedPeers(s)
  s.emit({ type: 'membershipChanged', membership, configIndex })
  if (s.role !== 'leader') {
    // Its votes would make a leader that nobody can use.
    if (s.role !== 'follower' && !isVoterThatCounts(s))
      becomeFollower(s, s.term, undefined, 'removed')
    return
  }
  if (!isVoterThatCounts(s) && s.config.stepDownOnRemoval) {
    stepDownRemoved(s)
    return
  }
  followMembers(s)
  // Fewer voters may mean that more is committed; new ones need not wait for a heartbeat.
  if (advanceCommit(s)) broadcastAppend(s)
  else for (const progress of s.progress.values()) progress.entriesDue = true
  const target = s.transfer?.to
  if (target !== undefined && !allVoters(membership).includes(target)) abortTransfer(s)
}

/** After entries were applied: leaves a joint membership, makes learners that caught up voters. */
export function continueChanges(s: CoreState): void {
  if (s.role !== 'leader' || s.pendingConfigIndex > s.appliedIndex || s.transfer !== undefined) {
    return
  }
  if (s.membership.autoLeave) appendChange(s, LEAVE)
  else if (
    s.membership.promote.length > 0 &&
    s.commitIndex >= s.termStart &&
    !isJoint(s.membership)
  ) {
    promoteLearner(s)
  }
}

function promoteLearner(s: CoreState): void {
  const enough = s.log.lastIndex - s.config.promoteWithinEntries
  const id = s.membership.promote.find((learner) => {
    const progress = s.progress.get(learner)
    return (
      progress !== undefined &&
      !s.isApart(learner) &&
      progress.state === 'replicate' &&
      progress.match >= enough &&
      s.now - progress.lastHeard < s.config.electionMinTicks
    )
  })
  if (id !== undefined) appendChange(s, { ...LEAVE, changes: [{ type: 'addVoter', id }] })
}

function appendChange(s: CoreState, change: MembershipChange): LogIndex {
  const index = s.log.lastIndex + 1
  const entry = makeEntry(index, s.term, 'config', encodeMembershipChange(change))
  s.log.append(entry)
  s.unappliedConfigs.push(entry)
  s.pendingConfigIndex = index
  broadcastAppend(s)
  return index
}

function refusalOf(
  s: CoreState,
  change: MembershipChange,
  ifConfig: LogIndex | undefined,
): MembershipRefusal | undefined {
  if (s.role !== 'leader' || !memberIds(s.membership).includes(s.config.id)) return 'notLeader'
  if (s.transfer !== undefined) return 'transferring'
  if (s.config.changeAfterOwnCommit && s.commitIndex < s.termStart) return 'notReady'
  if (!s.config.validateMembership) return undefined
  if (s.pendingConfigIndex > s.appliedIndex) return 'pending'
  if (ifConfig !== undefined && ifConfig !== s.configIndex) return 'configChanged'
  const result = changeMembership(s.membership, change)
  return isProblem(result) ? result.refusal : undefined
}

/** Its removal is committed, and the others know or will know: the best of them shall go on at once. */
function stepDownRemoved(s: CoreState): void {
  if (s.config.handOverOnRemoval) nominateSuccessor(s)
  becomeFollower(s, s.term, undefined, 'removed')
}

function followMembers(s: CoreState): void {
  for (const id of s.progress.keys()) if (!s.peers.includes(id)) s.progress.delete(id)
  for (const id of s.peers) {
    const isLearnerNow = isLearner(s.membership, id)
    const known = s.progress.get(id)
    if (known !== undefined) known.isLearner = isLearnerNow
    else {
      // It is probed with the last entry; a new node refuses, and tells where to begin.
      const next = Math.max(s.log.lastIndex, 1)
      s.progress.set(id, new Progress(id, next, isLearnerNow, s.now, s.config))
    }
  }
  sortProgress(s)
}

/** Messages are made in the order of names, however the members came. */
function sortProgress(s: CoreState): void {
  const sorted = [...s.progress.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
  s.progress.clear()
  for (const progress of sorted) s.progress.set(progress.id, progress)
}
