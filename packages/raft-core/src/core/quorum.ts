/**
 * Majorities, of one configuration and of two that are joint (dissertation §4.3). Few numbers, looked
 * at each time: an optimised version of this is where others broke. A configuration of nobody agrees
 * to everything, so that a membership that is not joint is one that is joint with nobody.
 */
import type { LogIndex, Membership, NodeId } from '../types.ts'

/** `pending`: neither won nor lost yet. */
export type VoteResult = 'won' | 'lost' | 'pending'

/** The parts of a membership that decide. */
export type Voters = Pick<Membership, 'voters' | 'votersOutgoing'>

/** What a voter has acknowledged; `undefined` is one that nothing is known of. */
export type Acknowledged = (id: NodeId) => LogIndex | undefined

/** Size of a majority of `voters`: 1 → 1, 2 → 2, 3 → 2, 4 → 3, 5 → 3. */
export function majorityOf(voters: number): number {
  return Math.floor(voters / 2) + 1
}

/** The largest value that a majority has reached: `values` has one number for every voter. */
export function reachedByMajority(values: readonly number[]): number {
  if (values.length === 0) return 0
  if (values.length === 3) {
    return middle(values[0] as number, values[1] as number, values[2] as number)
  }
  const descending = [...values].sort((a, b) => b - a)
  return descending[majorityOf(values.length) - 1] as number
}

/**
 * How a vote among `voters` stands; `undefined` is a voter that has not answered. Of nobody: won.
 */
export function majorityVote(
  voters: readonly NodeId[],
  vote: (id: NodeId) => boolean | undefined,
): VoteResult {
  if (voters.length === 0) return 'won'
  let yes = 0
  let no = 0
  for (const id of voters) {
    const answer = vote(id)
    if (answer === true) yes++
    else if (answer === false) no++
  }
  const majority = majorityOf(voters.length)
  if (yes >= majority) return 'won'
  return voters.length - no >= majority ? 'pending' : 'lost'
}

/** How a vote stands that both halves have to win. One that has lost decides. */
export function jointVote(
  membership: Voters,
  vote: (id: NodeId) => boolean | undefined,
): VoteResult {
  const incoming = majorityVote(membership.voters, vote)
  if (membership.votersOutgoing.length === 0 || incoming === 'lost') return incoming
  const outgoing = majorityVote(membership.votersOutgoing, vote)
  return incoming === 'won' || outgoing === 'lost' ? outgoing : 'pending'
}

/**
 * The largest index that a majority of `voters` has acknowledged; `undefined` counts as 0. Of nobody
 * it is `Number.POSITIVE_INFINITY`, so that an empty half of a joint membership holds nothing back.
 * Called for every acknowledgement: nothing is allocated for up to three voters, nor for five.
 */
export function committedIndex(voters: readonly NodeId[], acked: Acknowledged): LogIndex {
  switch (voters.length) {
    case 0:
      return Number.POSITIVE_INFINITY
    case 1:
      return at(voters, 0, acked)
    case 2:
      return Math.min(at(voters, 0, acked), at(voters, 1, acked))
    case 3:
      return middle(at(voters, 0, acked), at(voters, 1, acked), at(voters, 2, acked))
    case 5:
      return middleOfFive(
        at(voters, 0, acked),
        at(voters, 1, acked),
        at(voters, 2, acked),
        at(voters, 3, acked),
        at(voters, 4, acked),
      )
    default:
      return reachedByMajority(voters.map((id) => acked(id) ?? 0))
  }
}

/**
 * The largest index that a majority of both halves has acknowledged. `Number.POSITIVE_INFINITY` when
 * there is no voter at all.
 */
export function jointCommittedIndex(membership: Voters, acked: Acknowledged): LogIndex {
  const incoming = committedIndex(membership.voters, acked)
  if (membership.votersOutgoing.length === 0) return incoming
  return Math.min(incoming, committedIndex(membership.votersOutgoing, acked))
}

function at(voters: readonly NodeId[], position: number, acked: Acknowledged): LogIndex {
  return acked(voters[position] as NodeId) ?? 0
}

function middle(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c))
}

/** Of two pairs, the lowest and the highest number can not be the middle one: three are left. */
function middleOfFive(a: number, b: number, c: number, d: number, e: number): number {
  const low = Math.max(Math.min(a, b), Math.min(c, d))
  const high = Math.min(Math.max(a, b), Math.max(c, d))
  return middle(low, high, e)
}
