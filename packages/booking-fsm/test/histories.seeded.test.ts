import fc from 'fast-check'
import { it } from 'vitest'
import { Duel } from './model/duel.ts'
import { type Step, step } from './model/history.ts'

/**
 * The machine against the slow model on generated histories: small worlds, long stories. A failure
 * prints the seed (QUORAIL_SEED repeats the run) and the shortest history that was found.
 */
const seed = Number(process.env.QUORAIL_SEED)
const scale = process.env.CI ? 10 : 1

/** The numbers a world is made of: its trains, its keys. */
const worlds = fc.array(fc.nat(0xffff), { minLength: 40, maxLength: 40 })

function play(world: readonly number[], steps: readonly Step[]): void {
  const duel = new Duel()
  let at = 0
  duel.prelude(() => world[at++ % world.length] ?? 0)
  for (const next of steps) duel.step(next)
  duel.reload()
}

function histories(minLength: number, maxLength: number, numRuns: number): void {
  const steps = fc.array(step, { minLength, maxLength, size: 'max' })
  fc.assert(fc.property(worlds, steps, play), {
    seed,
    numRuns,
    // On a busy machine fewer histories; a failure is shrunk for as long and not for ever.
    interruptAfterTimeLimit: 100_000,
    includeErrorInReport: true,
  })
}

it(`the machine agrees with the model on short histories (seed ${seed})`, () => {
  histories(1, 150, 200 * scale)
})

it(`the machine agrees with the model on long histories (seed ${seed})`, () => {
  histories(1_000, 2_000, 4 * scale)
})
