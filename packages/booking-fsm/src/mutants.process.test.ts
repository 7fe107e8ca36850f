/**
 * Planted bugs: generated histories found every one, and the logs that show them are kept
 * (`node test/mutants/record.ts` makes those that are missing).
 */
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { witnessFiles, witnessOf } from '../test/mutants/witnesses.ts'
import { MUTANTS } from '../test/mutants.ts'
import { failuresIn, hunt, replayedAll } from '../test/run-mutant.ts'

// Which tests find the others: they take longer. All in CI, a sixth by hand, chosen by the seed of the run.
const share = process.env.CI === undefined ? 6 : 1
const mine = Number(process.env.QUORAIL_SEED) % share
const shown = MUTANTS.filter(({ test }) => test === undefined)
const tests = [...new Set(MUTANTS.flatMap(({ test = [] }) => test))].filter(
  (_, i) => i % share === mine,
)
const files = witnessFiles().map((file) => fileURLToPath(file))

// Each is a process of its own: some side by side.
describe.concurrent('a planted bug', () => {
  it.each(shown)('is shown by its log: $name', async ({ name, changes }) => {
    const [found] = await replayedAll(changes, [fileURLToPath(witnessOf(name))])
    // What an entry can have touched is enough to find it, where looking at everything finds it.
    expect(found).not.toContain('')
  })

  it.each(tests)(
    'is found by the unit tests of %s, which find nothing without one',
    async (test) => {
      const toFind = MUTANTS.filter((it) => it.test === test)
      const [clean, ...found] = await failuresIn(test, [
        [],
        ...toFind.map(({ changes }) => changes),
      ])
      expect(clean).toBe(false)
      expect(toFind.filter((_, at) => !found[at]).map(({ name }) => name)).toEqual([])
    },
  )

  it('that breaks much is found by the first histories there are', async () => {
    const isPlain = ({ name }: { readonly name: string }) => name === 'prices are rounded down'
    const changes = MUTANTS.find(isPlain)?.changes ?? []
    expect((await hunt(changes, 1, 20)).found).not.toBe('')
  })
})

describe('without one', () => {
  it('machine and model agree on all of these logs', async () => {
    const found = await replayedAll([], files)
    expect(files.filter((_, i) => found[i]?.some((of) => of !== ''))).toEqual([])
  })
})

it('each has a name of its own, and each log is the log of one', () => {
  expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length)
  expect(MUTANTS.length).toBeGreaterThanOrEqual(15)
  expect([...files].sort()).toEqual(shown.map(({ name }) => fileURLToPath(witnessOf(name))).sort())
})
