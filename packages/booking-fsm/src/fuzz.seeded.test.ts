import { expect, it } from 'vitest'
import { fuzz } from '../test/fuzz/fuzz.ts'
import { ofEveryCommand, refusals } from '../test/refusals.ts'
import type { Entry } from './index.ts'

const seed = Number(process.env.QUORAIL_SEED)
const entries = process.env.CI ? 150_000 : 15_000

const shown = (entry: Entry) => {
  try {
    return JSON.stringify(entry).slice(0, 5_000)
  } catch (error) {
    return `an entry that can not be shown (${String(error)})`
  }
}

it(`hostile commands never throw, never half apply, never touch somebody else’s (seed ${seed})`, () => {
  fuzz(seed, entries, ({ command, entry, refusal }) => {
    const declared = { ...ofEveryCommand, ...refusals[command as keyof typeof refusals] }
    // A hostile entry may be too large to be written out: only for the message, then.
    if (!(refusal.code in declared)) expect.fail(`${command}: ${refusal.code}, by ${shown(entry)}`)
  })
})
