import { describe, expect, it } from 'vitest'
import type { Membership } from '../types.ts'
import {
  allVoters,
  checkMembership,
  isJoint,
  isLearner,
  isVoter,
  memberIds,
  membershipOf,
  NO_MEMBERSHIP,
  sameMembership,
} from './membership.ts'

const JOINT: Membership = {
  voters: ['b', 'c'],
  votersOutgoing: ['a', 'b'],
  learners: ['d'],
  learnersNext: ['a'],
  autoLeave: true,
  promote: ['d'],
}

describe('a membership', () => {
  it('of founders has them as voters, sorted and once', () => {
    expect(membershipOf(['c', 'a', 'b', 'a'])).toEqual({
      ...NO_MEMBERSHIP,
      voters: ['a', 'b', 'c'],
    })
  })

  it('is joint while there are outgoing voters', () => {
    expect(isJoint(membershipOf(['a']))).toBe(false)
    expect(isJoint(JOINT)).toBe(true)
  })

  it('has voters in both halves; who becomes a learner later votes still', () => {
    expect(['a', 'b', 'c', 'd', 'e'].filter((id) => isVoter(JOINT, id))).toEqual(['a', 'b', 'c'])
    expect(['a', 'b', 'c', 'd', 'e'].filter((id) => isLearner(JOINT, id))).toEqual(['d'])
    expect(allVoters(JOINT)).toEqual(['a', 'b', 'c'])
  })

  it('lists everybody who gets the log', () => {
    expect(memberIds(JOINT)).toEqual(['a', 'b', 'c', 'd'])
    expect(memberIds(membershipOf(['b', 'a']))).toEqual(['a', 'b'])
    expect(memberIds({ ...membershipOf(['b']), learners: ['a'] })).toEqual(['a', 'b'])
    expect(memberIds(NO_MEMBERSHIP)).toEqual([])
  })

  it('is the same as another only when every list and flag is', () => {
    expect(sameMembership(JOINT, structuredClone(JOINT))).toBe(true)
    const others: Partial<Membership>[] = [
      { voters: ['b', 'e'] },
      { voters: ['b'] },
      { votersOutgoing: ['a'] },
      { learners: [] },
      { learnersNext: [] },
      { promote: [] },
      { autoLeave: false },
    ]
    for (const other of others) expect(sameMembership(JOINT, { ...JOINT, ...other })).toBe(false)
  })
})

describe('the invariants of a membership', () => {
  it('hold of nobody, of founders, of a joint one', () => {
    for (const one of [NO_MEMBERSHIP, membershipOf(['a', 'b']), JOINT]) {
      expect(checkMembership(one)).toBeUndefined()
    }
  })

  it.each<[string, Partial<Membership>]>([
    ['voters is not sorted', { voters: ['c', 'b'] }],
    ['votersOutgoing is not sorted, or has a name twice', { votersOutgoing: ['a', 'a'] }],
    ['learners has an empty name', { learners: ['', 'd'] }],
    ['c is a learner and a voter', { learners: ['c', 'd'] }],
    ['a is a learner and a voter', { learners: ['a', 'd'] }],
    ['c is to become a learner but is no outgoing voter', { learnersNext: ['c'] }],
    ['b is to become a learner and to stay a voter', { learnersNext: ['b'] }],
    ['b is to be promoted but is no learner', { promote: ['b'] }],
    ['the incoming half has no voter', { voters: [], learnersNext: [] }],
    ['there is no joint membership to leave', { votersOutgoing: [], learnersNext: [] }],
    ['a is to become a learner but is no outgoing voter', { votersOutgoing: [], autoLeave: false }],
  ])('are broken: %s', (problem, change) => {
    expect(checkMembership({ ...JOINT, ...change })).toContain(problem)
  })
})
