import { describe, expect, it } from 'vitest'
import { randomStream } from '../testing/random.ts'
import { FEATURE_NAMES } from './features.ts'
import { KNOWN_SEEDS } from './known-seeds.ts'
import { drawProfile, PROFILE_NAMES } from './profile.ts'
import { simulate } from './simulation.ts'

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
})

describe('what is drawn for neighbouring seeds is not alike', () => {
  it('each feature is on for about half of them, and no two features together', () => {
    const seeds = 1000
    const drawn = Array.from({ length: seeds }, (_, seed) => drawProfile(seed, 'swarm').features)
    const having = (...wanted: (typeof FEATURE_NAMES)[number][]): number =>
      drawn.filter((features) => wanted.every((one) => features.includes(one))).length
    // Four standard deviations.
    for (const feature of FEATURE_NAMES) {
      expect(Math.abs(having(feature) - seeds / 2), feature).toBeLessThan(65)
    }
    for (let i = 1; i < FEATURE_NAMES.length; i++) {
      const [a, b] = [FEATURE_NAMES[i - 1], FEATURE_NAMES[i]] as const
      if (a !== undefined && b !== undefined) {
        expect(Math.abs(having(a, b) - seeds / 4), `${a}, ${b}`).toBeLessThan(56)
      }
    }
  })

  it('the first numbers of the streams of 1,000 seeds are spread evenly', () => {
    const counts = new Array<number>(20).fill(0)
    for (let seed = 0; seed < 1000; seed++) {
      const slot = Math.floor(randomStream(seed, 'net n1→n2')() * 20)
      counts[slot] = (counts[slot] ?? 0) + 1
    }
    // Chi-square with 19 degrees of freedom: above 43.8 once in a thousand.
    const chiSquare = counts.reduce((sum, count) => sum + (count - 50) ** 2 / 50, 0)
    expect(chiSquare).toBeLessThan(43.8)
  })
})

describe('a script', () => {
  const options = { seed: 21, events: 20_000, profile: 'crashes' as const }

  it('of all faults of a run repeats it to the last bit', () => {
    const free = simulate({ ...options, records: true })
    expect(free.faults.length).toBeGreaterThan(3)
    const again = simulate({ ...options, records: true, script: free.faults })
    expect(again.digest).toBe(free.digest)
    expect(again.faults).toEqual(free.faults)
  })

  it('with one fault less has that one less, and the others as far as they still happen', () => {
    const { faults } = simulate({ ...options, records: true })
    const rest = faults.filter((_, i) => i !== 1)
    const without = simulate({ ...options, records: true, script: rest })
    expect(without.faults).not.toContainEqual(faults[1])
    for (const fault of without.faults) expect(rest).toContainEqual(fault)
  })

  it('of nothing leaves the cluster in peace', () => {
    const { marks } = simulate({ ...options, script: [] })
    expect(Object.keys(marks).filter((name) => name.startsWith('fault'))).toEqual([])
  })
})

// Seeds that once violated something. They run for ever.
describe('seeds that found a bug', () => {
  it.each(KNOWN_SEEDS)('$profile $seed: $found', ({ seed, events, profile }) => {
    expect(simulate({ seed, events, profile }).violation).toBeUndefined()
  })
})
