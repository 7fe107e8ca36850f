/** What asks for seats, and the rules that it goes by. */
import type { Command, HoldSeats, LegInput } from '../../src/commands.ts'
import { DAY, HOLD, HOUR, MONDAY, type Railway, waitingLists } from '../world.ts'
import { bookingFrom, type FuzzRailway, oneOf } from './bookings.ts'
import { fareProducts, productFrom } from './products.ts'
import { expressRun, quotaRun, roomyRun } from './run-ids.ts'
import { preferencesFor, seatRule } from './seats.ts'

export function saleCommands(world: FuzzRailway, draw: () => number): readonly Command[] {
  const { meta } = world.state
  const fromStop = draw() % 4
  const party = 1 + (draw() % 6)
  const types = ['', '', '', 'child', 'child', 'senior', 'none']
  const passengers = Array.from({ length: party }, () => ({
    name: 'P',
    passengerType: draw() % 2 === 0 ? undefined : types[draw() % types.length],
  }))
  const firstSeat = draw() % 34
  const seats = draw() % 2 === 0 ? [] : passengers.map((_, i) => firstSeat + i)
  const classCode = ['1', '2', '2', 'sleeper', '3'][draw() % 5] as string
  return [
    seatRule(world.nowMs + (draw() % 3) * DAY),
    fareProducts(world.nowMs),
    {
      ...waitingLists,
      validFromMs: draw() % 3 === 0 ? world.nowMs : DAY * 30_000,
      capBasisPoints: (draw() % 2) * 10_000,
    } as Command,
    {
      type: 'setSalesRule',
      validFromMs: world.nowMs - HOUR + (draw() % 3) * HOUR,
      holdMs: HOLD,
      extensionMs: (draw() % 2) * HOLD,
      maxOpenHolds: draw() % 6,
      maxPassengers: 6 - (draw() % 2),
      opensBeforeMs: draw() % 3 === 0 ? 1 : 0,
      closesBeforeMs: draw() % 2 === 0 ? HOUR : 0,
    },
    {
      type: 'holdSeats',
      runId: draw() % 4 === 0 ? quotaRun : 1 + (draw() % meta.nextRunId),
      fromStop,
      toStop: fromStop + 1 + (draw() % 3),
      classCode,
      ...(draw() % 8 === 0 && express(draw)),
      passengers,
      seats,
      preferences: preferencesFor(party, draw),
      expectedPriceMinor: draw() % 9 === 0 ? 1 : undefined,
      pool: ['', '', 'family', 'desk', 'none'][draw() % 5],
      product: productFrom(draw),
      ...(draw() % 6 === 0 && { ...roomy, pool: '', product: '', preferences: undefined }),
    },
    {
      type: 'holdTrip',
      legs: legsFrom(world, draw, party, { fromStop, classCode }),
      passengers,
      expectedPriceMinor: draw() % 5 === 0 ? 1 : undefined,
    },
    waitingFor(draw, { runId: 1 + (draw() % meta.nextRunId), fromStop, classCode }, passengers),
    exchange(world, draw),
    { type: 'closeChart', runId: 1 + (draw() % meta.nextRunId) },
  ]
}

const seats: readonly number[] = []
const roomy = { runId: roomyRun, fromStop: 0, toStop: 2, classCode: '2', seats }

interface Where {
  readonly runId: number
  readonly fromStop: number
  readonly toStop: number
  readonly classCode: string
}

/** It is full, but for a class that has no fare. */
function express(draw: () => number): Where {
  const classCode = draw() % 2 === 0 ? '2' : 'sleeper'
  return { runId: expressRun, fromStop: 0, toStop: 2, classCode }
}

function anywhere({ state }: FuzzRailway, draw: () => number): Where {
  const fromStop = draw() % 3
  return {
    runId: 1 + (draw() % state.meta.nextRunId),
    fromStop,
    toStop: fromStop + 1 + (draw() % 3),
    classCode: ['1', '2', '2', 'sleeper', '3'][draw() % 5] as string,
  }
}

function exchange(world: FuzzRailway, draw: () => number): Command {
  const isSold = draw() % 6 > 0
  const sold = isSold ? oneOf(world.exchangeable, draw) : undefined
  const bookingId = sold ?? bookingFrom(world, draw)
  const where = draw() % 4 === 0 ? express(draw) : anywhere(world, draw)
  const party = world.state.bookings.get(bookingId)?.passengers ?? 1
  // Places in each class and beyond the train: the first ones are taken.
  const first = [0, 6, draw() % 34, 28][draw() % 4] ?? 0
  return {
    type: 'holdExchange',
    bookingId,
    ...where,
    seats: draw() % 2 === 0 ? [] : Array.from({ length: party }, (_, at) => first + at),
    product: productFrom(draw),
  }
}

/** There and back, or twice the same. */
function legsFrom(
  { state }: Railway,
  draw: () => number,
  party: number,
  first: { readonly fromStop: number; readonly classCode: string },
): LegInput[] {
  const leg = ({ fromStop, classCode }: typeof first): LegInput => {
    const firstSeat = draw() % 34
    const isExpress = draw() % 8 === 0
    return {
      runId: 1 + (draw() % state.meta.nextRunId),
      fromStop,
      toStop: fromStop + 1 + (draw() % 2),
      classCode,
      ...(isExpress && express(draw)),
      seats: draw() % 2 === 0 ? [] : Array.from({ length: party }, (_, i) => firstSeat + i),
      preferences: preferencesFor(party, draw),
      pool: ['', 'family', 'desk', 'none'][draw() % 4],
      product: productFrom(draw),
    }
  }
  if (draw() % 4 === 0) return [roomy]
  return draw() % 2 === 0 ? [leg(first)] : [leg({ fromStop: 0, classCode: '2' }), leg(first)]
}

function waitingFor(
  draw: () => number,
  wanted: { readonly runId: number; readonly fromStop: number; readonly classCode: string },
  passengers: HoldSeats['passengers'],
): Command {
  // Mostly the express, which is full.
  const isFull = draw() % 2 === 0
  const fromStop = draw() % 5 === 0 ? 1 : 0
  const isPooled = draw() % 3 === 0
  const onExpress = { ...wanted, runId: expressRun, fromStop, toStop: 2 }
  const ofPools = { runId: quotaRun, fromStop, toStop: 4, classCode: '2' }
  const first = isPooled ? ofPools : isFull ? onExpress : { ...wanted, toStop: 4 }
  return {
    type: 'joinWaitingList',
    ...first,
    passengers,
    deadlineMs: draw() % 8 === 0 ? MONDAY : MONDAY + 9 * DAY,
    alternatives: draw() % 2 === 0 ? [] : [{ ...first, classCode: draw() % 2 === 0 ? '1' : '2' }],
    ...(isPooled && { pool: ['desk', 'family', 'none'][draw() % 3], onlyPool: draw() % 2 === 0 }),
    maxPriceMinor: draw() % 3 === 0 ? 1 : 1_000_000,
    shared: draw() % 2 === 0,
  }
}
