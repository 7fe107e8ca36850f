/** How the scenarios write changes of the membership, and memberships. */
import { CommandError, wholeNumber } from './arguments.ts'
import { listOf, nameOf, numberOf } from './names.ts'
import type { MemberChange, Membership } from './raft-core.ts'

const TYPES: Readonly<Record<string, MemberChange['type']>> = {
  v: 'addVoter',
  l: 'addLearner',
  r: 'remove',
  u: 'update',
}

/** `v1 l2 r3 u4`: add a voter, add a learner, remove, update. */
export function parseChanges(input: readonly string[]): readonly MemberChange[] {
  const words = input
    .join(' ')
    .split(/\s+/)
    .filter((word) => word !== '')
  return words.map((word) => {
    const type = TYPES[word[0] as string]
    if (word.length < 2) throw new CommandError(`unknown token ${word}`)
    if (type === undefined) throw new CommandError(`unknown input: ${word}`)
    return { type, id: nameOf(wholeNumber(word.slice(1))) }
  })
}

export function changesText(changes: readonly MemberChange[]): string {
  const letterOf = (type: MemberChange['type']) =>
    Object.keys(TYPES).find((letter) => TYPES[letter] === type)
  return changes.map(({ type, id }) => `${letterOf(type)}${numberOf(id)}`).join(' ')
}

/** `voters=(1 2 3)&&(1) learners=(4) learners_next=(5) autoleave` */
export function membershipText(membership: Membership): string {
  const { voters, votersOutgoing, learners, learnersNext, autoLeave } = membership
  let text = `voters=${listOf(voters, '()')}`
  if (votersOutgoing.length > 0) text += `&&${listOf(votersOutgoing, '()')}`
  if (learners.length > 0) text += ` learners=${listOf(learners, '()')}`
  if (learnersNext.length > 0) text += ` learners_next=${listOf(learnersNext, '()')}`
  return autoLeave ? `${text} autoleave` : text
}

/** As in a snapshot's description. */
export function confStateText(membership: Membership): string {
  const { voters, votersOutgoing, learners, learnersNext, autoLeave } = membership
  const lists = Object.entries({
    Voters: voters,
    VotersOutgoing: votersOutgoing,
    Learners: learners,
    LearnersNext: learnersNext,
  })
  const parts = lists.map(([name, list]) => `${name}:${listOf(list, '[]')}`)
  return [...parts, `AutoLeave:${autoLeave}`].join(' ')
}
