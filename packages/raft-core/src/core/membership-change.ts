/**
 * How one membership becomes the next (dissertation §4.1 and §4.3; the rules are etcd's confchange).
 * Pure functions: the same change on the same membership gives the same on every node.
 */
import { isNodeName } from '../codec/names.ts'
import type { MemberChange, Membership, MembershipChange, NodeId } from '../types.ts'
import type { MembershipRefusal } from './io.ts'
import { isJoint, isVoter, sameMembership, sortedNames } from './membership.ts'

/** Why a change can not be made. */
export interface MembershipProblem {
  readonly refusal: MembershipRefusal
  /** A sentence for a person. */
  readonly problem: string
}

/**
 * The membership after `change`. Automatic: a single step at once, several by way of a joint
 * membership that the leader leaves by itself. Without steps: leaves the joint membership.
 */
export function changeMembership(
  membership: Membership,
  change: MembershipChange,
): Membership | MembershipProblem {
  if (change.changes.length === 0) return leaveJoint(membership)
  const bad = badChange(membership, change.changes)
  if (bad !== undefined) return bad
  const single = change.transition === 'auto' && change.changes.length === 1
  const next = single
    ? simpleChange(membership, change.changes)
    : enterJoint(membership, change.changes, change.transition !== 'jointExplicit')
  if (isProblem(next) || !sameMembership(membership, next)) return next
  // News of a member travel in an entry that changes nothing else; anything else is a mistake.
  if (change.changes.every((one) => one.type === 'update')) return next
  return refuse('badChange', 'the change would change nothing')
}

export function isProblem(result: Membership | MembershipProblem): result is MembershipProblem {
  return 'problem' in result
}

/**
 * All steps at once, without a joint membership. Safe only if the voters differ by one at most:
 * then every majority of the old ones and every majority of the new ones have a node in common.
 */
export function simpleChange(
  membership: Membership,
  changes: readonly MemberChange[],
): Membership | MembershipProblem {
  if (isJoint(membership)) {
    return refuse('joint', 'a joint membership can only be left')
  }
  const next = applySteps(membership, changes)
  if (isProblem(next)) return next
  if (votersChanged(membership.voters, next.voters) > 1) {
    return refuse('tooManyVoters', 'more than one voter changes: that needs a joint membership')
  }
  return next
}

/** Puts the new voters beside the old ones: from now on every decision needs a majority of both. */
export function enterJoint(
  membership: Membership,
  changes: readonly MemberChange[],
  autoLeave: boolean,
): Membership | MembershipProblem {
  if (isJoint(membership)) return refuse('joint', 'the membership is joint already')
  if (membership.voters.length === 0) {
    return refuse('noVoters', 'there are no voters whose place others could take')
  }
  return applySteps({ ...membership, votersOutgoing: membership.voters, autoLeave }, changes)
}

/** The outgoing voters go; those that were to become learners do. */
export function leaveJoint(membership: Membership): Membership | MembershipProblem {
  if (!isJoint(membership)) return refuse('notJoint', 'there is no joint membership to leave')
  return {
    ...membership,
    votersOutgoing: [],
    learners: sortedNames([...membership.learners, ...membership.learnersNext]),
    learnersNext: [],
    autoLeave: false,
  }
}

function refuse(refusal: MembershipRefusal, problem: string): MembershipProblem {
  return { refusal, problem }
}

function badChange(
  membership: Membership,
  changes: readonly MemberChange[],
): MembershipProblem | undefined {
  const named = new Set<NodeId>()
  for (const { type, id, promote } of changes) {
    if (!isNodeName(id)) {
      return refuse('badChange', `a step names no node: a name has 1 to 64 bytes, not "${id}"`)
    }
    if (named.has(id)) return refuse('badChange', `${id} is named twice`)
    named.add(id)
    if (type === 'addLearner' && promote === true && isVoter(membership, id)) {
      return refuse('badChange', `${id} is a voter: it can not be a learner that becomes one`)
    }
  }
  return undefined
}

/** The lists of a membership while steps are taken. */
interface Draft {
  readonly voters: Set<NodeId>
  readonly outgoing: ReadonlySet<NodeId>
  readonly learners: Set<NodeId>
  readonly learnersNext: Set<NodeId>
  readonly promote: Set<NodeId>
}

function applySteps(
  membership: Membership,
  changes: readonly MemberChange[],
): Membership | MembershipProblem {
  const draft: Draft = {
    voters: new Set(membership.voters),
    outgoing: new Set(membership.votersOutgoing),
    learners: new Set(membership.learners),
    learnersNext: new Set(membership.learnersNext),
    promote: new Set(membership.promote),
  }
  for (const change of changes) applyStep(draft, change)
  if (draft.voters.size === 0) return refuse('noVoters', 'no voter would be left')
  return {
    ...membership,
    voters: sortedNames(draft.voters),
    learners: sortedNames(draft.learners),
    learnersNext: sortedNames(draft.learnersNext),
    promote: sortedNames(draft.promote),
  }
}

function applyStep(draft: Draft, change: MemberChange): void {
  const { type, id } = change
  // The empty name names nobody.
  if (id === '' || type === 'update') return
  draft.voters.delete(id)
  draft.learners.delete(id)
  draft.learnersNext.delete(id)
  draft.promote.delete(id)
  if (type === 'addVoter') draft.voters.add(id)
  if (type !== 'addLearner') return
  // Who still votes in the outgoing half can not be a learner before that half has gone.
  if (draft.outgoing.has(id)) {
    draft.learnersNext.add(id)
    return
  }
  draft.learners.add(id)
  if (change.promote === true) draft.promote.add(id)
}

function votersChanged(before: readonly NodeId[], after: readonly NodeId[]): number {
  const added = after.filter((id) => !before.includes(id)).length
  const removed = before.filter((id) => !after.includes(id)).length
  return added + removed
}
