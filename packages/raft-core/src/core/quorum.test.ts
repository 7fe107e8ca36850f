import { describe, expect, it } from 'vitest'
import type { NodeId } from '../types.ts'
import type { Voters } from './quorum.ts'
import {
  committedIndex,
  jointCommittedIndex,
  jointVote,
  majorityOf,
  majorityVote,
  reachedByMajority,
} from './quorum.ts'

/** By the definition: the largest value that more than half of the voters have reached. */
function bruteForce(values: readonly number[]): number {
  const reached = (value: number) => values.filter((one) => one >= value).length
  return Math.max(0, ...values.filter((value) => reached(value) * 2 > values.length))
}

function* tuples(length: number, below: number): Generator<number[]> {
  for (let code = 0; code < below ** length; code++) {
    yield Array.from({ length }, (_, i) => Math.floor(code / below ** i) % below)
  }
}

const NAMES: readonly NodeId[] = ['a', 'b', 'c', 'd', 'e', 'f', 'g']

/** Every part of the first `count` names. */
function parts(count: number): NodeId[][] {
  return [...tuples(count, 2)].map((bits) => NAMES.filter((_, i) => bits[i] === 1))
}

function* jointVoters(count: number): Generator<Voters> {
  for (const voters of parts(count)) {
    for (const votersOutgoing of parts(count)) yield { voters, votersOutgoing }
  }
}

const lookUp = <T>(values: readonly T[]) => {
  return (id: NodeId) => values[NAMES.indexOf(id)]
}

describe('quorum', () => {
  it('a majority is more than half, and two majorities share a member', () => {
    for (let voters = 1; voters <= 9; voters++) {
      expect(majorityOf(voters) * 2).toBeGreaterThan(voters)
      expect((majorityOf(voters) - 1) * 2).toBeLessThanOrEqual(voters)
    }
  })

  it.each([1, 2, 3, 4, 5, 6, 7])('of %i agrees with the definition for every order', (voters) => {
    let checked = 0
    for (const values of tuples(voters, voters <= 5 ? 5 : 4)) {
      const want = bruteForce(values)
      const got = [
        reachedByMajority(values),
        committedIndex(NAMES.slice(0, voters), lookUp(values)),
      ]
      if (got[0] !== want || got[1] !== want) expect({ values, got }).toEqual({ got: [want, want] })
      checked++
    }
    expect(checked).toBe((voters <= 5 ? 5 : 4) ** voters)
  })

  it('does not disturb what it is given', () => {
    const values = [1, 9, 4, 7, 2]
    reachedByMajority(values)
    expect(values).toEqual([1, 9, 4, 7, 2])
  })

  it('of nobody has reached nothing', () => {
    expect(reachedByMajority([])).toBe(0)
  })

  it('takes a voter that nothing is known of for one that has nothing', () => {
    expect(committedIndex(['a', 'b'], lookUp<number | undefined>([7, undefined]))).toBe(0)
    expect(committedIndex(['a', 'b', 'c'], lookUp<number | undefined>([7, undefined, 5]))).toBe(5)
  })

  it('a half of nobody holds nothing back', () => {
    expect(committedIndex([], () => 3)).toBe(Number.POSITIVE_INFINITY)
    expect(jointCommittedIndex({ voters: [], votersOutgoing: [] }, () => 3)).toBe(
      Number.POSITIVE_INFINITY,
    )
  })

  it('of two halves: the largest index that more than half of each has reached', () => {
    let checked = 0
    for (const membership of jointVoters(4)) {
      for (const values of tuples(4, 3)) {
        const half = (voters: readonly NodeId[]) => {
          if (voters.length === 0) return Number.POSITIVE_INFINITY
          return bruteForce(voters.map((id) => values[NAMES.indexOf(id)] as number))
        }
        const want = Math.min(half(membership.voters), half(membership.votersOutgoing))
        const got = jointCommittedIndex(membership, lookUp(values))
        if (got !== want) expect({ membership, values, got }).toEqual({ got: want })
        checked++
      }
    }
    expect(checked).toBe(16 * 16 * 81)
  })

  it('joint with nobody, or with itself, is as good as not joint; and the halves are equals', () => {
    for (const { voters, votersOutgoing } of jointVoters(4)) {
      for (const values of tuples(4, 3)) {
        const acked = lookUp(values)
        const alone = committedIndex(voters, acked)
        expect(jointCommittedIndex({ voters, votersOutgoing: [] }, acked)).toBe(alone)
        expect(jointCommittedIndex({ voters, votersOutgoing: voters }, acked)).toBe(alone)
        expect(jointCommittedIndex({ voters, votersOutgoing }, acked)).toBe(
          jointCommittedIndex({ voters: votersOutgoing, votersOutgoing: voters }, acked),
        )
      }
    }
  })
})

/** The future answers of those that have not answered: all of them, one after the other. */
function* outcomes(answers: readonly (boolean | undefined)[]): Generator<boolean[]> {
  const open = answers.flatMap((answer, i) => (answer === undefined ? [i] : []))
  for (const bits of tuples(open.length, 2)) {
    yield answers.map((answer, i) => answer ?? bits[open.indexOf(i)] === 1)
  }
}

/** By the definition: decided when no answer that is still to come can change it. */
function bruteForceVote(membership: Voters, answers: readonly (boolean | undefined)[]): string {
  const won = (voters: readonly NodeId[], final: readonly boolean[]) => {
    const yes = voters.filter((id) => final[NAMES.indexOf(id)]).length
    return voters.length === 0 || yes * 2 > voters.length
  }
  const results = new Set<boolean>()
  for (const final of outcomes(answers)) {
    results.add(won(membership.voters, final) && won(membership.votersOutgoing, final))
  }
  if (results.size > 1) return 'pending'
  return results.has(true) ? 'won' : 'lost'
}

describe('vote', () => {
  const ANSWERS = [true, false, undefined]

  it('is decided exactly when no answer still to come can change it', () => {
    let checked = 0
    for (const membership of jointVoters(4)) {
      for (const code of tuples(4, 3)) {
        const answers = code.map((i) => ANSWERS[i])
        const got = jointVote(membership, lookUp(answers))
        const want = bruteForceVote(membership, answers)
        if (got !== want) expect({ membership, answers, got }).toEqual({ got: want })
        checked++
      }
    }
    expect(checked).toBe(16 * 16 * 81)
  })

  it('joint with nobody, or with itself, is as good as not joint', () => {
    for (const voters of parts(5)) {
      for (const code of tuples(5, 3)) {
        const vote = lookUp(code.map((i) => ANSWERS[i]))
        const alone = majorityVote(voters, vote)
        expect(jointVote({ voters, votersOutgoing: [] }, vote)).toBe(alone)
        expect(jointVote({ voters: [], votersOutgoing: voters }, vote)).toBe(alone)
        expect(jointVote({ voters, votersOutgoing: voters }, vote)).toBe(alone)
      }
    }
  })
})
