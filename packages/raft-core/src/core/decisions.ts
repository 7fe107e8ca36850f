/**
 * What the group has decided: by a majority of the membership in force here, and of those that its
 * log will put in force.
 *
 * A change comes into force when it is applied. But a node that starts again may have lost the news
 * that it was committed, and be back in the membership before it. Who was removed by it still has a
 * vote there, and may by now be an empty node that promises anything to anybody. So a change counts
 * from the moment it stands in the log, too, as it does in the paper (§6): whoever leads with a
 * removal in its log does so, and commits, without those who are removed by it.
 *
 * A change that brings in a voter who got no log so far (no learner before) waits until it is applied:
 * nobody sends to that node earlier. Removals are what matters here.
 */
import { decodeMembershipChange } from '../codec/membership-change.ts'
import type { LogIndex, Membership, NodeId } from '../types.ts'
import { allVoters, isVoter, memberIds, sortedNames } from './membership.ts'
import { changeMembership, isProblem } from './membership-change.ts'
import { type Acknowledged, jointCommittedIndex, jointVote, type VoteResult } from './quorum.ts'
import type { CoreState } from './state.ts'

/** The largest index that a majority of every membership that counts has acknowledged. */
export function decidedIndex(s: CoreState, acked: Acknowledged): LogIndex {
  let index = jointCommittedIndex(s.membership, acked)
  if (s.unappliedConfigs.length === 0) return index
  for (const membership of pendingMemberships(s)) {
    index = Math.min(index, jointCommittedIndex(membership, acked))
  }
  return index
}

/** How a vote stands that every membership that counts has to give. One that has lost decides. */
export function decidedVote(s: CoreState, vote: (id: NodeId) => boolean | undefined): VoteResult {
  const results = [s.membership, ...pendingMemberships(s)].map((one) => jointVote(one, vote))
  if (results.includes('lost')) return 'lost'
  return results.includes('pending') ? 'pending' : 'won'
}

/** Whose votes are asked for: the voters of every membership that counts, each once, sorted. */
export function votersThatCount(s: CoreState): readonly NodeId[] {
  const voters = allVoters(s.membership)
  if (s.unappliedConfigs.length === 0) return voters
  return sortedNames([...voters, ...pendingMemberships(s).flatMap(allVoters)])
}

/**
 * Whether this node decides in any of them. Then it may stand for election: of those that are needed,
 * it may be the one with the longest log, that gives its vote to nobody else.
 */
export function isVoterThatCounts(s: CoreState): boolean {
  return s.isVoter || pendingMemberships(s).some((one) => isVoter(one, s.config.id))
}

/** Asked for with every acknowledgement while a change waits: worked out once for each. */
function pendingMemberships(s: CoreState): readonly Membership[] {
  if (!s.config.countUnappliedChanges || s.unappliedConfigs.length === 0) return []
  const { membership, unappliedConfigs, pendingDecisions: known } = s
  const isKnown =
    known?.membership === membership &&
    known.changes.length === unappliedConfigs.length &&
    known.changes.every((change, at) => change === unappliedConfigs[at])
  if (isKnown) return known.pending
  const pending = pendingBy(s)
  s.pendingDecisions = { membership, changes: [...unappliedConfigs], pending }
  return pending
}

function pendingBy(s: CoreState): readonly Membership[] {
  const members = memberIds(s.membership)
  const pending: Membership[] = []
  let membership = s.membership
  for (const { data } of s.unappliedConfigs) {
    const next = changeMembership(membership, decodeMembershipChange(data))
    if (isProblem(next)) continue
    membership = next
    if (allVoters(next).every((id) => members.includes(id))) pending.push(next)
  }
  return pending
}
