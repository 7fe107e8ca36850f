/** What passengers are owed because they came late: without a claim, and each once for one delay. */
import { valuesOf } from '../cancellation.ts'
import { type Back, paidBy, refundSome } from '../cancelling.ts'
import { positionIn } from '../exchanges.ts'
import { pricesOf } from '../fares.ts'
import { travelling } from '../live.ts'
import { divideHalfUp } from '../rounding.ts'
import type { BookingState } from '../state.ts'
import type { Work } from '../store.ts'
import type { Booking } from '../things.ts'
import { keepPay } from './delay-pays.ts'
import { endedLateBy } from './delays.ts'
import { journeyOf } from './journeys.ts'
import type { CompensationRule } from './things.ts'

/** Pays what is still owed to those whose journey ends with this booking; gives the sum. */
export function payDelay(work: Work, booking: Booking): number {
  const { state } = work
  if (booking.status !== 'confirmed' || paidBy(booking) === undefined) return 0
  const lateMinutes = endedLateBy(state, booking)
  const rule = ruleOfSale(state, booking)
  if (lateMinutes === undefined || rule === undefined) return 0
  const backs = new Map<Booking, Back[]>()
  for (const position of travelling(booking)) {
    for (const [leg, back] of owedTo(state, booking, position, rule, lateMinutes)) {
      backs.set(leg, [...(backs.get(leg) ?? []), back])
    }
  }
  let sum = 0
  for (const [leg, parts] of backs) {
    sum += refundSome(work, leg, parts, 'delay')
    for (const part of parts) keepPay(work, leg, part, lateMinutes)
  }
  return sum
}

/** The rule in force when the booking was made, of those that were there by then. */
function ruleOfSale({ disruption }: BookingState, booking: Booking): CompensationRule | undefined {
  return disruption.rulesByTime.findLast(
    (rule) => rule.validFromMs <= booking.heldAtMs && rule.fromBookingId <= booking.bookingId,
  )
}

/** By leg: of the fares of the whole journey, less what was paid before, to each leg at most its value. */
function owedTo(
  state: BookingState,
  booking: Booking,
  position: number,
  rule: CompensationRule,
  lateMinutes: number,
): [Booking, Back][] {
  const at = (leg: Booking) => positionIn(state, leg, booking, position)
  const journey = journeyOf(
    state,
    booking,
    (leg) => leg.status === 'confirmed' && travelling(leg).includes(at(leg)),
  )
  // It is the last leg that says how late they came.
  if (journey.at(-1) !== booking) return []
  let [fare, left] = [0, 0]
  for (const leg of journey) {
    fare += pricesOf(leg)[at(leg)] as number
    const pays = state.disruption.delayPays.get(leg.bookingId) ?? []
    left -= pays.find((it) => it.position === at(leg))?.amountMinor ?? 0
  }
  left += owedFor(rule, lateMinutes, fare)
  const parts: [Booking, Back][] = []
  for (const leg of journey) {
    const part = Math.min(left, valuesOf(state, leg)[at(leg)] as number)
    if (part <= 0) continue
    left -= part
    parts.push([leg, { position: at(leg), amountMinor: part }])
  }
  return parts
}

function owedFor(rule: CompensationRule, lateMinutes: number, fareMinor: number): number {
  const band = rule.bands.findLast(({ fromMinutes }) => fromMinutes <= lateMinutes)
  const share = divideHalfUp(fareMinor * (band?.basisPoints ?? 0), 10_000)
  const most = rule.maximumMinor === 0 ? share : Math.min(share, rule.maximumMinor)
  return most < rule.minimumMinor ? 0 : most
}
