import { describe, expect, it } from 'vitest'
import { Leases } from './leases.ts'

const ended = (result: 'timeout' | 'aborted' | 'refused' | 'badTarget') =>
  ({ type: 'transferEnded', id: 1, result, leader: undefined }) as const

function leader(): Leases {
  const leases = new Leases(200, 50)
  leases.begin(3)
  return leases
}

describe('a lease', () => {
  it('begins when the round was sent, not when it was confirmed', () => {
    const leases = leader()
    leases.roundStarted(1, 1000)
    expect(leases.holds(1000)).toBe(false)
    leases.roundConfirmed(1)
    expect(leases.holds(1199)).toBe(true)
    expect(leases.holds(1200)).toBe(false)
  })

  it('is made longer by later rounds, and not shorter by earlier ones', () => {
    const leases = leader()
    leases.roundStarted(1, 1000)
    leases.roundStarted(2, 1100)
    leases.roundStarted(3, 1300)
    leases.roundConfirmed(2)
    leases.roundConfirmed(1)
    expect(leases.holds(1299)).toBe(true)
    expect(leases.holds(1300)).toBe(false)
  })

  it('ends with the leadership, whatever is confirmed afterwards', () => {
    const leases = leader()
    leases.roundStarted(1, 1000)
    leases.end()
    leases.roundConfirmed(1)
    expect(leases.holds(1000)).toBe(false)
    leases.begin(4)
    leases.roundConfirmed(1)
    expect(leases.holds(1000)).toBe(false)
  })

  it('is suspended while leadership is handed over', () => {
    const leases = leader()
    leases.roundStarted(1, 1000)
    leases.roundConfirmed(1)
    leases.transferAsked()
    expect(leases.holds(1001)).toBe(false)
    leases.transferEnded(ended('badTarget'))
    expect(leases.holds(1001)).toBe(true)
  })

  it.each(['timeout', 'aborted', 'refused'] as const)(
    'does not come back in a term in which a transfer ended by %s: its target may campaign yet',
    (result) => {
      const leases = leader()
      leases.transferAsked()
      leases.transferEnded(ended(result))
      leases.roundStarted(1, 1000)
      leases.roundConfirmed(1)
      expect(leases.holds(1001)).toBe(false)
      expect(leases.wantsRound(2000)).toBe(false)
      leases.begin(4)
      leases.roundStarted(1, 3000)
      leases.roundConfirmed(1)
      expect(leases.holds(3001)).toBe(true)
    },
  )

  it('is renewed every so often, by a leader only, and not at all when it is off', () => {
    const leases = leader()
    expect(leases.wantsRound(1000)).toBe(true)
    expect(leases.wantsRound(1049)).toBe(false)
    expect(leases.wantsRound(1050)).toBe(true)
    leases.end()
    expect(leases.wantsRound(2000)).toBe(false)
    const off = new Leases(0, 50)
    off.begin(1)
    expect(off.wantsRound(1000)).toBe(false)
  })
})
