/**
 * Who belongs to the group: what can be asked of a `Membership`, and what must always hold of one
 * (dissertation §4.3; the invariants are those of etcd's confchange).
 */
import type { Membership, NodeId } from '../types.ts'

/** Nobody belongs: a node that waits to be added knows no other. */
export const NO_MEMBERSHIP: Membership = {
  voters: [],
  votersOutgoing: [],
  learners: [],
  learnersNext: [],
  autoLeave: false,
  promote: [],
}

/** The membership of a group that begins with these voters, in any order. */
export function membershipOf(voters: readonly NodeId[]): Membership {
  return { ...NO_MEMBERSHIP, voters: sortedNames(voters) }
}

/** Whether two configurations are in force, and every decision needs a majority of both. */
export function isJoint(membership: Membership): boolean {
  return membership.votersOutgoing.length > 0
}

/** A voter of either half. */
export function isVoter(membership: Membership, id: NodeId): boolean {
  return membership.voters.includes(id) || membership.votersOutgoing.includes(id)
}

/** A learner now: not one that is still a voter and becomes a learner when the joint membership ends. */
export function isLearner(membership: Membership, id: NodeId): boolean {
  return membership.learners.includes(id)
}

/** The voters of both halves, each once, sorted. */
export function allVoters(membership: Membership): readonly NodeId[] {
  if (!isJoint(membership)) return membership.voters
  return sortedNames([...membership.voters, ...membership.votersOutgoing])
}

/** Everybody who gets the log: voters of both halves and learners, each once, sorted. */
export function memberIds(membership: Membership): readonly NodeId[] {
  if (!isJoint(membership) && membership.learners.length === 0) return membership.voters
  return sortedNames([
    ...membership.voters,
    ...membership.votersOutgoing,
    ...membership.learners,
    ...membership.learnersNext,
  ])
}

export function sameMembership(a: Membership, b: Membership): boolean {
  return (
    a === b ||
    (a.autoLeave === b.autoLeave &&
      sameNames(a.voters, b.voters) &&
      sameNames(a.votersOutgoing, b.votersOutgoing) &&
      sameNames(a.learners, b.learners) &&
      sameNames(a.learnersNext, b.learnersNext) &&
      sameNames(a.promote, b.promote))
  )
}

/**
 * What is wrong with a membership, as a sentence; `undefined` when every invariant holds. One without
 * a voter is in order: it is that of a node that waits to be added.
 */
export function checkMembership(membership: Membership): string | undefined {
  return listProblem(membership) ?? overlapProblem(membership) ?? jointProblem(membership)
}

/** Each name once, sorted by code units, as all lists of a membership are. */
export function sortedNames(names: Iterable<NodeId>): readonly NodeId[] {
  return [...new Set(names)].sort()
}

const LISTS = ['voters', 'votersOutgoing', 'learners', 'learnersNext', 'promote'] as const

function listProblem(membership: Membership): string | undefined {
  for (const list of LISTS) {
    const names = membership[list]
    if (names.includes('')) return `${list} has an empty name`
    if (!sameNames(names, sortedNames(names))) return `${list} is not sorted, or has a name twice`
  }
  return undefined
}

function overlapProblem(membership: Membership): string | undefined {
  const { learners, learnersNext, votersOutgoing, promote } = membership
  const both = learners.find((id) => isVoter(membership, id))
  if (both !== undefined) return `${both} is a learner and a voter`
  // It waits only because it is still a voter of the outgoing half; and it is no voter any more.
  const early = learnersNext.find((id) => !votersOutgoing.includes(id))
  if (early !== undefined) return `${early} is to become a learner but is no outgoing voter`
  const stays = learnersNext.find((id) => membership.voters.includes(id))
  if (stays !== undefined) return `${stays} is to become a learner and to stay a voter`
  const stray = promote.find((id) => !learners.includes(id))
  return stray === undefined ? undefined : `${stray} is to be promoted but is no learner`
}

function jointProblem(membership: Membership): string | undefined {
  if (isJoint(membership)) {
    return membership.voters.length > 0 ? undefined : 'the incoming half has no voter'
  }
  return membership.autoLeave ? 'there is no joint membership to leave' : undefined
}

function sameNames(a: readonly NodeId[], b: readonly NodeId[]): boolean {
  return a.length === b.length && a.every((id, i) => id === b[i])
}
