/**
 * Best fit: the seats on which the journey leaves the least unused stretch, a group together: the
 * fewest neighbouring rows of one coach, then the fewest neighbouring coaches.
 */
import type { ClassLayout, Unit } from './layout.ts'
import { type Inventory, isFree } from './occupancy.ts'
import { residualOf } from './residual.ts'

/** The seats, ascending; or how many are free, when they are too few. */
export function chooseSeats(
  inventory: Inventory,
  of: ClassLayout,
  from: number,
  to: number,
  wanted: number,
): readonly number[] | number {
  if (wanted === 1) return chooseSeat(inventory, of, from, to)
  const free = rateSeats(inventory, of, from, to)
  if (free < wanted) return free
  return bestWindow(of.rows, wanted) ?? bestWindow([of.coaches], wanted) ?? free
}

/** A lone passenger's seat: the least residual, then the first seat. */
function chooseSeat(
  inventory: Inventory,
  of: ClassLayout,
  from: number,
  to: number,
): readonly number[] | number {
  let best = -1
  let least = Number.MAX_SAFE_INTEGER
  for (const { firstSeat, seatCount } of of.coaches) {
    for (let seat = firstSeat; seat < firstSeat + seatCount; seat++) {
      if (!isFree(inventory, seat, from, to)) continue
      const residual = residualOf(inventory, seat, from, to)
      if (residual === 0) return [seat]
      if (residual >= least) continue
      least = residual
      best = seat
    }
  }
  return best < 0 ? 0 : [best]
}

/** Per seat its residual, or TAKEN: written and read within one choice, for the seats of its class. */
const rating = new Int16Array(2_000)
const TAKEN = -1

/** Fills `rating` and counts the free seats. */
function rateSeats(inventory: Inventory, of: ClassLayout, from: number, to: number): number {
  let free = 0
  for (const { firstSeat, seatCount } of of.coaches) {
    for (let seat = firstSeat; seat < firstSeat + seatCount; seat++) {
      const isIt = isFree(inventory, seat, from, to)
      rating[seat] = isIt ? residualOf(inventory, seat, from, to) : TAKEN
      if (isIt) free++
    }
  }
  return free
}

/** The best window of neighbouring units, as few of them as will do; undefined when none will. */
function bestWindow(groups: readonly (readonly Unit[])[], wanted: number): number[] | undefined {
  let span = Number.MAX_SAFE_INTEGER
  for (const units of groups) span = Math.min(span, smallestSpan(units, wanted))
  let best: Picked | undefined
  for (const units of groups) {
    for (let first = 0; first + span <= units.length; first++) {
      const picked = pick(units, first, span, wanted)
      if (picked !== undefined && (best === undefined || picked.sum < best.sum)) best = picked
      if (best?.sum === 0) return best.seats.sort(ascending)
    }
  }
  return best?.seats.sort(ascending)
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

interface Picked {
  readonly sum: number
  readonly seats: number[]
}

/** The seats of the window with the least (residual, number); undefined when they are too few. */
function pick(
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
      if (residual === TAKEN) continue
      let place = seats.length
      while (place > 0 && (rating[seats[place - 1] as number] as number) > residual) place--
      if (place >= wanted) continue
      seats.splice(place, 0, seat)
      if (seats.length > wanted) seats.pop()
    }
  }
  if (seats.length < wanted) return undefined
  return { sum: seats.reduce((sum, seat) => sum + (rating[seat] as number), 0), seats }
}

function freeIn({ firstSeat, seatCount }: Unit): number {
  let free = 0
  for (let seat = firstSeat; seat < firstSeat + seatCount; seat++) {
    if (rating[seat] !== TAKEN) free++
  }
  return free
}

function ascending(a: number, b: number): number {
  return a - b
}
