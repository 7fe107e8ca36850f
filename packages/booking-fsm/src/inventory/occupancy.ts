import type { Shares } from './shares.ts'

/**
 * Which seat of a run is taken on which segment: one bitmap per seat (seat-major), and per segment
 * how many seats are held and sold. Derived from live bookings; it has no rows of its own.
 */
export interface Inventory {
  readonly segments: number
  /** 32-bit words per seat. */
  readonly words: number
  /** `bits[seat * words + (segment >> 5)]`, bit `segment & 31`. */
  readonly bits: Uint32Array
  /** The seats that are taken somewhere, in no order, and where each stands there (−1: nowhere). */
  readonly touched: number[]
  readonly touchedAt: Int16Array
  readonly held: Uint16Array
  readonly sold: Uint16Array
  readonly blocked: Uint16Array
  /** Of each pool, by class code and pool's code, the places taken; made when one is. */
  pools: Map<string, Uint16Array> | undefined
  /** Of each class, by its position, the places whose seats are given later; made when one is. */
  later: (Uint16Array | undefined)[] | undefined
  /** Berths that two share; made when one is. */
  shares: Shares | undefined
}
/** Held: by a hold or a payment on its way. Sold: confirmed. Blocked: off sale, by staff. */
export type Claim = 'held' | 'sold' | 'blocked'

export function createInventory(capacity: number, segments: number): Inventory {
  const words = (segments + 31) >> 5
  return {
    segments,
    words,
    bits: new Uint32Array(capacity * words),
    touched: [],
    touchedAt: new Int16Array(capacity).fill(-1),
    held: new Uint16Array(segments),
    sold: new Uint16Array(segments),
    blocked: new Uint16Array(segments),
    pools: undefined,
    later: undefined,
    shares: undefined,
  }
}

/** Somebody has a seat or a place of it, or a seat is off sale. */
export function isTakenSomewhere({
  inventory,
}: {
  readonly inventory: Inventory | undefined
}): boolean {
  if (inventory === undefined) return false
  const { touched, held, sold } = inventory
  return touched.length > 0 || held.some((of) => of > 0) || sold.some((of) => of > 0)
}

/** Free on every segment of [from, to). */
export function isFree(inventory: Inventory, seat: number, from: number, to: number): boolean {
  const { words, bits } = inventory
  for (let word = from >> 5; word <= (to - 1) >> 5; word++) {
    if (((bits[seat * words + word] as number) & wordMask(word, from, to)) !== 0) return false
  }
  return true
}

export function takeSeats(
  inventory: Inventory,
  seats: readonly number[],
  from: number,
  to: number,
  claim: Claim,
): void {
  const { words, bits } = inventory
  for (const seat of seats) {
    if (!isFree(inventory, seat, from, to)) throw new Error(`seat ${seat} is sold twice`)
    for (let word = from >> 5; word <= (to - 1) >> 5; word++) {
      const at = seat * words + word
      bits[at] = (bits[at] as number) | wordMask(word, from, to)
    }
    touch(inventory, seat)
  }
  count(inventory[claim], from, to, seats.length)
}

export function freeSeats(
  inventory: Inventory,
  seats: readonly number[],
  from: number,
  to: number,
  claim: Claim,
): void {
  const { words, bits } = inventory
  for (const seat of seats) {
    for (let word = from >> 5; word <= (to - 1) >> 5; word++) {
      const at = seat * words + word
      bits[at] = (bits[at] as number) & ~wordMask(word, from, to)
    }
    if (isFree(inventory, seat, 0, inventory.segments)) untouch(inventory, seat)
  }
  count(inventory[claim], from, to, -seats.length)
}

/** What was held is sold now. */
export function sellSeats(inventory: Inventory, seats: number, from: number, to: number): void {
  count(inventory.held, from, to, -seats)
  count(inventory.sold, from, to, seats)
}

/** How many seats in [firstSeat, firstSeat + seatCount) are free on [from, to). */
export function countFree(
  inventory: Inventory,
  firstSeat: number,
  seatCount: number,
  from: number,
  to: number,
): number {
  let free = 0
  for (let seat = firstSeat; seat < firstSeat + seatCount; seat++) {
    if (isFree(inventory, seat, from, to)) free++
  }
  return free
}

/** No seat of the run is taken anywhere on [from, to). */
export function isEmpty(inventory: Inventory, from: number, to: number): boolean {
  for (let segment = from; segment < to; segment++) {
    if (inventory.held[segment] !== 0 || inventory.sold[segment] !== 0) return false
    if (inventory.blocked[segment] !== 0) return false
  }
  return true
}

/** The bits of [from, to) that lie in this word. */
export function wordMask(word: number, from: number, to: number): number {
  const start = Math.max(from - word * 32, 0)
  const end = Math.min(to - word * 32, 32)
  return (~0 << start) & (~0 >>> (32 - end))
}

function touch({ touched, touchedAt }: Inventory, seat: number): void {
  if (touchedAt[seat] !== -1) return
  touchedAt[seat] = touched.length
  touched.push(seat)
}

/** The last of the list takes the place. */
function untouch({ touched, touchedAt }: Inventory, seat: number): void {
  const at = touchedAt[seat] as number
  if (at === -1) return
  touchedAt[seat] = -1
  const last = touched.pop() as number
  if (last === seat) return
  touched[at] = last
  touchedAt[last] = at
}

function count(counters: Uint16Array, from: number, to: number, by: number): void {
  for (let segment = from; segment < to; segment++) {
    counters[segment] = (counters[segment] as number) + by
  }
}

/** Counts places that are held or sold without a seat, too. */
export function countClaim(
  inventory: Inventory,
  claim: Claim,
  from: number,
  to: number,
  by: number,
): void {
  count(inventory[claim], from, to, by)
}

/** Per segment, how many places of the class are free: seats that nobody has, less those who get theirs later. */
export function freeBySegment(
  inventory: Inventory,
  classAt: Uint8Array,
  { position, capacity }: { readonly position: number; readonly capacity: number },
): Uint16Array | Int16Array {
  const { words, bits, segments, touched } = inventory
  const free = new Uint16Array(segments).fill(capacity)
  for (const seat of touched) {
    if (classAt[seat] !== position) continue
    for (let word = 0; word < words; word++) {
      for (let rest = bits[seat * words + word] as number; rest !== 0; rest &= rest - 1) {
        const segment = word * 32 + 31 - Math.clz32(rest & -rest)
        free[segment] = (free[segment] as number) - 1
      }
    }
  }
  const later = inventory.later?.[position]
  if (later === undefined) return free
  return Int16Array.from(free, (seats, segment) => seats - (later[segment] as number))
}

/** Counts places of a pool, or gives them back. */
export function countPool(
  inventory: Inventory,
  pool: string,
  from: number,
  to: number,
  by: number,
): void {
  inventory.pools ??= new Map()
  const used = inventory.pools.get(pool) ?? new Uint16Array(inventory.segments)
  inventory.pools.set(pool, used)
  count(used, from, to, by)
}
