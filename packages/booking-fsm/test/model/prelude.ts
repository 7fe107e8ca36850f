import type { AddTrain, Command } from '../../src/index.ts'
import type { Draw } from './draws.ts'
import { fareProducts } from './history/products.ts'
import { charges, foundation, stationCodes, train } from './history-commands.ts'
import type { World } from './world.ts'

const hour = 3_600_000
const day = 24 * hour
/** 2026-01-01T00:00:00Z */
export const startMs = 1_767_225_600_000

/** A founded cluster with rules, stations, accounts, two trains and four runs of the next days. */
export function preludeCommands(world: World, draw: Draw): Command[] {
  const account = (name: string, role: 'passenger' | 'staff'): Command => ({
    type: 'registerAccount',
    email: `${name}@valdoria.example`,
    displayName: name,
    passwordHash: 'scrypt$1',
    role,
  })
  const runs = (trainId: number): Command => ({
    type: 'addRuns',
    importId: undefined,
    trainId,
    trainNumber: '',
    runs: [0, 1].map((at) => ({
      serviceDate: 20260101 + at * 2,
      baseMs: startMs + at * 2 * day,
    })),
  })
  const founding = foundation(draw)
  const isLater = founding.featureLevel !== undefined
  const level = founding.type === 'foundCluster' ? (founding.featureLevel ?? 1) : 1
  return [
    founding,
    {
      type: 'setFareRule',
      validFromMs: 0,
      classes: [
        { classCode: '1', baseMinor: 500, perThousandKilometresMinor: 22_000 },
        { classCode: '2', baseMinor: 300, perThousandKilometresMinor: 14_001 },
      ],
    },
    {
      type: 'setRefundRule',
      validFromMs: 0,
      bands: [
        { untilBeforeDepartureMs: day, refundBasisPoints: 10_000 },
        { untilBeforeDepartureMs: 0, refundBasisPoints: 5_000 },
      ],
    },
    {
      type: 'putStations',
      importId: undefined,
      stations: stationCodes.map((code) => ({
        code,
        name: code,
        aliases: [],
        searchTerms: [code.toLowerCase()],
        latitudeE6: 1,
        longitudeE6: 2,
        timeZone: 'UTC',
      })),
    },
    {
      type: 'setWaitingRule',
      validFromMs: 0,
      capBasisPoints: 10_000,
      chartBeforeDepartureMs: (draw() % 3) * hour,
      promotedHoldMs: 600_000,
    },
    ...(draw() % 4 > 0 && level >= 2 ? [delayRule] : []),
    // Most worlds begin with charges, and with exchanges.
    ...(draw() % 4 > 0 && level >= 2 ? [charges(0, draw)] : []),
    ...(draw() % 2 > 0 && level >= 2 ? [fareProducts(0, draw)] : []),
    account('ann', 'passenger'),
    account('bob', 'passenger'),
    account('cy', 'passenger'),
    account('dee', 'staff'),
    sound(train(world, draw), isLater),
    sound(train(world, draw), isLater),
    runs(1),
    runs(2),
    ...(level >= 2 ? [{ type: 'switchNotices', on: true } as const] : []),
  ]
}

const delayRule: Command = {
  type: 'setCompensationRule',
  validFromMs: 0,
  choiceMs: 2 * day,
  rebookMs: 4 * day,
  minimumMinor: 0,
  maximumMinor: 0,
  bands: [
    { fromMinutes: 60, basisPoints: 2_500 },
    { fromMinutes: 120, basisPoints: 5_000 },
  ],
}

/** The train as drawn, but among stations that are there, and opened by hand. */
function sound(drawn: AddTrain, isLater: boolean): AddTrain {
  const stops = drawn.stops.map((stop) => {
    const known = stationCodes.includes(stop.stationCode)
    return { ...stop, stationCode: known ? stop.stationCode : 'ALF' }
  })
  // At the first level nothing is said of a coach's seats.
  const coaches = drawn.coaches.map(({ seating, ...coach }) =>
    isLater && seating !== undefined ? { ...coach, seating } : coach,
  )
  return { ...drawn, importId: undefined, calendar: undefined, stops, coaches }
}
