/** Joining the waiting list, as histories draw it. */

import type { Command, WaitingChoice } from '../../src/index.ts'
import type { Asked, Draw } from './draws.ts'
import { laterRoom } from './later-seats.ts'
import { generalRoom, roomInPool } from './quota-commands.ts'
import { quotaFor } from './quota-for.ts'
import { ruleInForce } from './rule-commands.ts'
import { isFree, seatsOf } from './seat-choice.ts'
import { isSharing, sharersOn } from './shared-berths.ts'
import {
  departureAt,
  drawOf,
  isCancelled,
  isOfRun,
  type ModelRun,
  trainOf,
  type World,
} from './world.ts'

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
  const tariff = ruleInForce(world.fareRules, world.now)?.tariff
  const passengerType = tariff !== undefined && draw() % 3 === 0 ? 'child' : undefined
  const passengers = Array.from({ length: party }, (_, i) => ({
    name: `W${i}`,
    ...(passengerType !== undefined && { passengerType }),
  }))
  const isOdd = draw() % 20 === 0
  const ahead = world.runs.filter(
    (r) =>
      r.importId === 0 &&
      departureAt(world, r, 0) > world.now &&
      (isOdd || (!isCancelled(world, r) && drawOf(world, r.id) === undefined)),
  )
  const freed = draw() % 3 === 0 ? freeing(world, ahead, draw) : undefined
  if (freed !== undefined) return freed
  const sharing = draw() % 3 === 0 ? sharingOn(world, ahead.slice(0, 2), draw) : undefined
  if (sharing?.type === 'blockSeats') return { actor: staffOf(world), command: sharing }
  if (sharing !== undefined) return { actor, command: sharing }
  const pools = draw() % 8 === 0 ? pooling(world, ahead.slice(0, 3), draw) : undefined
  if (pools !== undefined) return { actor: staffOf(world), command: pools }
  // Some of them each time: to go through all journeys takes long.
  const looked = ahead.slice(0, 6).filter((_, at) => at % 3 === world.index % 3)
  const full = looked.flatMap((run) => fullOn(world, run, party))
  // Who waits for the same seats as others shows whether it is fair.
  const contested = full.filter(({ runId, classCode }) =>
    world.bookings.some(
      (b) => b.status === 'waiting' && b.runId === runId && b.classCode === classCode,
    ),
  )
  const shared = full.filter(({ runId }) => sharedBlockOf(world, runId) !== undefined)
  const some = contested.length > 0 && draw() % 3 > 0 ? contested : full
  const sought = shared.length > 0 && draw() % 3 > 0 ? shared : some
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
  const later = [draw() % 6 === 0 ? 0 : hour, 60_000, 6 * hour, 24 * hour, 200 * hour, 200 * hour]
  return {
    actor,
    command: {
      type: 'joinWaitingList',
      ...orShared(inPool(world, journey(chosen), draw), draw),
      passengers,
      deadlineMs: world.now + (later[draw() % later.length] ?? hour),
      alternatives: alternatives.map((it) => orShared(inPool(world, journey(it), draw), draw)),
      maxPriceMinor: draw() % 15 === 0 ? draw() : 1_000_000_000,
    },
  }
}

function staffOf(world: World): number {
  return world.accounts.find(({ role, closed }) => role !== 'passenger' && !closed)?.id ?? 0
}

function sharedBlockOf(world: World, runId: number) {
  const run = world.runs.find(({ id }) => id === runId)
  return run && world.blocks.find((block) => block.shared && isOfRun(block, run))
}

/** Berths for two each, while there are free ones, on the first run that has none such. */
function sharingOn(world: World, runs: readonly ModelRun[], draw: Draw): Command | undefined {
  const run = runs.find(({ id }) => sharedBlockOf(world, id) === undefined)
  if (run === undefined) return fillBeside(world, runs, draw)
  const train = trainOf(world, run)
  const classCode = train.coaches[draw() % train.coaches.length]?.classCode
  const free = seatsOf(train)
    .filter((it) => it.classCode === classCode)
    .filter(({ seat }) => isFree(world, run, seat, 0, train.stops.length - 1))
    .map(({ seat }) => seat)
  if (free.length === 0) return undefined
  const isTrain = draw() % 4 === 0
  return {
    type: 'blockSeats',
    runId: isTrain ? 0 : run.id,
    trainId: isTrain ? run.trainId : 0,
    fromDate: isTrain ? run.serviceDate : 0,
    toDate: isTrain ? run.serviceDate : 0,
    // Little else is left then.
    seats: free.slice(0, Math.max(1, free.length - 1 - (draw() % 3))),
    reason: 'other',
    shared: true,
  }
}

/** Somebody who sits alone leaves, where others share. */
function freeing(world: World, runs: readonly ModelRun[], draw: Draw): Asked | undefined {
  const shared = new Set(
    runs.flatMap(({ id }) => sharersOn(world, id)).map((b) => `${b.runId} ${b.classCode}`),
  )
  const alone = world.bookings.filter(
    (b) => b.status === 'held' && !isSharing(b) && shared.has(`${b.runId} ${b.classCode}`),
  )
  const booking = alone[draw() % Math.max(1, alone.length)]
  if (booking === undefined) return undefined
  return { actor: booking.accountId, command: { type: 'releaseHold', bookingId: booking.id } }
}

/** Then all else of the class is taken. */
function fillBeside(world: World, runs: readonly ModelRun[], draw: Draw): Command | undefined {
  const run = runs[draw() % Math.max(1, runs.length)]
  const block = run && sharedBlockOf(world, run.id)
  if (run === undefined || block === undefined) return undefined
  const { stops } = trainOf(world, run)
  const seats = seatsOf(trainOf(world, run))
  const classCode = seats[block.seats[0] ?? 0]?.classCode ?? ''
  const fromStop = stops.findIndex((stop) => stop.boarding)
  const toStop = stops.findLastIndex((stop) => stop.alighting)
  const free = placesFor(world, run, { runId: run.id, fromStop, toStop, classCode })
  if (fromStop < 0 || toStop <= fromStop || free === 0) return undefined
  const passengers = Array.from({ length: Math.min(free, 6) }, (_, i) => ({ name: `S${i}` }))
  return { type: 'holdSeats', runId: run.id, fromStop, toStop, classCode, passengers, seats: [] }
}

/** A hold of as many as there are places, in general or in a pool: people wait where it is full. */
function filling(world: World, runs: readonly ModelRun[], draw: Draw): Command | undefined {
  const places = runs.flatMap((run) => {
    const { stops, coaches } = trainOf(world, run)
    const fromStop = stops.findIndex((stop) => stop.boarding)
    const toStop = stops.findLastIndex((stop) => stop.alighting)
    if (fromStop < 0 || toStop <= fromStop) return []
    return [...new Set(coaches.map((coach) => coach.classCode))].flatMap((classCode) => {
      const it = { runId: run.id, fromStop, toStop, classCode }
      const seated = placesFor(world, run, it)
      const pools = quotaFor(world, run, classCode)?.pools.map(({ code }) => code) ?? []
      return ['', ...pools].map((pool) => {
        const room = roomInPool(
          world,
          { ...it, lines: [], pool, onlyPool: false, shared: false },
          pool,
        )
        return { ...it, pool, free: Math.min(seated, room) }
      })
    })
  })
  const open = places.filter(({ free }) => free > 0).sort((a, b) => a.free - b.free)
  const place = open[draw() % Math.min(2, Math.max(1, open.length))]
  if (place === undefined) return undefined
  const { free, ...hold } = place
  const passengers = Array.from({ length: Math.min(free, 6) }, (_, i) => ({ name: `F${i}` }))
  return { type: 'holdSeats', ...hold, passengers, seats: [] }
}

/** Pools that leave nothing general, or little. */
function pooling(world: World, runs: readonly ModelRun[], draw: Draw): Command | undefined {
  const run = runs[draw() % Math.max(1, runs.length)]
  if (run === undefined) return undefined
  const train = trainOf(world, run)
  const classCode = train.coaches[draw() % train.coaches.length]?.classCode ?? '1'
  const last = train.stops.length - 1
  const now = quotaFor(world, run, classCode)?.pools ?? []
  const kept = now.reduce((sum, { capacity }) => sum + capacity, 0)
  const left = (generalRoom(world, run, classCode, 0, last, world.now) ?? 4) + kept
  const codes = ['desk', 'family'].slice(draw() % 2)
  const isTrain = draw() % 3 === 0
  return {
    type: 'setQuotas',
    runId: isTrain ? 0 : run.id,
    trainId: isTrain ? run.trainId : 0,
    fromDate: isTrain ? run.serviceDate : 0,
    classCode,
    pools: codes.map((code) => ({
      code,
      capacity: Math.max(1, Math.floor(left / codes.length) - (draw() % 2)),
      roles: draw() % 5 === 0 ? (['passenger', 'staff'] as const).slice(draw() % 2) : [],
      passengerTypes: draw() % 6 === 0 ? ['child'] : [],
      releaseBeforeDepartureMs: (draw() % 12) * 3 * hour,
    })),
  }
}

/** Mostly for a pool, where there is one: alone, or else what is general. */
function inPool(world: World, it: Journey, draw: Draw): WaitingChoice {
  const run = world.runs.find(({ id }) => id === it.runId)
  const pools = (run && quotaFor(world, run, it.classCode)?.pools) ?? []
  const pool = draw() % 20 === 0 ? 'none' : pools[draw() % Math.max(1, pools.length)]?.code
  if (pool === undefined || draw() % 4 === 0)
    return draw() % 60 === 0 ? { ...it, onlyPool: true } : it
  return draw() % 2 === 0 ? { ...it, pool } : { ...it, pool, onlyPool: draw() % 3 > 0 }
}

/** Half a berth would do for many. */
function orShared(choice: WaitingChoice, draw: Draw): WaitingChoice {
  if (draw() % 3 === 0) return choice
  return choice.onlyPool && draw() % 10 > 0 ? choice : { ...choice, shared: true }
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
    .filter((it) => {
      const { fromStop, toStop, classCode } = it
      const free = placesFor(world, run, it)
      const room = generalRoom(world, run, classCode, fromStop, toStop, world.now) ?? free
      return Math.min(free, room) < party
    })
}

function placesFor(world: World, run: ModelRun, { fromStop, toStop, classCode }: Journey): number {
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
