import { describe, expect, it } from 'vitest'
import { ConfigError } from '../errors.ts'
import { CORE_DEFAULTS, type CoreConfig, checkCoreConfig, checkName } from './config.ts'

const options = { id: 'n1', electionJitter: () => 0, firstReadId: 1 }
const checked = (fields: Partial<CoreConfig>) => () => checkCoreConfig({ ...options, ...fields })

describe('what a core is made with', () => {
  it('has a default for all but the name, the jitter and the first read', () => {
    expect(checkCoreConfig(options)).toMatchObject({ ...CORE_DEFAULTS, preVote: true, priority: 0 })
  })

  it.each(Object.keys(CORE_DEFAULTS))('%s is a whole number of at least 1', (name) => {
    for (const value of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(checked({ [name]: value })).toThrow(ConfigError)
      expect(checked({ [name]: value })).toThrow(`${name}: must be a whole number of at least 1`)
    }
  })

  it.each(['priority', 'promoteWithinEntries'])('%s is a whole number of at least 0', (name) => {
    expect(checked({ [name]: 0 })).not.toThrow()
    for (const value of [-1, 0.5]) {
      expect(checked({ [name]: value })).toThrow(`${name}: must be a whole number of at least 0`)
    }
  })

  it('the times fit together', () => {
    expect(checked({ heartbeatTicks: 17 })).toThrow('electionMinTicks: must be at least three')
    expect(checked({ electionMaxTicks: 50 })).toThrow('electionMaxTicks: must be above')
  })

  it('a lease rests on checkQuorum', () => {
    expect(checked({ leaseReads: true, checkQuorum: false })).toThrow('leaseReads: a lease rests')
    expect(checked({ leaseReads: true })).not.toThrow()
  })

  it('the first read is a number that can be counted from', () => {
    for (const firstReadId of [-1, 0.5, 2 ** 53]) {
      expect(checked({ firstReadId })).toThrow('firstReadId: must be a whole number')
    }
  })

  it('a name is neither empty nor longer than 64 characters', () => {
    expect(checked({ id: '' })).toThrow('id: a node')
    expect(() => checkName('members', 'n'.repeat(65))).toThrow('members: a node')
    expect(() => checkName('members', 'n'.repeat(64))).not.toThrow()
  })
})
