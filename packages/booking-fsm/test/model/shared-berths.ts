/** Berths that two share: who sits on a half has `seat` the berth's number and `half` 0 or 1. */
import type { HoldSeats } from '../../src/index.ts'
import { stillThere } from './cancel-commands.ts'
import { isLive, isOfRun, type ModelBooking, type ModelRun, type World } from './world.ts'

export function isSharing(booking: ModelBooking): boolean {
  if (!isLive(booking) || booking.passengers.every(({ half }) => half === undefined)) return false
  const there = stillThere(booking)
  return there.length > 0 && there.every((at) => booking.passengers[at]?.half !== undefined)
}

/** Those of the run, by the order in which they joined. */
export function sharersOn(world: World, runId: number): ModelBooking[] {
  return world.bookings.filter((b) => b.runId === runId && isSharing(b)).sort((a, b) => a.id - b.id)
}

export interface Half {
  readonly seat: number
  readonly half: number
}

function sharedBerths(world: World, run: ModelRun): number[] {
  return world.blocks
    .filter((block) => block.shared && isOfRun(block, run))
    .flatMap(({ seats }) => seats)
    .sort((a, b) => a - b)
}

export function isHalfFree(
  world: World,
  run: ModelRun,
  { seat, half }: Half,
  from: number,
  to: number,
): boolean {
  if (!sharedBerths(world, run).includes(seat)) return false
  return !world.bookings.some(
    (b) =>
      isLive(b) &&
      b.runId === run.id &&
      b.fromStop < to &&
      from < b.toStop &&
      b.passengers.some((p) => p.seat === seat && p.half === half && p.cancelledAt === 0),
  )
}

/** The first ones for a party; undefined: there are not so many. */
export function freeHalves(
  world: World,
  run: ModelRun,
  isOfClass: (seat: number) => boolean,
  { fromStop, toStop }: Pick<HoldSeats, 'fromStop' | 'toStop'>,
  party: number,
): Half[] | undefined {
  const free = sharedBerths(world, run)
    .filter(isOfClass)
    .flatMap((seat) => [0, 1].map((half) => ({ seat, half })))
    .filter((it) => isHalfFree(world, run, it, fromStop, toStop))
  return free.length < party ? undefined : free.slice(0, party)
}

/** Somebody of the run sits on a half of one of them. */
export function satOn(world: World, run: ModelRun, berths: readonly number[]): number[] {
  return berths.filter((seat) =>
    sharersOn(world, run.id).some((b) =>
      stillThere(b).some((at) => b.passengers[at]?.seat === seat),
    ),
  )
}

/** How many are to have a whole berth before it. */
export function sharersAhead(world: World, booking: ModelBooking): number {
  const closed = world.charts.some((chart) => chart.runId === booking.runId && chart.closed)
  if (closed || !isSharing(booking)) return 0
  const meets = (it: { readonly fromStop: number; readonly toStop: number }) =>
    it.fromStop < booking.toStop && booking.fromStop < it.toStop
  const isAhead = (other: ModelBooking) => {
    if (other.status !== 'waiting') {
      const isThere = other.runId === booking.runId && other.classCode === booking.classCode
      return isThere && isSharing(other) && meets(other)
    }
    return other.waiting?.options.some(
      (it) =>
        it.shared && it.runId === booking.runId && it.classCode === booking.classCode && meets(it),
    )
  }
  return world.bookings.filter((other) => other.id < booking.id && isAhead(other)).length
}
