import { describe, expect, it } from 'vitest'
import { chargedTerms } from './cancellation.ts'
import type { CancellationBand, TravelState } from './commands.ts'
import type { CancellationCharges } from './things.ts'

const HOUR = 3_600_000
const MINUTE = 60_000
const rupees = (amount: number) => amount * 100

/**
 * The rules that India's railways published: a flat charge by class until 48 hours before departure,
 * then a quarter, then half of the fare, and at least the flat charge; nothing back in the last four
 * hours. Who is on the waiting list or shares a berth pays a clerk's fee until half an hour before.
 * Goods and services tax of 5 % is on the charge in air-conditioned classes and on the fee.
 */
const india: CancellationCharges = {
  offerMs: 600_000,
  roundToMinor: 1,
  rounding: 'halfUp',
  lines: [
    ...(
      [
        ['1A', 240, 500],
        ['EC', 240, 500],
        ['2A', 200, 500],
        ['FC', 200, 0],
        ['3A', 180, 500],
        ['CC', 180, 500],
        ['3E', 180, 500],
        ['SL', 120, 0],
        ['2S', 60, 0],
      ] as const
    ).map(([classCode, flat, taxBasisPoints]) => ({
      state: 'confirmed' as const,
      classCode,
      taxBasisPoints,
      bands: [
        band(48 * HOUR, rupees(flat), 0),
        band(12 * HOUR, rupees(flat), 2_500),
        band(4 * HOUR, rupees(flat), 5_000),
      ],
    })),
    { state: 'rac', classCode: '', taxBasisPoints: 500, bands: [band(30 * MINUTE, 6_000, 0)] },
    { state: 'waiting', classCode: '', taxBasisPoints: 500, bands: [band(30 * MINUTE, 6_000, 0)] },
  ],
}

function band(until: number, flatMinor: number, chargeBasisPoints: number): CancellationBand {
  return { untilBeforeDepartureMs: until, flatMinor, chargeBasisPoints }
}

describe("India's published rules", () => {
  // State, class, fare, time before departure: what is kept, the tax on it, what is given back.
  const table: readonly [TravelState, string, number, number, number, number, number][] = [
    ['confirmed', '1A', 4_000, 72 * HOUR, 240, 12, 3_748],
    ['confirmed', '2A', 2_500, 49 * HOUR, 200, 10, 2_290],
    ['confirmed', '3A', 1_800, 48 * HOUR + 1, 180, 9, 1_611],
    // At 48 hours to the millisecond, and later, a quarter.
    ['confirmed', '3A', 1_800, 48 * HOUR, 450, 22.5, 1_327.5],
    ['confirmed', 'CC', 1_000, 24 * HOUR, 250, 12.5, 737.5],
    ['confirmed', 'SL', 600, 24 * HOUR, 150, 0, 450],
    // A quarter of 400 is less than the flat charge.
    ['confirmed', 'SL', 400, 24 * HOUR, 120, 0, 280],
    ['confirmed', 'SL', 600, 12 * HOUR, 300, 0, 300],
    ['confirmed', '2S', 200, 5 * HOUR, 100, 0, 100],
    ['confirmed', '2S', 80, 5 * HOUR, 60, 0, 20],
    // Never more than was paid, tax included.
    ['confirmed', '2S', 40, 72 * HOUR, 40, 0, 0],
    ['confirmed', '2A', 205, 72 * HOUR, 200, 5, 0],
    ['confirmed', '1A', 4_000, 4 * HOUR + 1, 2_000, 100, 1_900],
    ['confirmed', '1A', 4_000, 4 * HOUR, 4_000, 0, 0],
    ['confirmed', '1A', 4_000, 0, 4_000, 0, 0],
    ['waiting', 'SL', 600, 5 * HOUR, 60, 3, 537],
    ['rac', 'SL', 600, 30 * MINUTE + 1, 60, 3, 537],
    ['waiting', '3A', 1_800, 30 * MINUTE, 1_800, 0, 0],
    // A class that the rule does not name: nothing is given back.
    ['confirmed', 'XX', 500, 72 * HOUR, 500, 0, 0],
  ]
  it.each(table)(
    '%s in %s, fare %d, %d ms before',
    (state, classCode, fare, ahead, ...expected) => {
      const terms = chargedTerms(india, state, classCode, rupees(fare), ahead)
      const { chargeMinor, taxMinor, refundMinor } = terms
      expect([chargeMinor, taxMinor, refundMinor]).toEqual(expected.map(rupees))
    },
  )
})

describe('rounding', () => {
  const kept = (rounding: CancellationCharges['rounding'], unit: number, fare: number) => {
    const lines = [
      { state: 'confirmed' as const, classCode: '', taxBasisPoints: 0, bands: [band(0, 0, 1_000)] },
    ]
    const charges = { offerMs: 1_000, roundToMinor: unit, rounding, lines }
    return chargedTerms(charges, 'confirmed', '2', fare, HOUR).chargeMinor
  }
  it('is to the multiple that the rule says', () => {
    expect(['halfUp', 'up', 'down'].map((way) => kept(way as 'up', 100, 12_490))).toEqual([
      1_200, 1_300, 1_200,
    ])
    expect(['halfUp', 'up', 'down'].map((way) => kept(way as 'up', 100, 12_500))).toEqual([
      1_300, 1_300, 1_200,
    ])
    expect(['halfUp', 'up', 'down'].map((way) => kept(way as 'up', 5, 12_500))).toEqual([
      1_250, 1_250, 1_250,
    ])
  })
  it('of a share is half up before that', () => {
    expect(kept('down', 1, 14)).toBe(1)
    expect(kept('down', 1, 15)).toBe(2)
  })
  it('never keeps more than the fare', () => {
    expect(kept('up', 1_000_000, 990)).toBe(990)
  })
})
