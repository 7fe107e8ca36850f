/** Groups of seats: windows of neighbouring rows or coaches, rated by how well the seats fit. */
import type { Unit } from './layout.ts'

/** Per seat its residual and what it lacks of the wishes, or TAKEN: written and read within one choice, for the seats of its class. */
export const rating = new Int16Array(2_000)
export const TAKEN = -1

export interface Picked {
  readonly sum: number
  readonly seats: number[]
}

/** The best window of neighbouring units, as few of them as will do; undefined when none will. */
export function bestWindow(
  groups: readonly (readonly Unit[])[],
  wanted: number,
): number[] | undefined {
  let span = Number.MAX_SAFE_INTEGER
  for (const units of groups) span = Math.min(span, smallestSpan(units, wanted))
  let best: Picked | undefined
  for (const units of groups) {
    for (let first = 0; first + span <= units.length; first++) {
      const picked = pick(units, first, span, wanted)
      if (picked !== undefined && (best === undefined || picked.sum < best.sum)) best = picked
    }
  }
  return best?.seats.sort((a, b) => a - b)
}

/** The best bay that holds them all; of equal ones the first. */
export function bestBay(
  bays: readonly (readonly number[])[],
  wanted: number,
): number[] | undefined {
  if (wanted === 1) return undefined
  let best: Picked | undefined
  for (const bay of bays) {
    const picked = pickFrom(bay, wanted)
    if (picked !== undefined && (best === undefined || picked.sum < best.sum)) best = picked
  }
  return best?.seats.sort((a, b) => a - b)
}

/** Of these seats, which ascend, those with the least (rating, number); undefined when they are too few. */
export function pickFrom(from: readonly number[], wanted: number): Picked | undefined {
  const seats: number[] = []
  for (const seat of from) {
    if (rating[seat] !== TAKEN) insert(seats, seat, rating[seat] as number, wanted)
  }
  return seats.length < wanted ? undefined : { sum: sumOf(seats), seats }
}

/** The seats of the window with the least (residual, number); undefined when they are too few. */
export function pick(
  units: readonly Unit[],
  first: number,
  span: number,
  wanted: number,
): Picked | undefined {
  const seats: number[] = []
  for (let at = first; at < first + span; at++) {
    const { firstSeat, seatCount } = units[at] as Unit
    for (let seat = firstSeat; seat < firstSeat + seatCount; seat++) {
      const residual = rating[seat] as number
      if (residual !== TAKEN) insert(seats, seat, residual, wanted)
    }
  }
  if (seats.length < wanted) return undefined
  return { sum: sumOf(seats), seats }
}

function sumOf(seats: readonly number[]): number {
  let sum = 0
  for (const seat of seats) sum += rating[seat] as number
  return sum
}

/** Keeps the best seats in order of residual; seats come by number, so equal ones stay in order. */
function insert(seats: number[], seat: number, residual: number, wanted: number): void {
  let place = seats.length
  while (place > 0 && (rating[seats[place - 1] as number] as number) > residual) place--
  if (place >= wanted) return
  if (seats.length < wanted) seats.push(seat)
  for (let at = seats.length - 1; at > place; at--) seats[at] = seats[at - 1] as number
  seats[place] = seat
}

/** How many neighbouring units hold enough free seats, at the least. */
function smallestSpan(units: readonly Unit[], wanted: number): number {
  let least = Number.MAX_SAFE_INTEGER
  let first = 0
  let free = 0
  for (let last = 0; last < units.length; last++) {
    free += freeIn(units[last] as Unit)
    // As long as it is enough without the first unit, the window is longer than it need be.
    for (let spare = freeIn(units[first] as Unit); free - spare >= wanted; ) {
      free -= spare
      first++
      spare = freeIn(units[first] as Unit)
    }
    if (free >= wanted) least = Math.min(least, last - first + 1)
  }
  return least
}

function freeIn({ firstSeat, seatCount }: Unit): number {
  let free = 0
  for (let seat = firstSeat; seat < firstSeat + seatCount; seat++) {
    if (rating[seat] !== TAKEN) free++
  }
  return free
}
