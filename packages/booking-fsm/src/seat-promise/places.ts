/** Where a party goes when its class promises no seat, or others of the class wait for theirs. */
import type { HoldSeats } from '../commands.ts'
import { chooseSeats } from '../inventory/choose.ts'
import {
  gapSeats,
  LATER,
  laterOn,
  leavesEnough,
  placesLeft,
  seatsToSpare,
} from '../inventory/later.ts'
import type { ClassLayout } from '../inventory/layout.ts'
import type { Inventory } from '../inventory/occupancy.ts'
import { arePlacesClosed } from '../inventory/seat-rule.ts'
import { wishesOf } from '../inventory/wishes.ts'
import { inventoryOf } from '../live.ts'
import { refuse } from '../refusal.ts'
import type { Refusal } from '../replies.ts'
import type { BookingState } from '../state.ts'
import type { Run } from '../things.ts'
import { laterBy, overbookedBy } from './rule.ts'

/** What is asked: nothing in particular, or where to sit. */
type Asked = Pick<HoldSeats, 'fromStop' | 'toStop' | 'passengers' | 'preferences'>

/** A place now and a seat later; seats at once where the class promises them; undefined: the class is as any other. */
export function findPlaces(
  state: BookingState,
  run: Run,
  of: ClassLayout,
  asked: Asked,
): readonly number[] | Refusal | undefined {
  const { passengers, preferences } = asked
  const needsSeats = (preferences?.wheelchairPlaces ?? 0) > 0
  if (laterBy(state, run, of, state.meta.nowMs) !== undefined && !needsSeats) {
    if ((preferences?.required.length ?? 0) > 0) {
      return refuse('seatGivenLater', { field: 'preferences.required' })
    }
    return placesFor(state, run, of, asked)
  }
  return laterOn(run.inventory, of) === undefined
    ? undefined
    : seatsBeside(state, run, of, asked, passengers.length)
}

/** Nobody chooses a seat where it is given later. */
export function mustBePromised(
  state: BookingState,
  run: Run,
  of: ClassLayout,
): Refusal | undefined {
  const rule = laterBy(state, run, of, state.meta.nowMs)
  return rule === undefined ? undefined : refuse('seatGivenLater', { field: 'seats' })
}

/** Who has no seat yet still finds one when these, which are free, are taken. */
export function mustLeaveEnough(
  run: Run,
  of: ClassLayout,
  seats: readonly number[],
  toStop: number,
): Refusal | undefined {
  if (leavesEnough(run, of, seats, toStop)) return undefined
  const { classAt } = run.layout
  return refuse('notEnoughSeats', { figure: seatsToSpare(inventoryOf(run), classAt, of, toStop) })
}

/** For a party of how many there is room; undefined: the class is as any other. */
export function roomBeside(
  state: BookingState,
  run: Run,
  of: ClassLayout,
  from: number,
  to: number,
  nowMs: number,
  freeSeats: () => number,
): number | undefined {
  const isLater = laterBy(state, run, of, nowMs) !== undefined
  const { inventory } = run
  if (inventory === undefined) return isLater ? untouched(state, run, of, nowMs) : undefined
  if (!isLater && laterOn(inventory, of) === undefined) return undefined
  const { classAt } = run.layout
  const gaps = gapSeats(inventory, of, from, to, arePlacesClosed(state, run, of, nowMs))
  const places = isLater
    ? placesLeft(inventory, classAt, of, from, to, overbookedBy(state, run, of, nowMs))
    : Math.min(seatsToSpare(inventory, classAt, of, to), freeSeats())
  return Math.max(places, gaps.length)
}

function untouched(state: BookingState, run: Run, of: ClassLayout, nowMs: number): number {
  const { wheelchairs, capacity } = of
  const places = arePlacesClosed(state, run, of, nowMs) ? 0 : wheelchairs.length
  const extra = overbookedBy(state, run, of, nowMs)
  return Math.max(capacity - wheelchairs.length + extra, places)
}

/** Places where there are any; else seats that are of no use to those who get theirs later. */
function placesFor(
  state: BookingState,
  run: Run,
  of: ClassLayout,
  { fromStop, toStop, passengers }: Asked,
): readonly number[] | Refusal {
  const inventory = inventoryOf(run)
  const extra = overbookedBy(state, run, of, state.meta.nowMs)
  const left = placesLeft(inventory, run.layout.classAt, of, fromStop, toStop, extra)
  const { length } = passengers
  if (length <= left) return passengers.map(() => LATER)
  return inGaps(inventory, of, fromStop, toStop, length, closed(state, run, of), left)
}

/** Seats among those who wait for theirs: where enough are left for them. */
function seatsBeside(
  state: BookingState,
  run: Run,
  of: ClassLayout,
  { fromStop, toStop, preferences }: Asked,
  wanted: number,
): readonly number[] | Refusal {
  const inventory = inventoryOf(run)
  const { layout } = run
  const spare = seatsToSpare(inventory, layout.classAt, of, toStop)
  const needed = preferences?.wheelchairPlaces ?? 0
  const isClosed = closed(state, run, of)
  const wishes = wishesOf(preferences, isClosed)
  const chosen = chooseSeats(inventory, layout, of, fromStop, toStop, wanted, wishes)
  if (wanted - needed <= spare && typeof chosen !== 'number') return chosen
  const least = Math.min(typeof chosen === 'number' ? chosen : wanted, needed + spare)
  const isBound = needed > 0 || (preferences?.required.length ?? 0) > 0
  if (isBound) return refuse('notEnoughSeats', { figure: least })
  return inGaps(inventory, of, fromStop, toStop, wanted, isClosed, least)
}

function inGaps(
  inventory: Inventory,
  of: ClassLayout,
  from: number,
  to: number,
  wanted: number,
  placesClosed: boolean,
  otherwise: number,
): readonly number[] | Refusal {
  const gaps = gapSeats(inventory, of, from, to, placesClosed)
  if (gaps.length < wanted) {
    return refuse('notEnoughSeats', { figure: Math.max(otherwise, gaps.length) })
  }
  return gaps.slice(0, wanted).sort((a, b) => a - b)
}

function closed(state: BookingState, run: Run, of: ClassLayout): boolean {
  return arePlacesClosed(state, run, of, state.meta.nowMs)
}
