import { describe, expect, it } from 'vitest'
import { majorityOf, reachedByMajority } from './quorum.ts'

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
      if (reachedByMajority(values) !== bruteForce(values)) {
        expect({ values, got: reachedByMajority(values) }).toEqual({ got: bruteForce(values) })
      }
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
})
