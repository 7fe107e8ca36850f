/**
 * A program: lets the simulator look for every planted bug, and keeps with which seed each was found:
 * `node test/record-mutants.ts [SEED]`. Those that their recorded seed still finds are kept as they are.
 */
import { MUTANTS } from './mutants.ts'
import { hunt, recordedSeeds, recordSeeds } from './run-mutant.ts'

const AT_ONCE = 2

const [firstSeed = 1] = process.argv.slice(2).map(Number)
const known = await recordedSeeds()
const seeds: Record<string, number> = {}
const waiting = [...MUTANTS]
await Promise.all(Array.from({ length: AT_ONCE }, work))
// In the order of the list, whichever was found first.
await recordSeeds(Object.fromEntries(MUTANTS.flatMap(({ name }) => entryOf(name))))

async function work(): Promise<void> {
  for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
    const { name, expected } = mutant
    const { caughtBy, events, seed } = await hunt(mutant, firstSeed)
    const isFound = caughtBy !== undefined && expected.includes(caughtBy) && seed !== undefined
    if (isFound) seeds[name] = seed
    console.log(
      `${isFound ? `seed ${seed}` : `NOT FOUND (${caughtBy})`}, ${events} events: ${name}`,
    )
  }
}

function entryOf(name: string): [string, number][] {
  const seed = seeds[name] ?? known[name]
  return seed === undefined ? [] : [[name, seed]]
}
