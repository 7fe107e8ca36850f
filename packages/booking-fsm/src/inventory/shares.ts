/**
 * Berths that two passengers share, each sitting on one half of it: reservation against cancellation. Such a berth is off
 * sale to everybody else (a block says which ones). A half has a number of its own where a booking says its seats.
 */
import type { ClassLayout } from './layout.ts'
import { type Inventory, wordMask } from './occupancy.ts'

/** Per berth the segments on which its halves are taken: the words of the first half, then those of the second. */
export interface Shares {
  /** The berths that are shared now. */
  readonly berths: Set<number>
  /** Taken ones, also of berths that are shared no more, on a run that is over. */
  readonly taken: Map<number, Uint32Array>
  /** By booking, how many halves it has: those that are paid long ago are not looked for among all of the run. */
  readonly sharers: Map<number, number>
}

/** Below the numbers that say that there is no seat. */
const FIRST_HALF = -10

/** Of those who travel on a booking, all have halves or none. */
export function isShared(seats: readonly number[]): boolean {
  return isHalf(seats[0] ?? 0)
}

export function isHalf(seat: number): boolean {
  return seat <= FIRST_HALF
}

export function halfOf(berth: number, half: number): number {
  return FIRST_HALF - (berth * 2 + half)
}

/** The berth of a half; any other seat is what it is. */
export function berthOf(seat: number): number {
  return isHalf(seat) ? (FIRST_HALF - seat) >> 1 : seat
}

/** The same half of another berth. */
export function sameHalf(half: number, berth: number): number {
  return halfOf(berth, (FIRST_HALF - half) & 1)
}

export function shareBerths(inventory: Inventory, berths: readonly number[]): void {
  inventory.shares ??= noShares()
  for (const berth of berths) inventory.shares.berths.add(berth)
}

export function unshareBerths(inventory: Inventory, berths: readonly number[]): void {
  for (const berth of berths) inventory.shares?.berths.delete(berth)
}

export function takeHalves(
  inventory: Inventory,
  bookingId: number,
  halves: readonly number[],
  from: number,
  to: number,
): void {
  inventory.shares ??= noShares()
  const { taken, sharers } = inventory.shares
  sharers.set(bookingId, (sharers.get(bookingId) ?? 0) + halves.length)
  for (const half of halves) {
    if (!isHalfFree(inventory, half, from, to)) throw new Error(`half ${half} is given twice`)
    const berth = berthOf(half)
    const bits = taken.get(berth) ?? new Uint32Array(inventory.words * 2)
    taken.set(berth, bits)
    const first = firstWord(inventory, half)
    for (let word = from >> 5; word <= (to - 1) >> 5; word++) {
      bits[first + word] = (bits[first + word] as number) | wordMask(word, from, to)
    }
  }
}

export function freeHalves(
  inventory: Inventory,
  bookingId: number,
  halves: readonly number[],
  from: number,
  to: number,
): void {
  const sharers = inventory.shares?.sharers
  const left = (sharers?.get(bookingId) ?? 0) - halves.length
  if (left > 0) sharers?.set(bookingId, left)
  else sharers?.delete(bookingId)
  for (const half of halves) {
    const berth = berthOf(half)
    const bits = inventory.shares?.taken.get(berth)
    if (bits === undefined) continue
    const first = firstWord(inventory, half)
    for (let word = from >> 5; word <= (to - 1) >> 5; word++) {
      bits[first + word] = (bits[first + word] as number) & ~wordMask(word, from, to)
    }
    if (bits.every((it) => it === 0)) inventory.shares?.taken.delete(berth)
  }
}

/** The first halves of the class that are free all the way, by berth; undefined: there are not so many. */
export function findHalves(
  inventory: Inventory | undefined,
  classAt: Uint8Array,
  { position }: ClassLayout,
  from: number,
  to: number,
  wanted: number,
): readonly number[] | undefined {
  if (inventory?.shares === undefined) return undefined
  const found: number[] = []
  for (const berth of [...inventory.shares.berths].sort((a, b) => a - b)) {
    if (classAt[berth] !== position) continue
    for (const half of [halfOf(berth, 0), halfOf(berth, 1)]) {
      if (isHalfFree(inventory, half, from, to)) found.push(half)
      if (found.length === wanted) return found
    }
  }
  return undefined
}

/** Each is of a berth that is shared now, and nobody has it. */
export function areHalvesFree(
  inventory: Inventory,
  halves: readonly number[],
  from: number,
  to: number,
): boolean {
  const berths = inventory.shares?.berths
  return halves.every(
    (half) => berths?.has(berthOf(half)) === true && isHalfFree(inventory, half, from, to),
  )
}

/** Those of the berths on which somebody sits somewhere. */
export function sharedBySome(
  inventory: Inventory | undefined,
  berths: readonly number[],
): readonly number[] {
  const taken = inventory?.shares?.taken
  return taken === undefined ? [] : berths.filter((berth) => taken.has(berth))
}

/** The bookings whose passengers sit on halves, in no order. */
export function sharersIn(inventory: Inventory | undefined): readonly number[] {
  return [...(inventory?.shares?.sharers.keys() ?? [])]
}

/** Somebody on the run sits on half a berth. */
export function hasSharers(inventory: Inventory | undefined): boolean {
  return (inventory?.shares?.taken.size ?? 0) > 0
}

function noShares(): Shares {
  return { berths: new Set(), taken: new Map(), sharers: new Map() }
}

function isHalfFree(inventory: Inventory, half: number, from: number, to: number): boolean {
  const bits = inventory.shares?.taken.get(berthOf(half))
  if (bits === undefined) return true
  const first = firstWord(inventory, half)
  for (let word = from >> 5; word <= (to - 1) >> 5; word++) {
    if (((bits[first + word] as number) & wordMask(word, from, to)) !== 0) return false
  }
  return true
}

function firstWord({ words }: Inventory, half: number): number {
  return ((FIRST_HALF - half) & 1) * words
}
