/** Coaches about which there is much to say, and what may be asked of them. */
import type { Coach, SeatPreferences, SetSeatRule } from '../../src/commands.ts'

/** Seats 0 to 7: a table for four, two wheelchair places with their companions, in class 2. */
export const special: readonly Coach[] = [
  {
    label: 'Q',
    classCode: '2',
    rows: 4,
    columns: 'A-B',
    seating: {
      bayRows: 2,
      assignedLate: false,
      rules: [
        { firstRow: 1, lastRow: 2, letters: '', properties: ['quiet', 'table'] },
        { firstRow: 3, lastRow: 4, letters: 'A', properties: ['wheelchair'] },
        { firstRow: 3, lastRow: 4, letters: 'B', properties: ['companion'] },
      ],
    },
  },
  { label: 'R', classCode: '2', rows: 3, columns: 'AB' },
]

export function preferencesFor(party: number, draw: () => number): SeatPreferences | undefined {
  if (draw() % 3 !== 0) return undefined
  return {
    required: draw() % 4 === 0 ? ['quiet'] : [],
    wished: draw() % 2 === 0 ? ['window', 'table'] : [],
    apart: draw() % 3 === 0,
    wheelchairPlaces: draw() % 3 === 0 ? draw() % (party + 1) : 0,
  }
}

export function seatRule(validFromMs: number): SetSeatRule {
  const limit = { classCode: '', fromLoadBasisPoints: 100, offeredBasisPoints: 1_000 }
  return {
    type: 'setSeatRule',
    validFromMs,
    wheelchairReleaseMs: 3_600_000,
    choiceLimits: [limit],
  }
}
