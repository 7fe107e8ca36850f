import { describe, expect, it } from 'vitest'
import { PROFILE_NAMES } from './profile.ts'
import { simulate } from './simulate.ts'

describe('a run', () => {
  it.each(PROFILE_NAMES)('is the same again, event for event: %s', (profile) => {
    const [first, second] = [1, 2].map(() => simulate({ seed: 7, events: 1500, profile }))
    expect(second).toEqual(first)
    expect(first?.digest).toMatch(/^[0-9a-f]{16}$/)
    expect(first?.violation).toBeUndefined()
  })

  it('is another with another seed', () => {
    const digests = [1, 2, 3].map((seed) => simulate({ seed, events: 1000 }).digest)
    expect(new Set(digests).size).toBe(3)
  })

  it('without faults elects once and acknowledges what it is given', () => {
    const { elections, acknowledged, committed } = simulate({
      seed: 3,
      events: 4000,
      profile: 'calm',
    })
    expect(elections).toBeLessThanOrEqual(2)
    expect(acknowledged).toBeGreaterThan(20)
    expect(committed).toBeGreaterThanOrEqual(acknowledged)
  })

  it('meets the rare states it is there for', () => {
    const met: Record<string, number> = {}
    for (let seed = 1; seed <= 24; seed++) {
      const { marks } = simulate({ seed, events: 4000 })
      for (const [name, count] of Object.entries(marks)) met[name] = (met[name] ?? 0) + count
    }
    for (const mark of [
      'entries read from disk',
      'log truncated',
      'outcomeUnknown',
      'overloaded',
      'power cut',
      'process crash',
      'quorumLost',
      'read',
      'stopped by a disk error',
      'stopped in order',
    ]) {
      expect(met[mark], mark).toBeGreaterThan(0)
    }
  })
})

// Seeds that once violated something. They run for ever.
describe('seeds that found a bug', () => {
  it.each([
    { seed: 12, events: 10_000, profile: 'swarm' as const, found: 'stale read round' },
    { seed: 15, events: 10_000, profile: 'swarm' as const, found: 'stale read round' },
  ])('$profile $seed: $found', ({ seed, events, profile }) => {
    expect(simulate({ seed, events, profile }).violation).toBeUndefined()
  })
})
