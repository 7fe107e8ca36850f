/** How many places of a class are left for anybody. */

import { isReseating } from '../consist/run-consist.ts'
import { isInDraw } from '../draws/draw.ts'
import { roomBeside } from '../seat-promise/places.ts'
import { overbookedBy } from '../seat-promise/rule.ts'
import type { BookingState } from '../state.ts'
import type { Run } from '../things.ts'
import type { ClassLayout } from './layout.ts'
import { countFree, isEmpty, isFree } from './occupancy.ts'
import { generalRoom, poolsKept } from './quotas.ts'
import { arePlacesClosed } from './seat-rule.ts'

/** For somebody who asks for nothing in particular. */
export function freePlaces(
  state: BookingState,
  run: Run,
  of: ClassLayout,
  from: number,
  to: number,
  nowMs: number,
): number {
  // A draw decides first who gets them; and other coaches, who stays.
  if (isInDraw(state, run.runId)) return 0
  if (isReseating(state, run.runId)) return 0
  const seats = () => freeSeatsOf(run, of, from, to) - keptPlaces(state, run, of, from, to, nowMs)
  const free = roomBeside(state, run, of, from, to, nowMs, seats) ?? seats()
  const kept = poolsKept(state, run, of.classCode, nowMs)
  if (kept.length === 0) return free
  const extra = overbookedBy(state, run, of, nowMs)
  return Math.max(0, Math.min(free, generalRoom(run, of, kept, from, to, extra)))
}

/** Free wheelchair places that are not for everybody. */
function keptPlaces(
  state: BookingState,
  run: Run,
  of: ClassLayout,
  from: number,
  to: number,
  nowMs: number,
): number {
  if (!arePlacesClosed(state, run, of, nowMs)) return 0
  const { inventory } = run
  return of.wheelchairs.filter(
    (seat) => inventory === undefined || isFree(inventory, seat, from, to),
  ).length
}

/** Seats that nobody has anywhere between the stops. */
export function freeSeatsOf({ inventory }: Run, of: ClassLayout, from: number, to: number): number {
  if (inventory === undefined || isEmpty(inventory, from, to)) return of.capacity
  let free = 0
  for (const { firstSeat, seatCount } of of.coaches) {
    free += countFree(inventory, firstSeat, seatCount, from, to)
  }
  return free
}
