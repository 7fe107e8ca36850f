import type { Coach } from '@quorail/booking-fsm'

/**
 * Valdoria: a small country that exists only here, in the sea west of Biscay. Twenty stations on
 * four lines, with the lengths of track between neighbours.
 */
export interface DemoStation {
  readonly code: string
  readonly name: string
  readonly aliases: readonly string[]
  readonly latitudeE6: number
  readonly longitudeE6: number
}

function station(
  code: string,
  name: string,
  latitude: number,
  longitude: number,
  ...aliases: string[]
): DemoStation {
  const [latitudeE6, longitudeE6] = [Math.round(latitude * 1e6), Math.round(longitude * 1e6)]
  return { code, name, aliases, latitudeE6, longitudeE6 }
}

export const demoStations: readonly DemoStation[] = [
  station('PMR', 'Port Marin', 46.2, -8.9),
  station('SLV', 'Silvane', 46.31, -8.52),
  station('BRZ', 'Brézières', 46.35, -8.02),
  station('VDC', 'Valdor Central', 46.42, -7.38, 'Grand Station'),
  station('OST', 'Ostfeld', 46.4, -6.93),
  station('KRL', 'Karlow', 46.52, -6.41),
  station('MIR', 'Miravel', 46.47, -5.88),
  station('TNB', 'Tannberg', 46.61, -5.37),
  station('NHV', 'Nordhaven', 47.62, -7.2),
  station('ELM', 'Elmsund', 47.31, -7.05),
  station('GRN', 'Grennau', 46.93, -7.18),
  station('VDA', 'Valdor Airport', 46.52, -7.34),
  station('LND', 'Lindora', 46.08, -7.45),
  station('CVD', 'Campoverde', 45.71, -7.31),
  station('SLM', 'Salmira', 45.35, -7.42),
  station('CSL', 'Capo Sul', 44.98, -7.6),
  station('HWD', 'Hochwalden', 46.85, -5.12),
  station('STC', 'Stellacroce', 47.05, -4.88),
  station('BRK', 'Brookwater', 47.45, -7.62),
  station('FRN', 'Fernmoor', 46.95, -8.1),
]

/** Lines as neighbours with kilometres of track between them. */
const lines = [
  'PMR 36 SLV 43 BRZ 55 VDC 38 OST 47 KRL 46 MIR 49 TNB 41 HWD 37 STC',
  'NHV 40 ELM 48 GRN 52 VDA 13 VDC 42 LND 47 CVD 46 SLM 49 CSL',
  'NHV 42 BRK 74 FRN 88 SLV',
]

const neighbours = new Map<string, [code: string, metres: number][]>()
for (const line of lines) {
  const parts = line.split(' ')
  for (let at = 0; at + 2 < parts.length; at += 2) {
    const [from = '', kilometres, to = ''] = parts.slice(at, at + 3)
    const metres = Number(kilometres) * 1_000
    for (const [a, b] of [
      [from, to],
      [to, from],
    ] as const) {
      const list = neighbours.get(a) ?? []
      list.push([b, metres])
      neighbours.set(a, list)
    }
  }
}

/** Metres of track between two stations by the shortest way. */
export function trackMetres(from: string, to: string): number {
  const best = new Map([[from, 0]])
  const open = [from]
  for (let code = open.pop(); code !== undefined; code = open.pop()) {
    const soFar = best.get(code) ?? 0
    for (const [next, metres] of neighbours.get(code) ?? []) {
      if (soFar + metres >= (best.get(next) ?? Number.POSITIVE_INFINITY)) continue
      best.set(next, soFar + metres)
      open.push(next)
    }
  }
  const metres = best.get(to)
  if (metres === undefined) throw new Error(`no track from ${from} to ${to}`)
  return metres
}

const first = (label: string, rows: number): Coach => ({
  label,
  classCode: '1',
  rows,
  columns: 'A-BC',
})
const second = (label: string, rows: number): Coach => ({
  label,
  classCode: '2',
  rows,
  columns: 'AB-CD',
})

const plainRows = { firstRow: 1, letters: '' } as const

/** Half of it with tables for four, all of it quiet. */
const quiet = (label: string, rows: number): Coach => ({
  ...second(label, rows),
  seating: {
    bayRows: 2,
    rules: [
      { ...plainRows, lastRow: rows, properties: ['quiet'] },
      { ...plainRows, lastRow: rows / 2, properties: ['table', 'facing'] },
    ],
  },
})

/** The last row has two wheelchair places, each with a companion's seat. */
const accessible = (label: string, rows: number): Coach => ({
  ...second(label, rows),
  seating: {
    bayRows: 2,
    rules: [
      { firstRow: rows, lastRow: rows, letters: 'AD', properties: ['wheelchair'] },
      { firstRow: rows, lastRow: rows, letters: 'BC', properties: ['companion'] },
    ],
  },
})

/** Compartments of three berths above each other on either side; two more along the aisle. */
const sleeper = (label: string, rows: number): Coach => ({
  label,
  classCode: '1',
  rows,
  columns: 'ABCDEF-GH',
  seating: {
    bayRows: 1,
    rules: [
      { ...plainRows, lastRow: rows, letters: 'AD', properties: ['lowerBerth', 'window'] },
      { ...plainRows, lastRow: rows, letters: 'BE', properties: ['middleBerth'] },
      { ...plainRows, lastRow: rows, letters: 'CF', properties: ['upperBerth'] },
      { ...plainRows, lastRow: rows, letters: 'G', properties: ['sideLowerBerth', 'aisle'] },
      { ...plainRows, lastRow: rows, letters: 'H', properties: ['sideUpperBerth', 'aisle'] },
    ],
  },
})

/** Formations by name. The railcar is small on purpose: the demo sells it out. */
export const demoConsists = {
  intercity: [
    first('1', 12),
    first('2', 14),
    accessible('3', 18),
    quiet('4', 20),
    second('5', 20),
    second('6', 18),
  ],
  regional: [first('1', 8), second('2', 18), second('3', 18), second('4', 16)],
  night: [
    sleeper('11', 4),
    accessible('12', 16),
    second('13', 16),
    second('14', 16),
    second('15', 16),
  ],
  railcar: [first('1', 2), second('2', 6)],
} as const satisfies Record<string, readonly Coach[]>

export type DemoConsist = keyof typeof demoConsists
