/** Joining the waiting list, as histories draw it. */
import type { Command } from '../../src/index.ts'

import type { Asked, Draw } from './draws.ts'
import { laterRoom } from './later-seats.ts'
import { isFree, seatsOf } from './seat-choice.ts'
import { departureAt, type ModelRun, trainOf, type World } from './world.ts'

const hour = 3_600_000

interface Journey {
  readonly runId: number
  readonly fromStop: number
  readonly toStop: number
  readonly classCode: string
}

/** Mostly where there are too few seats; else as `hold` was drawn, if there is nothing full. */
export function join(world: World, draw: Draw, { actor, command }: Asked): Asked {
  const party = draw() % 3 === 0 ? 1 + (draw() % 4) : 1
  const passengers = Array.from({ length: party }, (_, i) => ({ name: `W${i}` }))
  const ahead = world.runs.filter((r) => r.importId === 0 && departureAt(world, r, 0) > world.now)
  const full = ahead.slice(0, 6).flatMap((run) => fullOn(world, run, party))
  // Who waits for the same seats as others shows whether it is fair.
  const contested = full.filter(({ runId, classCode }) =>
    world.bookings.some(
      (b) => b.status === 'waiting' && b.runId === runId && b.classCode === classCode,
    ),
  )
  const sought = contested.length > 0 && draw() % 3 > 0 ? contested : full
  const others = command.type === 'holdSeats' && draw() % 10 === 0 ? [command] : sought
  const chosen = others[draw() % Math.max(1, others.length)]
  if (chosen === undefined || (full.length < 3 && draw() % 3 > 0)) {
    return { actor, command: filling(world, ahead.slice(0, 2), draw) ?? command }
  }
  const alike = full.filter((it) => it !== chosen && isLike(world, it, chosen))
  const [runId, classCode] = [draw() % 6, ['1', '2'][draw() % 2] ?? '1']
  const drawn = [{ ...chosen, runId, classCode }].slice(draw() % 8 === 0 ? 0 : 1)
  const alternatives =
    draw() % 3 < 2 && alike.length > 0 ? alike.slice(draw() % 3).slice(0, 3) : drawn
  const later = [0, 60_000, hour, 6 * hour, 24 * hour, 200 * hour]
  return {
    actor,
    command: {
      type: 'joinWaitingList',
      ...journey(chosen),
      passengers,
      deadlineMs: world.now + (later[draw() % later.length] ?? hour),
      alternatives: alternatives.map(journey),
      maxPriceMinor: draw() % 15 === 0 ? draw() : 1_000_000_000,
    },
  }
}

/** A hold of as many as there are places: people wait where it is full. */
function filling(world: World, runs: readonly ModelRun[], draw: Draw): Command | undefined {
  const places = runs.flatMap((run) => {
    const { stops, coaches } = trainOf(world, run)
    const fromStop = stops.findIndex((stop) => stop.boarding)
    const toStop = stops.findLastIndex((stop) => stop.alighting)
    if (fromStop < 0 || toStop <= fromStop) return []
    return [...new Set(coaches.map((coach) => coach.classCode))].map((classCode) => {
      const free = freeFor(world, run, { runId: run.id, fromStop, toStop, classCode })
      return { runId: run.id, fromStop, toStop, classCode, free }
    })
  })
  const open = places.filter(({ free }) => free > 0).sort((a, b) => a.free - b.free)
  const place = open[draw() % Math.min(2, Math.max(1, open.length))]
  if (place === undefined) return undefined
  const { free, ...hold } = place
  const passengers = Array.from({ length: Math.min(free, 6) }, (_, i) => ({ name: `F${i}` }))
  return { type: 'holdSeats', ...hold, passengers, seats: [] }
}

function journey({ runId, fromStop, toStop, classCode }: Journey): Journey {
  return { runId, fromStop, toStop, classCode }
}

/** The journeys of a run for which too few seats are left. */
function fullOn(world: World, run: ModelRun, party: number): Journey[] {
  const { stops, coaches } = trainOf(world, run)
  const classes = [...new Set(coaches.map((coach) => coach.classCode))]
  const journeys = stops
    .slice(0, 6)
    .flatMap((_, fromStop) =>
      [1, 2, 4].map((length) => ({ runId: run.id, fromStop, toStop: fromStop + length })),
    )
  return journeys
    .filter(({ fromStop, toStop }) => stops[fromStop]?.boarding && stops[toStop]?.alighting)
    .flatMap((it) => classes.map((classCode) => ({ ...it, classCode })))
    .filter((it) => freeFor(world, run, it) < party)
}

function freeFor(world: World, run: ModelRun, { fromStop, toStop, classCode }: Journey): number {
  const seats = seatsOf(trainOf(world, run)).filter((seat) => seat.classCode === classCode)
  const free = seats.filter(({ seat }) => isFree(world, run, seat, fromStop, toStop)).length
  return laterRoom(world, run, classCode, fromStop, toStop, world.now, free) ?? free
}

function isLike(world: World, one: Journey, other: Journey): boolean {
  const station = ({ runId }: Journey, stop: number) => {
    const run = world.runs.find((r) => r.id === runId)
    return run && trainOf(world, run).stops[stop]?.stationCode
  }
  return (
    station(one, one.fromStop) === station(other, other.fromStop) &&
    station(one, one.toStop) === station(other, other.toStop)
  )
}
