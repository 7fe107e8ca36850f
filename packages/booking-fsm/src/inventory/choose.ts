/**
 * Best fit: the seats on which the journey leaves the least unused stretch, a group together: the
 * fewest neighbouring rows of one coach, then the fewest neighbouring coaches.
 */
import type { ClassLayout, Layout, Unit } from './layout.ts'
import { type Inventory, isFree } from './occupancy.ts'
import { residualOf } from './residual.ts'
import { bestBay, bestWindow, type Picked, pick, rating, TAKEN } from './windows.ts'
import { chooseByWishes, type Wishes } from './wishes.ts'

/** The seats, ascending, wheelchair places first; or how many are free, when they are too few. */
export function chooseSeats(
  inventory: Inventory,
  layout: Layout,
  of: ClassLayout,
  from: number,
  to: number,
  wanted: number,
  wishes?: Wishes,
): readonly number[] | number {
  const most = inventory.segments - (to - from)
  if (wishes === undefined && wanted === 1) return chooseSeat(inventory, layout, of, from, to)
  const free = rateSeats(inventory, layout, of, from, to, most)
  if (wishes !== undefined) return chooseByWishes(of, wanted, wishes)
  if (free < wanted) return free
  return (
    bestBay(of.bays, wanted) ??
    bestRow(inventory, of, wanted, most) ??
    bestWindow(of.rows, wanted) ??
    bestWindow([of.coaches], wanted) ??
    free
  )
}

/** A lone passenger's seat: the least residual, then the first seat. */
function chooseSeat(
  inventory: Inventory,
  { classAt }: Layout,
  of: ClassLayout,
  from: number,
  to: number,
): readonly number[] | number {
  // Every seat that nobody has anywhere fits as badly as can be: only the first of them counts.
  let best = firstUntouched(inventory, of)
  let least = best < 0 ? Number.MAX_SAFE_INTEGER : inventory.segments - (to - from)
  const short = inventory.words === 1
  const { taken, before, after } = masksOf(from, to)
  for (const seat of inventory.touched) {
    if (classAt[seat] !== of.position) continue
    let residual: number
    if (short) {
      // As below, in one word: most trains have no more than 32 segments, and this is a hold's hottest loop.
      const bits = inventory.bits[seat] as number
      if ((bits & taken) !== 0) continue
      const high = bits & after
      const until = high === 0 ? inventory.segments : 31 - Math.clz32(high & -high)
      residual = until - (32 - Math.clz32(bits & before)) - (to - from)
    } else {
      if (!isFree(inventory, seat, from, to)) continue
      residual = residualOf(inventory, seat, from, to)
    }
    if (residual > least || (residual === least && seat > best)) continue
    least = residual
    best = seat
  }
  return best < 0 ? 0 : [best]
}

/** The segments of [from, to), those before and those after it, for runs of one word. */
function masksOf(from: number, to: number): { taken: number; before: number; after: number } {
  const before = from === 0 ? 0 : ~0 >>> (32 - from)
  const after = to >= 32 ? 0 : ~0 << to
  return { taken: ~(before | after), before, after }
}

function firstUntouched({ touchedAt }: Inventory, of: ClassLayout): number {
  for (const { firstSeat, seatCount } of of.coaches) {
    for (let seat = firstSeat; seat < firstSeat + seatCount; seat++) {
      if (touchedAt[seat] === -1) return seat
    }
  }
  return -1
}

/** Fills `rating` for the seats of the class, and counts the free ones. */
function rateSeats(
  inventory: Inventory,
  { classAt }: Layout,
  of: ClassLayout,
  from: number,
  to: number,
  most: number,
): number {
  let free = of.capacity
  for (const { firstSeat, seatCount } of of.coaches) {
    rating.fill(most, firstSeat, firstSeat + seatCount)
  }
  for (const seat of inventory.touched) {
    if (classAt[seat] !== of.position) continue
    if (isFree(inventory, seat, from, to)) rating[seat] = residualOf(inventory, seat, from, to)
    else {
      rating[seat] = TAKEN
      free--
    }
  }
  return free
}

/**
 * The best single row, if one has room. Rows that nobody sits in anywhere are all alike: the first
 * of them stands for the others.
 */
function bestRow(
  inventory: Inventory,
  of: ClassLayout,
  wanted: number,
  most: number,
): readonly number[] | undefined {
  let best: Picked | undefined
  let sawUntouched = false
  for (const rows of of.rows) {
    for (let at = 0; at < rows.length; at++) {
      const row = rows[at] as Unit
      if (row.seatCount < wanted) break
      if (isUntouched(inventory, row)) {
        if (sawUntouched || (best !== undefined && best.sum <= wanted * most)) continue
        sawUntouched = true
      }
      const picked = pick(rows, at, 1, wanted)
      if (picked !== undefined && (best === undefined || picked.sum < best.sum)) best = picked
    }
  }
  return best?.seats.sort((a, b) => a - b)
}

function isUntouched({ touchedAt }: Inventory, { firstSeat, seatCount }: Unit): boolean {
  for (let seat = firstSeat; seat < firstSeat + seatCount; seat++) {
    if (touchedAt[seat] !== -1) return false
  }
  return true
}
