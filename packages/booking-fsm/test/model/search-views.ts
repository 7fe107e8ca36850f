import { isDeepStrictEqual } from 'node:util'
import type { ConnectionView } from '../../src/index.ts'
import {
  bestOf,
  everyWay,
  type PlainRun,
  type PlainStation,
  type Question,
  type Way,
} from './connections.ts'
import { priceEach } from './fare-lines.ts'
import { modelJourneys } from './views.ts'
import { departureAt, isCancelled, type ModelRun, trainOf, type World } from './world.ts'

/** Why what was found is not what the model would show; undefined: it is. */
export function unlikeModel(
  world: World,
  question: Question,
  passengers: number,
  found: readonly ConnectionView[],
): string | undefined {
  const runs = plainRuns(world, question)
  const ways = everyWay(runs, plainStations(world), question)
  const figures = found.map((it) => String([it.departureMs, it.arrivalMs, it.changes]))
  // What can not be sold for want of a fare is left out.
  const best = bestOf(ways).filter(
    (it) => figures.includes(String(it)) || !isUnsold(world, ways, it),
  )
  if (figures.join() !== best.join()) {
    return `found ${JSON.stringify(figures)}, the best are ${JSON.stringify(best)}`
  }
  for (const { legs } of found) {
    const rides = legs.map((leg) => ({ runId: leg.runId, from: leg.fromStop, to: leg.toStop }))
    const isWay = ways.some((way) => JSON.stringify(way.rides) === JSON.stringify(rides))
    if (!isWay) return `there is no way ${JSON.stringify(rides)}`
    for (const leg of legs) {
      const run = world.runs.find((r) => r.id === leg.runId) as ModelRun
      const classes = classesOf(world, run, leg.fromStop, leg.toStop, passengers)
      if (classes === undefined || isDeepStrictEqual(leg.classes, classes)) continue
      return `offers ${JSON.stringify(leg.classes)} in place of ${JSON.stringify(classes)}`
    }
  }
  return undefined
}

/** How many runs everyone would have to be looked at for this question. */
export function runsToLookAt(world: World, question: Question): number {
  return plainRuns(world, question).length
}

function isUnsold(world: World, ways: readonly Way[], figures: readonly number[]): boolean {
  const alike = ways.filter(
    (way) => String([way.departureMs, way.arrivalMs, way.rides.length - 1]) === String(figures),
  )
  return alike.some((way) =>
    way.rides.some(({ runId, from, to }) => {
      const run = world.runs.find((r) => r.id === runId) as ModelRun
      return !isSold(world, run, from, to)
    }),
  )
}

/** Those that leave anywhere in the window or the day behind it. */
function plainRuns(world: World, { earliestMs, latestMs }: Question): PlainRun[] {
  return world.runs
    .filter((run) => run.importId === 0 && !isCancelled(world, run))
    .filter((run) =>
      trainOf(world, run).stops.some((stop) => {
        const at = run.baseMs + stop.departureSeconds * 1_000
        return at >= earliestMs && at <= latestMs + 86_400_000
      }),
    )
    .map((run) => ({
      runId: run.id,
      stops: trainOf(world, run).stops.map((stop) => ({
        station: stop.stationCode,
        arrivalMs: run.baseMs + stop.arrivalSeconds * 1_000,
        departureMs: run.baseMs + stop.departureSeconds * 1_000,
        boarding: stop.boarding,
        alighting: stop.alighting,
      })),
    }))
}

function plainStations(world: World): PlainStation[] {
  return world.stations
    .filter((station) => station.importId === 0)
    .map(({ input: { code, groupCode = '', changeSeconds = 300 } }) => ({
      code,
      groupCode,
      changeMs: changeSeconds * 1_000,
    }))
}

/** As for a direct journey; undefined where that is shown from another stop of the run. */
function classesOf(world: World, run: ModelRun, from: number, to: number, passengers: number) {
  const { stops } = trainOf(world, run)
  const departureMs = departureAt(world, run, from)
  const query = { earliestMs: departureMs, latestMs: departureMs, nowMs: world.now }
  const [board = '', alight = ''] = [stops[from]?.stationCode, stops[to]?.stationCode]
  const journeys = modelJourneys(world, board, alight, { ...query, passengers, limit: 1_000 })
  const journey = journeys.find((it) => it.runId === run.id && it.toStop === to)
  return journey?.classes.map(({ pricePerPassengerMinor, enoughSeats, ...it }) => ({
    ...it,
    priceMinor: pricePerPassengerMinor * passengers,
    enoughSeats,
  }))
}

function isSold(world: World, run: ModelRun, from: number, to: number): boolean {
  const train = trainOf(world, run)
  return train.coaches.some(
    ({ classCode }) => priceEach(world, train, from, to, classCode, world.now) !== undefined,
  )
}
