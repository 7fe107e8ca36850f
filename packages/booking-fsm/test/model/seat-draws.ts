import type { Coach, Command, SeatPreferences, SeatProperty } from '../../src/index.ts'
import type { Draw } from './draws.ts'

/** What is drawn of seats: coaches about which there is much to say, wishes, and how seats are offered. */
const all = { firstRow: 1, letters: '' } as const

export const seatingLayouts: readonly (readonly Coach[])[] = [
  [
    {
      label: 'q',
      classCode: '2',
      rows: 4,
      columns: 'AB-CD',
      seating: {
        bayRows: 2,
        assignedLate: false,
        rules: [
          { ...all, lastRow: 4, properties: ['quiet'] },
          { firstRow: 1, lastRow: 2, letters: 'CD', properties: ['table', 'facing'] },
          { firstRow: 4, lastRow: 4, letters: 'A', properties: ['wheelchair'] },
          { firstRow: 4, lastRow: 4, letters: 'B', properties: ['companion'] },
        ],
      },
    },
    { label: 'p', classCode: '2', rows: 3, columns: 'A-BC' },
    {
      label: 's',
      classCode: '1',
      rows: 2,
      columns: 'ABC-DE',
      seating: {
        bayRows: 1,
        assignedLate: false,
        rules: [
          { ...all, lastRow: 2, letters: 'A', properties: ['lowerBerth', 'window'] },
          { ...all, lastRow: 2, letters: 'B', properties: ['middleBerth'] },
          { ...all, lastRow: 2, letters: 'C', properties: ['upperBerth'] },
          { ...all, lastRow: 2, letters: 'D', properties: ['sideLowerBerth', 'aisle'] },
          { firstRow: 1, lastRow: 1, letters: 'DE', properties: ['wheelchair'] },
        ],
      },
    },
  ],
  [
    {
      label: 'w',
      classCode: '2',
      rows: 3,
      columns: 'AB-C',
      seating: {
        bayRows: 3,
        assignedLate: false,
        rules: [
          { firstRow: 2, lastRow: 3, letters: 'C', properties: ['wheelchair', 'table'] },
          { firstRow: 1, lastRow: 1, letters: 'BC', properties: ['companion'] },
        ],
      },
    },
    {
      label: 'x',
      classCode: '2',
      rows: 2,
      columns: 'AB',
      seating: {
        bayRows: 0,
        assignedLate: false,
        rules: [{ firstRow: 1, lastRow: 2, letters: 'B', properties: ['wheelchair'] }],
      },
    },
  ],
]

const words: readonly SeatProperty[] = ['window', 'aisle', 'table', 'facing', 'quiet', 'lowerBerth']

export function preferencesFor(passengers: number, draw: Draw): SeatPreferences {
  const wished = words.filter(() => draw() % 3 === 0)
  return {
    required: draw() % 5 === 0 ? words.slice(draw() % 6).slice(0, 1) : [],
    wished,
    apart: draw() % 3 === 0,
    wheelchairPlaces: draw() % 3 === 0 ? draw() % (passengers + 1) : 0,
  }
}

export function seatRule(validFromMs: number, draw: Draw): Command {
  const limit = (classCode: string) => ({
    classCode,
    fromLoadBasisPoints: draw() % 4_000,
    offeredBasisPoints: draw() % 10_001,
  })
  return {
    type: 'setSeatRule',
    validFromMs,
    wheelchairReleaseMs: (draw() % 40) * 3_600_000,
    choiceLimits: [limit('2'), limit('')].slice(draw() % 3),
  }
}
