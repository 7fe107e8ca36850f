/**
 * A program: plays histories against the model until they differ, and prints what was found as JSON:
 * `node test/hunt.ts SEED HISTORIES`. It is run beside a copy of the source with a planted bug.
 */
import fc from 'fast-check'
import { Duel } from './model/duel.ts'
import { type Step, step } from './model/history.ts'

const [seed = 1, histories = 1] = process.argv.slice(2).map(Number)
const worlds = fc.array(fc.nat(0xffff), { minLength: 40, maxLength: 40 })
const stories = fc.array(step, { minLength: 100, maxLength: 600, size: 'max' })

let entries = 0
let played = 0
let found = ''

function play(world: readonly number[], steps: readonly Step[]): void {
  const duel = new Duel()
  let at = 0
  try {
    duel.prelude(() => world[at++ % world.length] ?? 0)
    for (const next of steps) duel.step(next)
    duel.reload()
  } finally {
    entries += duel.entries.length
  }
}

for (const [world, steps] of fc.sample(fc.tuple(worlds, stories), { seed, numRuns: histories })) {
  played++
  try {
    play(world, steps)
  } catch (error) {
    found = error instanceof Error ? error.message : String(error)
    break
  }
}
console.log(JSON.stringify({ found, histories: played, entries }))
