/** Why a node is not to be sent requests, and what it means. The names are stable: monitors go by them. */
export const unreadyReasons = {
  failed: 'its log or its database has failed; the process ends',
  stopping: 'it is being stopped',
  diverged: 'its state is not that of the majority: a person has to look',
  notMember: 'it belongs to no cluster: it waits to be added, or it was removed',
  noLeader: 'it knows of no leader: an election is on, or it is cut off from the others',
  notLeadingYet: 'it has just been elected and has not applied an entry of its own term yet',
  notFounded: 'the cluster has not been founded yet',
  clockOff:
    'its clock is not that of the majority, so it does not lead; another node has to take over',
  notCompared: 'it leads and has not compared its clock and its state with the others yet',
  behind: 'it has not applied yet what the others have',
} as const satisfies Readonly<Record<string, string>>

export type UnreadyReason = keyof typeof unreadyReasons

export interface ReadinessFacts {
  readonly failed: boolean
  readonly stopping: boolean
  readonly isInMinority: boolean
  readonly isLeader: boolean
  readonly knowsLeader: boolean
  /** Leads, and an entry of its own term is applied here. */
  readonly ownTermApplied: boolean
  readonly isFounded: boolean
  readonly isMember: boolean
  readonly isClockOff: boolean
  readonly mayLead: boolean
  readonly appliedIndex: number
  readonly commitIndex: number
  /** How far another node was, some time ago; 0 while nothing is known. */
  readonly othersIndex: number
}

/** All that keeps the node from being ready; nothing when it is. */
export function unreadyBy(facts: ReadinessFacts): readonly UnreadyReason[] {
  const found: UnreadyReason[] = []
  if (facts.failed) found.push('failed')
  if (facts.stopping) found.push('stopping')
  if (facts.isInMinority) found.push('diverged')
  if (!facts.isMember) found.push('notMember')
  if (facts.isLeader) found.push(...whileLeading(facts))
  else if (!facts.knowsLeader) found.push('noLeader')
  // A node that was away knows of no more than it has, until the log has come: so the others are asked as well.
  if (facts.appliedIndex < (facts.isLeader ? 0 : Math.max(facts.commitIndex, facts.othersIndex)))
    found.push('behind')
  return found
}

function whileLeading(facts: ReadinessFacts): readonly UnreadyReason[] {
  if (!facts.ownTermApplied) return ['notLeadingYet']
  if (facts.isClockOff) return ['clockOff']
  if (!facts.mayLead) return facts.isInMinority ? [] : ['notCompared']
  return facts.isFounded ? [] : ['notFounded']
}
