/** Planted bugs: the generated histories must find every one. */
import { describe, expect, it } from 'vitest'
import { MUTANTS } from '../test/mutants.ts'
import { failsIn, hunt } from '../test/run-mutant.ts'

// The histories are fixed: whether a mutant is caught must not depend on luck.
const SEED = 1
const HISTORIES = 150

// One in twelve, others with each seed of a run: a hunt takes a quarter of a minute. QUORAIL_ALL_MUTANTS=1: all of them.
const share = 12
const mine = Number(process.env.QUORAIL_SEED) % share
const all = process.env.QUORAIL_ALL_MUTANTS === '1'

const chosen = MUTANTS.filter((_, i) => all || i % share === mine)

describe('a planted bug is found', () => {
  it.each(chosen)('$name', async ({ changes, test }) => {
    if (test !== undefined) {
      expect(await failsIn(changes, test), `not found by ${test}`).toBe(true)
      return
    }
    const { found, entries } = await hunt(changes, SEED, HISTORIES)
    expect(found, `not found in ${entries} entries`).not.toBe('')
  })
})

it('without one, no unit test fails that is to find one', async () => {
  const tests = new Set(MUTANTS.flatMap(({ test }) => (test === undefined ? [] : [test])))
  for (const test of tests) expect(await failsIn([], test), test).toBe(false)
})

it('without one, the histories find nothing', async () => {
  expect(await hunt([], SEED, 3)).toMatchObject({ found: '', histories: 3 })
})

it('there are at least fifteen of them, each with a name of its own', () => {
  expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length)
  expect(MUTANTS.length).toBeGreaterThanOrEqual(15)
})
