import fc from 'fast-check'
import { it } from 'vitest'
import { play, playGuided, type Story, storiesOf } from './hunting/play.ts'
import { Duel } from './model/duel.ts'

/**
 * The machine against the slow model on generated histories: small worlds, long stories. A failure
 * prints the seed (QUORAIL_SEED repeats the run) and the shortest history that was found.
 */
const seed = Number(process.env.QUORAIL_SEED)
const scale = process.env.CI ? 25 : 1

/** Shrinking plays as well: what is counted is what was compared. */
let compared = 0

function mustAgree(story: Story): void {
  const { duel, found } = play(story)
  compared += duel.entries.length
  if (found !== '') throw new Error(found)
}

/** On a busy machine fewer histories; a failure is shrunk for as long and not for ever. */
function histories(minLength: number, maxLength: number, numRuns: number, mostMs: number): void {
  const limits = { numRuns, interruptAfterTimeLimit: mostMs, includeErrorInReport: true }
  counted(() =>
    fc.assert(fc.property(storiesOf(minLength, maxLength), mustAgree), { seed, ...limits }),
  )
}

/** As long runs play them (`node test/hunt.ts`): most of their commands are taken. */
function guidedHistories(
  steps: number,
  numRuns: number,
  mostMs: number,
  begin: () => Duel = () => new Duel(),
): void {
  const lastMs = performance.now() + mostMs
  counted(() => {
    for (let run = 0; run < numRuns && performance.now() < lastMs; run++) {
      const { duel, found } = playGuided(seed + run, steps, begin())
      compared += duel.entries.length
      if (found !== '') throw new Error(`playGuided(${seed + run}, ${steps}): ${found}`)
    }
  })
}

function counted(play: () => void): void {
  const [before, startedMs] = [compared, performance.now()]
  play()
  const seconds = (performance.now() - startedMs) / 1_000
  const commands = compared - before
  console.log(`${commands} commands compared, ${Math.round(commands / seconds)} a second`)
}

it(`the machine agrees with the model on short histories (seed ${seed})`, () => {
  histories(1, 150, 400 * scale, 70_000)
})

it(`the machine agrees with the model on long histories (seed ${seed})`, () => {
  histories(1_000, 2_000, 8 * scale, 50_000)
})

it(`the machine agrees with the model where most commands are taken (seed ${seed})`, () => {
  guidedHistories(400, 20 * scale, 50_000)
})

/** What only changed rows are looked at for elsewhere is looked at here after every entry. */
it(`the machine agrees with the model where everything is looked at after every entry (seed ${seed})`, () => {
  guidedHistories(150, 4 * scale, 30_000, () => new Duel(true))
})
