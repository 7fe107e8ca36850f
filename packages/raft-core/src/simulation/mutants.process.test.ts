/** Planted bugs: the simulator must find every one, and by the right invariant. */
import { describe, expect, it } from 'vitest'
import { MUTANTS } from '../../test/mutants.ts'
import { hunt } from '../../test/run-mutant.ts'

// The seeds are fixed: whether a mutant is caught must not depend on luck.
const FIRST_SEED = 1
const SEEDS = 200
const EVENTS = 10_000

describe('a planted bug is found', () => {
  // The quick ones always, all of them in CI.
  const mutants = process.env.CI === undefined ? MUTANTS.filter(({ slow }) => !slow) : MUTANTS
  it.each(mutants)('$name', async (mutant) => {
    const { caughtBy, message } = await hunt(mutant, FIRST_SEED, SEEDS, EVENTS)
    expect(mutant.expected, message).toContain(caughtBy)
  })
})

it('there are at least six of them, each with a name of its own', () => {
  expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length)
  expect(MUTANTS.length).toBeGreaterThanOrEqual(6)
})
