import type { LogIndex, MemberChange, Membership, MembershipChange, NodeId } from '../types.ts'

/**
 * Who belongs to the group after an entry: worked out by the checker itself, with other means than
 * the core's, so that the two can be compared.
 */
export interface Group {
  /** The entry that made it; 0 for the founders. */
  readonly index: LogIndex
  readonly voters: ReadonlySet<NodeId>
  /** Not empty: joint. */
  readonly outgoing: ReadonlySet<NodeId>
  readonly learners: ReadonlySet<NodeId>
  /** Outgoing voters that will be learners. */
  readonly waiting: ReadonlySet<NodeId>
}

export function foundersOf(members: readonly NodeId[]): Group {
  const none: ReadonlySet<NodeId> = new Set()
  return { index: 0, voters: new Set(members), outgoing: none, learners: none, waiting: none }
}

/** A majority of the voters; while the group is joint, of the outgoing ones as well. */
export function hasMajority(group: Group, counts: (id: NodeId) => boolean): boolean {
  const agree = (half: ReadonlySet<NodeId>): boolean => {
    let yes = 0
    for (const id of half) if (counts(id)) yes++
    return half.size === 0 || yes > half.size / 2
  }
  return agree(group.voters) && agree(group.outgoing)
}

export function isMember(group: Group, id: NodeId): boolean {
  return group.voters.has(id) || group.outgoing.has(id) || group.learners.has(id)
}

/** The group after a change that was appended at `index`. */
export function changed(group: Group, index: LogIndex, change: MembershipChange): Group {
  const { changes, transition } = change
  if (changes.length === 0) {
    const learners = new Set([...group.learners, ...group.waiting])
    return { index, voters: group.voters, outgoing: new Set(), learners, waiting: new Set() }
  }
  const isSingle = transition === 'auto' && changes.length === 1
  const outgoing = isSingle ? group.outgoing : group.voters
  const voters = new Set(group.voters)
  const learners = new Set(group.learners)
  const waiting = new Set(group.waiting)
  for (const { type, id } of changes) move(type, id, { voters, learners, waiting, outgoing })
  return { index, voters, outgoing, learners, waiting }
}

interface Places {
  readonly voters: Set<NodeId>
  readonly learners: Set<NodeId>
  readonly waiting: Set<NodeId>
  readonly outgoing: ReadonlySet<NodeId>
}

function move(type: MemberChange['type'], id: NodeId, places: Places): void {
  if (type === 'update') return
  places.voters.delete(id)
  places.learners.delete(id)
  places.waiting.delete(id)
  if (type === 'addVoter') places.voters.add(id)
  if (type !== 'addLearner') return
  if (places.outgoing.has(id)) places.waiting.add(id)
  else places.learners.add(id)
}

/** Whether a node takes the same for the membership as the model. */
export function isSameGroup(group: Group, membership: Membership): boolean {
  return (
    hasSameNames(group.voters, membership.voters) &&
    hasSameNames(group.outgoing, membership.votersOutgoing) &&
    hasSameNames(group.learners, membership.learners) &&
    hasSameNames(group.waiting, membership.learnersNext)
  )
}

function hasSameNames(a: ReadonlySet<NodeId>, b: readonly NodeId[]): boolean {
  return a.size === b.length && b.every((id) => a.has(id))
}

/**
 * I12: whether any majority of the one has a node in common with any majority of the other. True if
 * they are the same, differ by one voter, or the one is a half of the other (joint consensus).
 */
export function quorumsIntersect(before: Group, after: Group): boolean {
  const halves = (group: Group): ReadonlySet<NodeId>[] =>
    group.outgoing.size === 0 ? [group.voters] : [group.voters, group.outgoing]
  return halves(before).some((a) => halves(after).some((b) => majoritiesMeet(a, b)))
}

function majoritiesMeet(a: ReadonlySet<NodeId>, b: ReadonlySet<NodeId>): boolean {
  const both = [...a].filter((id) => b.has(id)).length
  const all = a.size + b.size - both
  const least = Math.floor(a.size / 2) + 1 + Math.floor(b.size / 2) + 1
  return least > all
}

/** What kind of change it was. */
export function marksOf(before: Group, after: Group): readonly string[] {
  const marks: string[] = []
  if (after.outgoing.size > 0) marks.push('membership joint')
  else if (before.outgoing.size > 0) marks.push('joint membership left')
  for (const id of before.learners) if (after.voters.has(id)) marks.push('learner promoted')
  for (const id of before.voters) {
    if (after.learners.has(id) || after.waiting.has(id)) marks.push('voter demoted')
    else if (!after.voters.has(id)) marks.push('voter removed')
  }
  for (const id of after.voters) if (!isMember(before, id)) marks.push('voter added at once')
  return marks
}
