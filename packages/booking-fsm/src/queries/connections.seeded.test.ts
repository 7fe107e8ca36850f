import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bestOf, everyWay, type PlainRun, type PlainStation } from '../../test/model/connections.ts'
import { DAY, emptyWorld, fares, founding, MONDAY, must, send, stations } from '../../test/world.ts'
import type { StationInput, TrainStop } from '../commands.ts'
import { searchConnections } from './connections.ts'
import { findRun } from './runs.ts'
import { findStation } from './stations.ts'

const codes = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'CITY']
const CITY = codes.length - 1
const runsPerTrain = [0, 1]

const drawnStop = fc.record({
  station: fc.nat(CITY - 1),
  dwell: fc.nat(2),
  hop: fc.nat(6),
  boarding: fc.nat(7),
  alighting: fc.nat(7),
})
const drawnTrain = fc.record({
  start: fc.nat(60),
  stops: fc.array(drawnStop, { minLength: 2, maxLength: 4, size: 'max' }),
})
const drawnStation = fc.record({ inCity: fc.nat(3), change: fc.constantFrom(0, 600, 1_200, -1) })
const drawn = fc.record({
  stations: fc.array(drawnStation, { minLength: CITY, maxLength: CITY }),
  trains: fc.array(drawnTrain, { minLength: 1, maxLength: 20, size: 'max' }),
  from: fc.nat(CITY),
  to: fc.nat(CITY),
  earliest: fc.nat(120),
  window: fc.nat(150),
  maxChanges: fc.constantFrom(0, 1, 2, 2),
})

/** Ten minutes are the unit of all times, so that many of them meet. */
const UNIT = 600

/** So long at most that its runs of two days meet at midnight. */
function stopsOf({
  start,
  stops,
}: (typeof drawn extends fc.Arbitrary<infer T> ? T : never)['trains'][number]): TrainStop[] {
  let at = start * UNIT
  return stops.map(({ station, dwell, hop, boarding, alighting }, i) => {
    const arrivalSeconds = at + (i === 0 ? 0 : hop * UNIT)
    at = arrivalSeconds + dwell * UNIT
    return {
      stationCode: codes[station] as string,
      arrivalSeconds,
      departureSeconds: at,
      distanceMetres: i * 1_000,
      boarding: boarding > 0,
      alighting: alighting > 0,
    }
  })
}

it('connections are those that going through every way gives', { timeout: 600_000 }, () => {
  fc.assert(
    fc.property(drawn, (given) => {
      const world = emptyWorld()
      must(send(world, founding), 'done')
      must(send(world, fares), 'done')
      const inputs = codes.map((code, i): StationInput => {
        const { inCity = 1, change = -1 } = given.stations[i] ?? {}
        return {
          ...{ code, name: code, aliases: [], searchTerms: [], timeZone: 'UTC' },
          ...{ latitudeE6: 0, longitudeE6: 0 },
          groupCode: inCity === 0 ? 'CITY' : '',
          changeSeconds: change < 0 ? undefined : change,
        }
      })
      must(send(world, stations(inputs)), 'done')
      const plainRuns: PlainRun[] = []
      const search = () => {
        const id = (at: number) => findStation(world.state, codes[at] as string)?.stationId ?? 0
        const earliestMs = MONDAY + given.earliest * UNIT * 1_000
        const latestMs = earliestMs + given.window * UNIT * 1_000
        const { maxChanges } = given
        const found = searchConnections(world.state, {
          ...{ fromStationId: id(given.from), toStationId: id(given.to), earliestMs, latestMs },
          ...{ maxChanges, nowMs: MONDAY - 1, passengerTypes: [''], limit: 1_000 },
        })
        const [from, to] = [codes[given.from] as string, codes[given.to] as string]
        const ways = everyWay(plainRuns, plainStations(inputs), {
          ...{ from, to, earliestMs, latestMs, maxChanges },
        })
        expect(found.map((it) => [it.departureMs, it.arrivalMs, it.changes])).toEqual(bestOf(ways))
        // Each is one of the ways, and not only as good as one.
        const known = new Set(ways.map((way) => JSON.stringify(way.rides)))
        for (const { legs } of found) {
          const rides = legs.map((leg) => ({
            ...{ runId: leg.runId, from: leg.fromStop, to: leg.toStop },
          }))
          expect(known).toContain(JSON.stringify(rides))
        }
      }
      for (const [i, train] of given.trains.entries()) {
        const { trainId } = must(
          send(world, {
            ...{ type: 'addTrain', importId: undefined, number: `T${i}`, name: '' },
            ...{ stops: stopsOf(train), calendar: undefined },
            coaches: [{ label: '1', classCode: '2', rows: 1, columns: 'A' }],
          }),
          'trainAdded',
        )
        const runs = runsPerTrain.map((day) => ({
          serviceDate: 20261123 + day,
          baseMs: MONDAY + day * DAY,
        }))
        const opened = { importId: undefined, trainId, trainNumber: '', runs }
        const { runIds } = must(send(world, { type: 'addRuns', ...opened }), 'runsAdded')
        for (const runId of runIds) plainRuns.push(plainRun(world.state, runId))
        // A board that was looked at before must not be an old one.
        if (i % 3 === 0) search()
      }
      search()
    }),
    { numRuns: process.env.CI === undefined ? 300 : 3_000 },
  )
})

function plainRun(state: Parameters<typeof findRun>[0], runId: number): PlainRun {
  const run = findRun(state, runId)
  const code = (id: number) => codes.find((it) => findStation(state, it)?.stationId === id) ?? ''
  const stops = run?.stops.map((stop) => ({ ...stop, station: code(stop.stationId) })) ?? []
  return { runId, stops }
}

function plainStations(inputs: readonly StationInput[]): PlainStation[] {
  return inputs.map(({ code, groupCode = '', changeSeconds = 300 }) => ({
    ...{ code, groupCode, changeMs: changeSeconds * 1_000 },
  }))
}
