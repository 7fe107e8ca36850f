/** How seats are offered: wheelchair places until their release, and choice on busy runs. */
import { departureMs, ruleAt } from '../fares.ts'
import type { BookingState } from '../state.ts'
import type { Run, SeatRule } from '../things.ts'
import { type ClassLayout, type CoachLayout, masksOf } from './layout.ts'
import { countFree, type Inventory, isFree } from './occupancy.ts'
import { residualOf } from './residual.ts'
import { propertyBits } from './seat-properties.ts'

/** Who may always choose between so many seats, if they are free. */
const OFFERED_AT_LEAST = 6

export function seatRuleAt(state: BookingState, nowMs: number): SeatRule | undefined {
  return ruleAt(state.seatRulesByTime, nowMs)
}

/** Whether the wheelchair places of the class are kept for those who need them. */
export function arePlacesClosed(
  state: BookingState,
  run: Run,
  of: ClassLayout,
  nowMs: number,
): boolean {
  if (of.wheelchairs.length === 0) return false
  const releaseMs = seatRuleAt(state, nowMs)?.wheelchairReleaseMs ?? 0
  return departureMs(run, 0) - releaseMs > nowMs
}

export function isWheelchairPlace(coach: CoachLayout, seat: number): boolean {
  return ((masksOf(coach)[seat - coach.firstSeat] as number) & propertyBits.wheelchair) !== 0
}

/** The longest residual that a seat of the class may have to be chosen by number; undefined: any. */
export function choiceLimit(
  state: BookingState,
  run: Run,
  of: ClassLayout,
  from: number,
  to: number,
  nowMs: number,
): number | undefined {
  const limits = seatRuleAt(state, nowMs)?.choiceLimits ?? []
  const limit =
    limits.find(({ classCode }) => classCode === of.classCode) ??
    limits.find(({ classCode }) => classCode === '')
  const { inventory } = run
  if (limit === undefined || inventory === undefined) return undefined
  if (loadOf(inventory, of, from, to) < limit.fromLoadBasisPoints) return undefined
  const residuals: number[] = []
  for (const seat of seatsOf(of)) {
    if (isFree(inventory, seat, from, to)) residuals.push(residualOf(inventory, seat, from, to))
  }
  residuals.sort((a, b) => a - b)
  const share = Math.ceil((residuals.length * limit.offeredBasisPoints) / 10_000)
  return residuals[Math.max(share, OFFERED_AT_LEAST) - 1]
}

/** The share of the class that is taken between the stops, rounded down, 0 to 10,000. */
function loadOf(inventory: Inventory, of: ClassLayout, from: number, to: number): number {
  let free = 0
  for (let segment = from; segment < to; segment++) {
    for (const { firstSeat, seatCount } of of.coaches) {
      free += countFree(inventory, firstSeat, seatCount, segment, segment + 1)
    }
  }
  const places = of.capacity * (to - from)
  return Math.floor(((places - free) * 10_000) / places)
}

export function* seatsOf(of: ClassLayout): Generator<number> {
  for (const { firstSeat, seatCount } of of.coaches) {
    for (let seat = firstSeat; seat < firstSeat + seatCount; seat++) yield seat
  }
}
