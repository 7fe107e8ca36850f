import { expect, it } from 'vitest'
import { fuzz } from '../test/fuzz/fuzz.ts'
import { ofEveryCommand, refusals } from '../test/refusals.ts'

const seed = Number(process.env.QUORAIL_SEED)
const entries = process.env.CI ? 150_000 : 15_000

it(`hostile commands never throw, never half apply, never touch somebody else’s (seed ${seed})`, () => {
  fuzz(seed, entries, ({ command, entry, refusal }) => {
    const declared = { ...ofEveryCommand, ...refusals[command as keyof typeof refusals] }
    expect(Object.keys(declared), JSON.stringify(entry)).toContain(refusal.code)
  })
})
