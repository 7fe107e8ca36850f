import { describe, expect, it } from 'vitest'
import { ConfigError } from '../errors.ts'
import { checkConfig, electionTicks, RAFT_DEFAULTS, type RaftConfig } from './raft-config.ts'

const MAY_BE_ZERO = [
  ...['priority', 'learnerCatchUpEntries', 'leaseMarginMs', 'snapshotEveryEntries'],
  ...['snapshotEveryBytes', 'retainEntries', 'retainBytes', 'snapshotKeepMs'],
  'commitNewsMs',
]

const names = Object.keys(RAFT_DEFAULTS) as (keyof RaftConfig)[]
const ofType = (type: string) => names.filter((name) => typeof RAFT_DEFAULTS[name] === type)

/** What is said of one option that is not as it should be. */
function problemOf(name: string, value: unknown): string {
  try {
    checkConfig({ [name]: value })
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError)
    return (error as Error).message
  }
  throw new Error(`${name} of ${value} was taken`)
}

describe('an option', () => {
  it.each(ofType('number'))('%s that is no number, or too small, is refused by name', (name) => {
    const least = MAY_BE_ZERO.includes(name) ? 0 : 1
    for (const value of [least - 1, -5, Number.NaN, Number.POSITIVE_INFINITY, '7', undefined]) {
      expect(problemOf(name, value)).toContain(`${name}: must be a number of at least ${least}`)
    }
  })

  it.each(ofType('boolean'))('%s that is neither true nor false is refused by name', (name) => {
    for (const value of ['true', 1, undefined]) {
      expect(problemOf(name, value)).toContain(`${name}: must be true or false, is ${value}`)
    }
  })

  it('that names where snapshots come from must be one of two', () => {
    for (const value of ['follower', undefined, 1]) {
      const says = `snapshotSource: must be leader or anyMember, is ${value}`
      expect(problemOf('snapshotSource', value)).toBe(says)
    }
    for (const snapshotSource of ['leader', 'anyMember'] as const) {
      expect(checkConfig({ snapshotSource })).toEqual({ ...RAFT_DEFAULTS, snapshotSource })
    }
  })

  it('that may be 0 may be 0', () => {
    const zero = Object.fromEntries(MAY_BE_ZERO.map((name) => [name, 0]))
    expect(checkConfig(zero)).toEqual({ ...RAFT_DEFAULTS, ...zero })
    expect(checkConfig()).toEqual(RAFT_DEFAULTS)
  })
})

describe('times that do not go together', () => {
  it.each([
    [{ tickMs: 1001 }, 'tickMs: must be at most 1000'],
    [{ heartbeatMs: 200 }, 'electionMinMs: must be at least three times heartbeatMs'],
    [{ electionMaxMs: 500 }, 'electionMaxMs: must be above electionMinMs'],
    [{ leaseReads: true, leaseMarginMs: 400 }, 'leaseMarginMs: leaves nothing of the lease'],
  ])('%j are refused', (config, says) => {
    expect(() => checkConfig(config)).toThrow(says)
  })

  it('leave more than one heartbeat in an election timeout, and a spread, however coarse the ticks', () => {
    const config = checkConfig({
      tickMs: 1000,
      heartbeatMs: 10,
      electionMinMs: 30,
      electionMaxMs: 31,
    })
    expect(electionTicks(config)).toEqual({ heartbeat: 1, min: 3, max: 4 })
  })
})
