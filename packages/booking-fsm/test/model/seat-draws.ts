import type {
  AccountRole,
  Coach,
  Command,
  QuotaPool,
  SeatPreferences,
  SeatProperty,
} from '../../src/index.ts'
import type { Draw } from './draws.ts'
import { departureAt, type World } from './world.ts'

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

const day = 86_400_000

/** A run that is sold, or its train. */
function place(world: World, draw: Draw) {
  // Mostly one that holds are drawn for.
  const ahead = world.runs.filter((it) => departureAt(world, it, 0) > world.now)
  const among = ahead.length > 0 ? ahead.slice(0, 3) : world.runs.slice(0, 6)
  const run = among[draw() % Math.max(1, among.length)]
  const isRun = draw() % 2 === 0
  const fromDate = 20260101 + (draw() % 6)
  return {
    run,
    runId: isRun ? (run?.id ?? 1) : 0,
    trainId: isRun ? 0 : (run?.trainId ?? 1),
    fromDate: isRun ? 0 : fromDate,
    toDate: isRun ? 0 : fromDate + (draw() % 5),
  }
}

export function blocking(world: World, draw: Draw): Command {
  const reason = (['technicalFailure', 'strike'] as const)[draw() % 2] ?? 'strike'
  if (draw() % 3 === 0) {
    const block = world.blocks[draw() % Math.max(1, world.blocks.length)]
    return { type: 'unblockSeats', blockId: block?.id ?? draw() % 5, reason }
  }
  const { run: _, ...where } = place(world, draw)
  const first = draw() % 24
  const seats = Array.from({ length: 1 + (draw() % 3) }, (_, i) => first + i)
  return { type: 'blockSeats', ...where, seats, reason, shared: draw() % 2 === 0 }
}

export function quotas(world: World, draw: Draw): Command {
  const { run, toDate: _, ...where } = place(world, draw)
  const train = world.trains.find((it) => it.id === run?.trainId)
  const classCode = train?.coaches[draw() % train.coaches.length]?.classCode ?? '2'
  if (draw() % 3 === 0) {
    const [fromPool = '', toPool = ''] = [poolOf(draw), poolOf(draw)]
    return {
      type: 'moveQuota',
      runId: run?.id ?? 1,
      classCode,
      fromPool,
      toPool,
      count: 1 + (draw() % 3),
    }
  }
  const pools: QuotaPool[] = (['family', 'desk'] as const).slice(draw() % 3).map((code) => ({
    code,
    capacity: 1 + (draw() % 4),
    roles:
      draw() % 3 === 0 ? (['staff', 'passenger'].slice(0, 1 + (draw() % 2)) as AccountRole[]) : [],
    passengerTypes: draw() % 4 === 0 ? ['child', 'senior'] : [],
    releaseBeforeDepartureMs: (draw() % 5) * (day / 4),
  }))
  return { type: 'setQuotas', ...where, classCode, pools }
}

/** As holds name it. */
export function poolOf(draw: Draw): string | undefined {
  return [undefined, 'desk', 'family', 'family', 'desk', 'family', 'family', 'none'][draw() % 8]
}
