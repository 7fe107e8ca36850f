/** Prices: integers only, every product below 2^53 by the limits of the rules. */
import { faresPaid } from './party.ts'
import { divideHalfUp } from './rounding.ts'
import { type Cut, cutFare, faresOf, fareTotal, taxOf } from './tariff.ts'
import type { Booking, FareRule, PassengerFare, Run } from './things.ts'

/** The rule with the greatest `validFromMs` that is not later than the instant. */
export function ruleAt<T extends { readonly validFromMs: number }>(
  sorted: readonly T[],
  atMs: number,
): T | undefined {
  for (let i = sorted.length - 1; i >= 0; i--) {
    const rule = sorted[i] as T
    if (rule.validFromMs <= atMs) return rule
  }
  return undefined
}

/** Keeps rules sorted by (validFromMs, id); ids only grow. */
export function insertRule<T extends { readonly validFromMs: number }>(sorted: T[], rule: T): void {
  let at = sorted.length
  while (at > 0 && (sorted[at - 1] as T).validFromMs > rule.validFromMs) at--
  sorted.splice(at, 0, rule)
}

/** Price of a passenger who pays in full, by this rule; undefined when it has no fare for the class. */
export function priceEach(
  rule: FareRule,
  run: Run,
  fromStop: number,
  toStop: number,
  classCode: string,
  cut?: Cut,
): number | undefined {
  if (rule.tariff !== undefined) {
    const [full] = faresOf(rule, run, fromStop, toStop, classCode, [''], cut) ?? []
    return full && fareTotal(full)
  }
  const fare = rule.classes.find((of) => of.classCode === classCode)
  const from = run.train.stops[fromStop]
  const to = run.train.stops[toStop]
  if (fare === undefined || from === undefined || to === undefined) return undefined
  const metres = to.distanceMetres - from.distanceMetres
  const byWay = divideHalfUp(metres * fare.perThousandKilometresMinor, 1_000_000)
  return cutFare(fare.baseMinor + byWay, cut)
}

/** Of all passengers together. */
export function priceOf(
  booking: Pick<Booking, 'namesJson' | 'priceEachMinor' | 'passengers'>,
): number {
  const fares = faresPaid(booking)
  return fares === undefined ? booking.priceEachMinor * booking.passengers : partyTotal(fares)
}

export function partyTotal(fares: readonly PassengerFare[]): number {
  return fares.reduce((sum, fare) => sum + fareTotal(fare), 0)
}

/** By passenger. */
export function pricesOf(booking: Booking): readonly number[] {
  const { passengers, priceEachMinor } = booking
  return (
    faresPaid(booking)?.map(fareTotal) ?? Array.from({ length: passengers }, () => priceEachMinor)
  )
}

/** The tax in each passenger's price. */
export function taxesOf(booking: Booking): readonly number[] {
  return faresPaid(booking)?.map(taxOf) ?? Array.from({ length: booking.passengers }, () => 0)
}

export function departureMs(run: Run, stop: number): number {
  return run.baseMs + (run.train.stops[stop]?.departureSeconds ?? 0) * 1_000
}

export function arrivalMs(run: Run, stop: number): number {
  return run.baseMs + (run.train.stops[stop]?.arrivalSeconds ?? 0) * 1_000
}

export function hasDeparted(run: Run, stop: number, nowMs: number): boolean {
  return departureMs(run, stop) <= nowMs
}
