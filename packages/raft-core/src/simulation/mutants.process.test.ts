/**
 * Planted bugs: the simulator must find every one, and by the right invariant. A third of them in CI,
 * chosen by the seed of the run; two by hand; all with `QUORAIL_ALL_MUTANTS=1`.
 */
import { describe, expect, it } from 'vitest'
import { MUTANTS } from '../../test/mutants.ts'
import { hunt } from '../../test/run-mutant.ts'

const runSeed = Number(process.env.QUORAIL_SEED)
// The seeds of a hunt are fixed: whether a mutant is caught must not depend on luck.
const FIRST_SEED = 1

describe('a planted bug is found', () => {
  const isAll = process.env.QUORAIL_ALL_MUTANTS !== undefined
  const share = isAll ? 1 : process.env.CI === undefined ? MUTANTS.length >> 1 : 3
  const mutants = MUTANTS.filter((_, i) => (i + runSeed) % share === 0)
  it.each(mutants)('$name', { timeout: 400_000 }, async (mutant) => {
    const { caughtBy, message, events } = await hunt(mutant, FIRST_SEED)
    expect(mutant.expected, `${message} (${events} events)`).toContain(caughtBy)
  })
})

it('there are at least thirty of them, each with a name of its own', () => {
  expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length)
  expect(MUTANTS.length).toBeGreaterThanOrEqual(30)
})
