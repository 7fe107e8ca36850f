import { describe, expect, it } from 'vitest'
import type { MemberChange, Membership, MembershipChange, NodeId } from '../types.ts'
import { checkMembership, isJoint, memberIds, membershipOf, NO_MEMBERSHIP } from './membership.ts'
import {
  changeMembership,
  enterJoint,
  isProblem,
  leaveJoint,
  type MembershipProblem,
  simpleChange,
} from './membership-change.ts'
import { jointVote } from './quorum.ts'

const ABC = membershipOf(['a', 'b', 'c'])

const add = (id: NodeId): MemberChange => ({ type: 'addVoter', id })
const learn = (id: NodeId, promote = false): MemberChange => ({ type: 'addLearner', id, promote })
const remove = (id: NodeId): MemberChange => ({ type: 'remove', id })
const update = (id: NodeId): MemberChange => ({ type: 'update', id })

function change(
  changes: readonly MemberChange[],
  transition: MembershipChange['transition'] = 'auto',
): MembershipChange {
  return { changes, transition, context: new Uint8Array() }
}

function must(result: Membership | MembershipProblem): Membership {
  if (isProblem(result)) throw new Error(result.problem)
  expect(checkMembership(result)).toBeUndefined()
  return result
}

function refusalOf(result: Membership | MembershipProblem): string {
  return isProblem(result) ? result.refusal : 'none'
}

describe('a change of a single step', () => {
  it('adds and removes a voter at once', () => {
    expect(must(changeMembership(ABC, change([add('d')])))).toEqual(
      membershipOf(['a', 'b', 'c', 'd']),
    )
    expect(must(changeMembership(ABC, change([remove('a')])))).toEqual(membershipOf(['b', 'c']))
  })

  it('adds, promotes, demotes and removes a learner', () => {
    const with4 = must(changeMembership(ABC, change([learn('d')])))
    expect(with4).toEqual({ ...ABC, learners: ['d'] })
    expect(must(changeMembership(with4, change([add('d')]))).learners).toEqual([])
    expect(must(changeMembership(with4, change([remove('d')])))).toEqual(ABC)
    expect(must(changeMembership(ABC, change([learn('c')])))).toEqual({
      ...membershipOf(['a', 'b']),
      learners: ['c'],
    })
  })

  it('brings news of a member and changes nothing', () => {
    expect(must(changeMembership(ABC, change([update('b')])))).toEqual(ABC)
  })

  it('is joint when that is asked for', () => {
    const joint = must(changeMembership(ABC, change([add('d')], 'jointImplicit')))
    expect(joint).toEqual({
      ...membershipOf(['a', 'b', 'c', 'd']),
      votersOutgoing: ['a', 'b', 'c'],
      autoLeave: true,
    })
    const explicit = must(changeMembership(ABC, change([add('d')], 'jointExplicit')))
    expect(explicit).toEqual({ ...joint, autoLeave: false })
  })
})

describe('a change of several steps', () => {
  it('goes by way of a joint membership that is left automatically', () => {
    const joint = must(changeMembership(ABC, change([remove('a'), add('d'), learn('e')])))
    expect(joint).toEqual({
      ...NO_MEMBERSHIP,
      voters: ['b', 'c', 'd'],
      votersOutgoing: ['a', 'b', 'c'],
      learners: ['e'],
      autoLeave: true,
    })
    expect(must(changeMembership(joint, change([])))).toEqual({
      ...membershipOf(['b', 'c', 'd']),
      learners: ['e'],
    })
  })

  it('makes a learner of an outgoing voter only when the joint membership is left', () => {
    const joint = must(changeMembership(ABC, change([learn('a'), add('d')])))
    expect(joint).toMatchObject({ learners: [], learnersNext: ['a'] })
    expect(must(leaveJoint(joint))).toEqual({ ...membershipOf(['b', 'c', 'd']), learners: ['a'] })
  })

  it('forgets that a voter was to become a learner when it is added or removed after all', () => {
    const next = (last: MemberChange) => must(enterJoint(ABC, [learn('a'), last], true))
    expect(next(add('a'))).toMatchObject({ voters: ['a', 'b', 'c'], learnersNext: [] })
    expect(next(remove('a'))).toMatchObject({ voters: ['b', 'c'], learnersNext: [] })
  })
})

describe('a learner that is to be promoted', () => {
  const learner = must(changeMembership(ABC, change([learn('d', true)])))

  it('is in the list until it is promoted or removed', () => {
    expect(learner).toEqual({ ...ABC, learners: ['d'], promote: ['d'] })
    expect(must(changeMembership(learner, change([add('d')])))).toEqual(
      membershipOf(['a', 'b', 'c', 'd']),
    )
    expect(must(changeMembership(learner, change([remove('d')])))).toEqual(ABC)
  })

  it('stays one when that is taken back, and becomes one when that is asked for later', () => {
    const plain = must(changeMembership(learner, change([learn('d')])))
    expect(plain).toEqual({ ...ABC, learners: ['d'] })
    expect(must(changeMembership(plain, change([learn('d', true)])))).toEqual(learner)
  })

  it('keeps its place while others change', () => {
    const joint = must(changeMembership(learner, change([remove('a'), add('e')])))
    expect(must(leaveJoint(joint)).promote).toEqual(['d'])
  })

  it('can not be a voter now', () => {
    expect(refusalOf(changeMembership(ABC, change([learn('a', true)])))).toBe('badChange')
  })
})

describe('a change is refused, and nothing is changed', () => {
  const joint = must(changeMembership(ABC, change([add('d')], 'jointExplicit')))

  it.each<[string, Membership, MembershipChange]>([
    ['joint', joint, change([add('e')])],
    ['joint', joint, change([add('e')], 'jointExplicit')],
    ['notJoint', ABC, change([])],
    ['noVoters', membershipOf(['a']), change([remove('a')])],
    ['noVoters', membershipOf(['a', 'b']), change([remove('a'), learn('b')])],
    ['noVoters', NO_MEMBERSHIP, change([add('a'), add('b')])],
    ['badChange', ABC, change([add('')])],
    ['badChange', ABC, change([add('d'), remove('d')])],
    ['badChange', ABC, change([add('a')])],
    ['badChange', ABC, change([remove('x')])],
  ])('%s (case %#)', (refusal, membership, one) => {
    const before = structuredClone(membership)
    const result = changeMembership(membership, one)
    expect(refusalOf(result)).toBe(refusal)
    expect(isProblem(result) && result.problem.length).toBeGreaterThan(10)
    expect(membership).toEqual(before)
  })

  it('when more than one voter would change at once', () => {
    expect(refusalOf(simpleChange(ABC, [add('d'), add('e')]))).toBe('tooManyVoters')
    expect(refusalOf(simpleChange(ABC, [remove('a'), add('e')]))).toBe('tooManyVoters')
    expect(refusalOf(simpleChange(ABC, [learn('x'), learn('y'), add('d')]))).toBe('none')
    expect(refusalOf(simpleChange(ABC, [learn('a'), add('a')]))).toBe('none')
    expect(refusalOf(simpleChange(joint, [add('e')]))).toBe('joint')
    expect(refusalOf(enterJoint(joint, [], false))).toBe('joint')
  })
})

/** Draws from [0, below): the same ones each time. */
function draws(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

describe('any chain of changes', () => {
  const NODES = ['a', 'b', 'c', 'd', 'e']
  const TYPES = ['addVoter', 'addLearner', 'remove', 'update'] as const
  const TRANSITIONS = ['auto', 'jointImplicit', 'jointExplicit'] as const

  function anyChange(draw: (below: number) => number): MembershipChange {
    const changes = Array.from({ length: draw(4) }, () => ({
      type: TYPES[draw(4)] as (typeof TYPES)[number],
      id: NODES[draw(5)] as NodeId,
      promote: draw(3) === 0,
    }))
    return change(changes, TRANSITIONS[draw(3)])
  }

  it('keeps the invariants, and no two memberships that follow one another can decide apart', () => {
    const draw = draws(7)
    const seen = { changed: 0, refused: 0, joint: 0, learnersNext: 0, promote: 0 }
    for (let chain = 0; chain < 60; chain++) {
      let membership = membershipOf(NODES.slice(0, 1 + draw(5)))
      for (let step = 0; step < 30; step++) {
        const next = changeMembership(membership, anyChange(draw))
        if (isProblem(next)) {
          seen.refused++
          continue
        }
        expect(checkMembership(next)).toBeUndefined()
        expectCommonQuorums(membership, next)
        seen.changed++
        if (isJoint(next)) seen.joint++
        if (next.learnersNext.length > 0) seen.learnersNext++
        if (next.promote.length > 0) seen.promote++
        membership = next
      }
    }
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(20)
  })

  /** Whoever decides in the one, the others are not enough to decide in the other. */
  function expectCommonQuorums(before: Membership, after: Membership) {
    const all = [...new Set([...memberIds(before), ...memberIds(after)])]
    for (let bits = 0; bits < 2 ** all.length; bits++) {
      const yes = (id: NodeId) => (bits & (1 << all.indexOf(id))) !== 0
      if (jointVote(before, yes) !== 'won') continue
      if (jointVote(after, (id) => !yes(id)) === 'won') {
        expect({ before, after, bits }).toBe('memberships with a common node in all quorums')
      }
    }
  }
})
