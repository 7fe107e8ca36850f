/** How many places of a class are left for anybody. */
import type { BookingState } from '../state.ts'
import type { Run } from '../things.ts'
import type { ClassLayout } from './layout.ts'
import { countFree, isEmpty, isFree } from './occupancy.ts'
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
  const free = freeSeatsOf(run, of, from, to)
  if (!arePlacesClosed(state, run, of, nowMs)) return free
  const { inventory } = run
  const kept = of.wheelchairs.filter(
    (seat) => inventory === undefined || isFree(inventory, seat, from, to),
  )
  return free - kept.length
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
