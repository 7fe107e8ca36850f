/** Other classes for a booking whose own has no room, by the fares that it was sold under. */
import { priceEach, pricesOf } from '../fares.ts'
import type { Layout } from '../inventory/layout.ts'
import { travelling } from '../live.ts'
import { faresPaid } from '../party.ts'
import { soldAs } from '../products/buckets.ts'
import { cutOf } from '../products/choose.ts'
import type { BookingState } from '../state.ts'
import { faresOf, fareTotal } from '../tariff.ts'
import type { Booking } from '../things.ts'

export interface OtherClass {
  readonly classCode: string
  /** By position: what was paid beyond the fare of this class, as far as it has not come back before. */
  readonly backs: readonly number[]
}

/** The dearest first, then in train order; without those for which the booking's fares have no price. */
export function otherClasses(
  state: BookingState,
  { classes }: Layout,
  booking: Booking,
): OtherClass[] {
  const there = travelling(booking)
  const paid = pricesOf(booking)
  const given = givenBefore(state, booking)
  const known = classes.flatMap(({ classCode }) => {
    const prices = classCode === booking.classCode ? undefined : pricesIn(state, booking, classCode)
    if (prices === undefined) return []
    const total = there.reduce((sum, position) => sum + (prices[position] as number), 0)
    const backs = paid.map((price, position) => {
      if (!there.includes(position)) return 0
      return Math.max(0, price - (prices[position] as number) - (given[position] ?? 0))
    })
    return [{ classCode, backs, total }]
  })
  return known.sort((a, b) => b.total - a.total)
}

/** By position; undefined when the rule that the booking was sold under has no fare for the class. */
function pricesIn(
  state: BookingState,
  booking: Booking,
  classCode: string,
): readonly number[] | undefined {
  const { run, fromStop, toStop, passengers, fareRuleId } = booking
  const rule = state.fareRules.get(fareRuleId)
  if (rule === undefined) return undefined
  const types =
    faresPaid(booking)?.map(({ passengerType }) => passengerType) ??
    Array.from({ length: passengers }, () => '')
  const product = soldAs(state, booking)
  const nowMs = booking.heldAtMs
  const cut = product && cutOf(product, { rule, run, fromStop, toStop, classCode, types, nowMs })
  if (rule.tariff === undefined) {
    const each = priceEach(rule, run, fromStop, toStop, classCode, cut)
    return each === undefined ? undefined : types.map(() => each)
  }
  return faresOf(rule, run, fromStop, toStop, classCode, types, cut)?.map(fareTotal)
}

/** By position: what changes of class gave back before. */
function givenBefore({ disruption }: BookingState, { bookingId }: Booking): number[] {
  const given: number[] = []
  for (const { backs } of disruption.changes.get(bookingId) ?? []) {
    for (const [position, back] of backs.entries()) {
      given[position] = (given[position] ?? 0) + back
    }
  }
  return given
}
