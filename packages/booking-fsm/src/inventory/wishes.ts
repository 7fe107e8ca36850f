/** Choosing for a party that has asked for more than seats. */
import type { SeatPreferences } from '../commands.ts'
import { type ClassLayout, masksOf } from './layout.ts'
import { countBits, maskOf, propertyBits } from './seat-properties.ts'
import { bestBay, bestWindow, pickFrom, rating, TAKEN } from './windows.ts'

/** Properties as bits. */
export interface Wishes {
  readonly required: number
  readonly wished: number
  readonly apart: boolean
  readonly wheelchairPlaces: number
  /** Wheelchair places are not for anybody else. */
  readonly closed: boolean
}

/** A missing wish weighs more than any gap. */
const MISSING = 1_000

/** Undefined: nothing is asked for, and nothing is kept from anybody. */
export function wishesOf(
  preferences: SeatPreferences | undefined,
  closed: boolean,
): Wishes | undefined {
  if (preferences === undefined && !closed) return undefined
  const { required = [], wished = [], apart = false, wheelchairPlaces = 0 } = preferences ?? {}
  return { required: maskOf(required), wished: maskOf(wished), apart, wheelchairPlaces, closed }
}

/** `rating` says what is free, and the residual. */
export function chooseByWishes(
  of: ClassLayout,
  wanted: number,
  wishes: Wishes,
): readonly number[] | number {
  const { places, seats } = rate(of, wishes)
  const { wheelchairPlaces } = wishes
  if (wheelchairPlaces > 0) return chooseBoth(of, places, seats, wanted, wheelchairPlaces)
  const free = seats.length
  if (free < wanted) return free
  if (wishes.apart) return pickFrom(seats, wanted)?.seats.sort(ascending) ?? free
  return (
    bestBay(of.bays, wanted) ??
    bestWindow(of.rows, wanted) ??
    bestWindow([of.coaches], wanted) ??
    free
  )
}

/** The seats that will do, ascending; what will not is taken, as far as `rating` goes. */
function rate(of: ClassLayout, wishes: Wishes): { places: number[]; seats: number[] } {
  const { required, wished, wheelchairPlaces, closed } = wishes
  const places: number[] = []
  const seats: number[] = []
  for (const coach of of.coaches) {
    const masks = masksOf(coach)
    for (const [at, mask] of masks.entries()) {
      const seat = coach.firstSeat + at
      if (rating[seat] === TAKEN) continue
      const isPlace = (mask & propertyBits.wheelchair) !== 0
      const isOpen = !isPlace || !closed || wheelchairPlaces > 0
      if ((mask & required) !== required || !isOpen) {
        rating[seat] = TAKEN
        continue
      }
      // Who goes with somebody in a wheelchair sits beside them, if that can be.
      const beside = wheelchairPlaces > 0 && !isPlace ? propertyBits.companion : 0
      rating[seat] = (rating[seat] as number) + MISSING * countBits((wished | beside) & ~mask)
      if (isPlace && wheelchairPlaces > 0) places.push(seat)
      else seats.push(seat)
    }
  }
  return { places, seats }
}

/** The wheelchair places first, then the others: in one coach if that can be. */
function chooseBoth(
  of: ClassLayout,
  places: readonly number[],
  seats: readonly number[],
  wanted: number,
  wheelchairs: number,
): readonly number[] | number {
  const others = wanted - wheelchairs
  if (places.length < wheelchairs) return places.length
  if (seats.length < others) return wheelchairs + seats.length
  let chosen: { sum: number; seats: number[] } | undefined
  for (const { firstSeat, seatCount } of [...of.coaches, wholeTrain]) {
    // The last resort is not looked at when a coach will do.
    if (seatCount === wholeTrain.seatCount && chosen !== undefined) break
    const isIn = (seat: number) => seat >= firstSeat && seat < firstSeat + seatCount
    const both = [
      pickFrom(places.filter(isIn), wheelchairs),
      others === 0 ? { sum: 0, seats: [] } : pickFrom(seats.filter(isIn), others),
    ]
    const [first, second] = both
    if (first === undefined || second === undefined) continue
    const sum = first.sum + second.sum
    if (chosen !== undefined && chosen.sum <= sum) continue
    chosen = { sum, seats: [...first.seats.sort(ascending), ...second.seats.sort(ascending)] }
  }
  return chosen?.seats ?? 0
}
const wholeTrain = { firstSeat: 0, seatCount: 2_001 } as const

function ascending(a: number, b: number): number {
  return a - b
}
