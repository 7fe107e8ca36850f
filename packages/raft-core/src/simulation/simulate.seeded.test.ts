/** New seeds in every run; `QUORAIL_SEED` repeats one. A few seconds, ten times as many with CI. */
import { describe, expect, it } from 'vitest'
import { PROFILE_NAMES } from './profile.ts'
import { simulate } from './simulation.ts'

const base = Number(process.env.QUORAIL_SEED)
const seeds = process.env.CI === undefined ? 3 : 30
const events = 4000

describe.each(PROFILE_NAMES)('profile %s', (profile) => {
  it(`violates nothing with ${seeds} seeds from ${base}`, () => {
    for (let seed = base; seed < base + seeds; seed++) {
      const { violation, trace } = simulate({ seed, events, profile })
      const replay = `pnpm sim --seed ${seed} --events ${events} --profile ${profile}`
      expect(violation, `${replay}\n${trace.join('\n')}`).toBeUndefined()
    }
  })
})
