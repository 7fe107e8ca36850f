/**
 * Where a run's bookings sit in its new formation, party by party: what is free there follows from the rows
 * alone, so that any node finds the same seats, also one that has just been loaded.
 */
import { isOfRun } from '../inventory/blocks.ts'
import { isLater } from '../inventory/later.ts'
import { type ClassLayout, classOf, type Layout } from '../inventory/layout.ts'
import { createInventory, type Inventory, isFree, takeSeats } from '../inventory/occupancy.ts'
import { residualOf } from '../inventory/residual.ts'
import { countBits, propertyBits } from '../inventory/seat-properties.ts'
import { arePlacesClosed, seatsOf } from '../inventory/seat-rule.ts'
import { berthOf, isShared, sameHalf } from '../inventory/shares.ts'
import { rating, TAKEN } from '../inventory/windows.ts'
import { chooseByWishes } from '../inventory/wishes.ts'
import { claimOf, liveSeats, travelling } from '../live.ts'
import type { BookingState } from '../state.ts'
import type { Booking, Run } from '../things.ts'
import { otherClasses } from './classes.ts'
import { maskAt, samePlaces } from './run-consist.ts'
import type { Party, Reseating } from './things.ts'

/** The new formation as far as it is filled. */
export interface SeatPlan {
  readonly state: BookingState
  readonly run: Run
  readonly layout: Layout
  /** Seats off sale, and those of parties that are seated. */
  readonly filled: Inventory
  /** Seats that parties will keep who are not seated yet. */
  readonly claimed: Inventory
  /** By seat of the old formation. */
  readonly same: Int16Array
}

export interface Seated {
  readonly classCode: string
  readonly seats: readonly number[]
  readonly backs: readonly number[]
}

/** A seat that somebody else would keep is worse than any other. */
const CLAIMED = 16_000
/** Those that one may wish for: what comes behind them says for whom a seat is. */
const WISHES = propertyBits.wheelchair - 1

/** Who needs a wheelchair place first, then the largest, then who has no seats yet; who has not paid comes last. */
export function rankOf(booking: Booking): number {
  const there = travelling(booking)
  const { layout } = booking.run
  const size = 6 - there.length
  const unpaid = booking.status === 'confirmed' ? 0 : UNPAID
  // Stop after stop: then there are enough, if there were enough before (`inventory/later.ts`).
  if (isLater(liveSeats(booking))) return unpaid + 100 + booking.fromStop * 10 + size
  // A berth of their own is for those who have paid for one alone.
  if (isShared(liveSeats(booking))) return unpaid + 5_000 + size
  const needs = there.some((position) => needsPlace(layout, booking.seats[position] as number))
  return unpaid + (needs && unpaid === 0 ? 0 : 10) + size
}
const UNPAID = 10_000

/** Lower ones are dealt with before higher ones; undefined: nothing is to be done. */
export function stageOf({ status, rank }: Party): number | undefined {
  if (status === 'left') return 1
  if (status !== 'listed') return undefined
  return rank >= UNPAID ? 2 : 0
}

export function isOn({ run, status }: Booking, runId: number): boolean {
  return run.runId === runId && claimOf(status) !== undefined
}

export function planOf(state: BookingState, run: Run, reseating: Reseating): SeatPlan {
  const { layout } = reseating
  const segments = run.train.stops.length - 1
  const filled = createInventory(layout.capacity, segments)
  const claimed = createInventory(layout.capacity, segments)
  const same = samePlaces(run.layout, layout)
  takeSeats(filled, blockedIn(state, run, reseating, same), 0, segments, 'blocked')
  const plan: SeatPlan = { state, run, layout, filled, claimed, same }
  for (const { status, bookingId, seats } of reseating.parties.values()) {
    if (status !== 'listed' && status !== 'seated') continue
    const booking = state.bookings.get(bookingId)
    if (booking === undefined || !isOn(booking, run.runId)) continue
    if (status === 'seated') fill(plan, booking, seats)
    else claim(plan, booking)
  }
  return plan
}

/** Seats off sale in the new formation: what is off sale now, by place, and what the change says. */
export function blockedIn(
  state: BookingState,
  run: Run,
  { blockedSeats }: Pick<Reseating, 'blockedSeats'>,
  same: Int16Array,
): number[] {
  const blocked = new Set(blockedSeats)
  for (const block of state.blocks.values()) {
    if (!isOfRun(block, run)) continue
    for (const seat of block.seats)
      if ((same[seat] as number) >= 0) blocked.add(same[seat] as number)
  }
  return [...blocked]
}

/** In its own class, where it sat if it can; undefined: there is no room. */
export function seatAtHome(plan: SeatPlan, booking: Booking): Seated | undefined {
  const { classCode } = booking
  const halves = keptHalves(plan, booking)
  if (halves !== undefined) return seated(plan, booking, classCode, halves, [])
  unclaim(plan, booking)
  const kept = keptSeats(plan, booking)
  const seats =
    kept !== undefined && areFree(plan, booking, kept) ? kept : findSeats(plan, booking, classCode)
  return seats && seated(plan, booking, classCode, seats, [])
}

/** In another class, the dearest first; what a cheaper one costs less comes back. */
export function seatElsewhere(plan: SeatPlan, booking: Booking): Seated | undefined {
  for (const { classCode, backs } of otherClasses(plan.state, plan.layout, booking)) {
    const seats = findSeats(plan, booking, classCode)
    if (seats !== undefined) return seated(plan, booking, classCode, seats, backs)
  }
  return undefined
}

export function needsPlace(layout: Layout, seat: number): boolean {
  return (maskAt(layout, seat) & propertyBits.wheelchair) !== 0
}

function seated(
  plan: SeatPlan,
  booking: Booking,
  classCode: string,
  chosen: readonly number[],
  backs: readonly number[],
): Seated {
  const seats = Array.from({ length: booking.passengers }, () => -1)
  for (const [i, position] of travelling(booking).entries()) seats[position] = chosen[i] as number
  fill(plan, booking, seats)
  return { classCode, seats, backs }
}

function fill({ filled }: SeatPlan, booking: Booking, seats: readonly number[]): void {
  const taken = travelling(booking).map((position) => seats[position] as number)
  // Berths that are shared are off sale there, too.
  if (!isShared(taken)) takeSeats(filled, taken, booking.fromStop, booking.toStop, 'sold')
}

function claim(plan: SeatPlan, booking: Booking): void {
  const kept = keptSeats(plan, booking)
  // The seats of two bookings are not the same there, because they are not the same here.
  if (kept !== undefined) takeSeats(plan.claimed, kept, booking.fromStop, booking.toStop, 'held')
}

/** Its own claim, if it had one: nobody else's is on the same seats and segments. */
function unclaim({ claimed, same }: SeatPlan, booking: Booking): void {
  const { fromStop, toStop } = booking
  for (const old of liveSeats(booking)) {
    const seat = old < 0 ? -1 : (same[old] as number)
    if (seat >= 0) freeBits(claimed, seat, fromStop, toStop)
  }
}

/** The seats that are painted and are like those it has; undefined when one of them is not there. */
function keptSeats({ same, layout, run }: SeatPlan, booking: Booking): number[] | undefined {
  const kept: number[] = []
  for (const old of liveSeats(booking)) {
    const seat = old < 0 ? -1 : (same[old] as number)
    if (seat < 0 || maskAt(layout, seat) !== maskAt(run.layout, old)) return undefined
    if (layout.classes[layout.classAt[seat] as number]?.classCode !== booking.classCode) {
      return undefined
    }
    kept.push(seat)
  }
  return kept
}

/** The halves of the same berths, where they are painted the same: two are not the same there. */
function keptHalves({ same, layout }: SeatPlan, booking: Booking): number[] | undefined {
  const had = liveSeats(booking)
  if (!isShared(had)) return undefined
  const kept: number[] = []
  for (const half of had) {
    const berth = same[berthOf(half)] as number
    const of = berth < 0 ? undefined : layout.classes[layout.classAt[berth] as number]
    if (of?.classCode !== booking.classCode) return undefined
    kept.push(sameHalf(half, berth))
  }
  return kept
}

function areFree({ filled }: SeatPlan, booking: Booking, seats: readonly number[]): boolean {
  return seats.every((seat) => isFree(filled, seat, booking.fromStop, booking.toStop))
}

/** For those who travel, by position; as a hold would find them, with what they had as their wishes. */
function findSeats(plan: SeatPlan, booking: Booking, classCode: string): number[] | undefined {
  const { state, layout, run } = plan
  const of = classOf(layout, classCode)
  if (of === undefined) return undefined
  const wish = state.seatWishes.get(booking.bookingId)?.wished ?? 0
  const had = liveSeats(booking).map((seat) => (seat < 0 ? wish : maskAt(run.layout, seat)))
  const needing = [...had.keys()].filter(
    (i) => ((had[i] as number) & propertyBits.wheelchair) !== 0,
  )
  const others = [...had.keys()].filter((i) => !needing.includes(i))
  rate(plan, of, booking)
  const chosen = chooseByWishes(of, had.length, {
    required: 0,
    wished: others.reduce((all, i) => all & (had[i] as number), others.length > 0 ? WISHES : 0),
    apart: false,
    wheelchairPlaces: needing.length,
    closed: arePlacesClosed(state, run, of, state.meta.nowMs),
  })
  if (typeof chosen === 'number') return undefined
  const found: number[] = []
  for (const [at, i] of needing.entries()) found[i] = chosen[at] as number
  const left = chosen.slice(needing.length)
  for (const i of others) found[i] = takeBest(layout, left, had[i] as number)
  return found
}

/** Of the party's seats the one that lacks least of what the passenger had, then the first. */
function takeBest(layout: Layout, left: number[], had: number): number {
  let best = 0
  let least = Number.MAX_SAFE_INTEGER
  for (const [at, seat] of left.entries()) {
    const lacking = countBits(had & WISHES & ~maskAt(layout, seat))
    if (lacking >= least) continue
    least = lacking
    best = at
  }
  return left.splice(best, 1)[0] as number
}

function rate({ filled, claimed }: SeatPlan, of: ClassLayout, booking: Booking): void {
  const { fromStop, toStop } = booking
  for (const seat of seatsOf(of)) {
    if (!isFree(filled, seat, fromStop, toStop)) rating[seat] = TAKEN
    else {
      const others = isFree(claimed, seat, fromStop, toStop) ? 0 : CLAIMED
      rating[seat] = residualOf(filled, seat, fromStop, toStop) + others
    }
  }
}

function freeBits({ words, bits }: Inventory, seat: number, from: number, to: number): void {
  for (let segment = from; segment < to; segment++) {
    const at = seat * words + (segment >> 5)
    bits[at] = (bits[at] as number) & ~(1 << (segment & 31))
  }
}
