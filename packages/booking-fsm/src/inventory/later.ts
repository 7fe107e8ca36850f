/**
 * Places without a seat yet: counted per class and segment, and seated when the chart closes.
 *
 * A seat is _open_ from the end of the last stretch of it that somebody has. The law is: on each segment there are at least
 * as many open seats of the class as places to be seated. Then who boards at a stop can take any seats that are free there, stop
 * after stop, and there are always enough (docs/internals/booking-rules.md, _Seats given later_). Wheelchair places do not count: they
 * may be kept from everybody again.
 */
import type { Run } from '../things.ts'
import type { ClassLayout } from './layout.ts'
import { type Claim, countClaim, type Inventory, isFree } from './occupancy.ts'
import { residualOf } from './residual.ts'
import { seatsOf } from './seat-rule.ts'

/** In place of a seat's number. Of those who travel on a booking, all have seats or none. */
export const LATER = -1

export function isLater(seats: readonly number[]): boolean {
  return seats[0] === LATER
}

/** Takes places, or gives them back. */
export function countLater(
  inventory: Inventory,
  position: number,
  from: number,
  to: number,
  claim: Claim,
  by: number,
): void {
  inventory.later ??= []
  const later = inventory.later[position] ?? new Uint16Array(inventory.segments)
  inventory.later[position] = later
  for (let segment = from; segment < to; segment++) later[segment] = (later[segment] as number) + by
  countClaim(inventory, claim, from, to, by)
}

/** Per segment the places of the class that are to be seated; undefined: none. */
export function laterOn(
  inventory: Inventory | undefined,
  { position }: ClassLayout,
): Uint16Array | undefined {
  const later = inventory?.later?.[position]
  return later?.some((places) => places > 0) === true ? later : undefined
}

/** Per segment the seats of the class that nobody has there or further on. */
export function openSeats(inventory: Inventory, classAt: Uint8Array, of: ClassLayout): Uint16Array {
  const open = new Uint16Array(inventory.segments).fill(of.capacity - of.wheelchairs.length)
  for (const seat of inventory.touched) {
    if (classAt[seat] !== of.position || of.wheelchairs.includes(seat)) continue
    const end = openFrom(inventory, seat)
    for (let segment = 0; segment < end; segment++) open[segment] = (open[segment] as number) - 1
  }
  return open
}

/** The first segment from which on nobody has the seat. */
export function openFrom({ words, bits }: Inventory, seat: number): number {
  for (let word = words - 1; word >= 0; word--) {
    const taken = bits[seat * words + word] as number
    if (taken !== 0) return word * 32 + 32 - Math.clz32(taken)
  }
  return 0
}

/** How many more may be promised a place on [from, to), at least 0; `extra` of them beyond the seats. */
export function placesLeft(
  inventory: Inventory,
  classAt: Uint8Array,
  of: ClassLayout,
  from: number,
  to: number,
  extra: number,
): number {
  const open = openSeats(inventory, classAt, of)
  const later = laterOn(inventory, of)
  let least = of.capacity + extra
  for (let at = from; at < to; at++) {
    least = Math.min(least, (open[at] as number) + extra - (later?.[at] ?? 0))
  }
  return Math.max(least, 0)
}

/** How many seats, whichever they are, may be taken up to a stop so that those who have none yet still find one. */
export function seatsToSpare(
  inventory: Inventory,
  classAt: Uint8Array,
  of: ClassLayout,
  to: number,
): number {
  const later = laterOn(inventory, of)
  if (later === undefined) return of.capacity
  const open = openSeats(inventory, classAt, of)
  let least = of.capacity
  for (let at = 0; at < to; at++) {
    const places = later[at] as number
    if (places > 0) least = Math.min(least, (open[at] as number) - places)
  }
  return Math.max(least, 0)
}

/** Whether those who have no seat yet still find one when these are taken up to a stop; the run has an inventory. */
export function leavesEnough(
  { inventory, layout }: Run,
  of: ClassLayout,
  seats: readonly number[],
  to: number,
): boolean {
  const later = laterOn(inventory, of)
  if (inventory === undefined || later === undefined) return true
  const open = openSeats(inventory, layout.classAt, of)
  const ends = seats
    .filter((seat) => layout.classAt[seat] === of.position && !of.wheelchairs.includes(seat))
    .map((seat) => openFrom(inventory, seat))
  for (let at = 0; at < to; at++) {
    const fewer = ends.filter((end) => end <= at).length
    if (fewer > 0 && (open[at] as number) - fewer < (later[at] as number)) return false
  }
  return true
}

/**
 * The free seats of the class that are of no use to those who are seated later: somebody has them further on, or they are
 * wheelchair places that anybody may have. Those that fit best first.
 */
export function gapSeats(
  inventory: Inventory,
  of: ClassLayout,
  from: number,
  to: number,
  placesClosed: boolean,
): number[] {
  const gaps: { seat: number; residual: number }[] = []
  for (const seat of seatsOf(of)) {
    const isPlace = of.wheelchairs.includes(seat)
    if (isPlace ? placesClosed : openFrom(inventory, seat) <= to) continue
    if (!isFree(inventory, seat, from, to)) continue
    gaps.push({ seat, residual: residualOf(inventory, seat, from, to) })
  }
  gaps.sort((a, b) => a.residual - b.residual || a.seat - b.seat)
  return gaps.map(({ seat }) => seat)
}
