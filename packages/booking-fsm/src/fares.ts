/** Prices: integers only, every product below 2^53 by the limits of the rules. */
import type { Booking, FareRule, Run } from './things.ts'

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

/** Price per passenger by this rule; undefined when it has no fare for the class. */
export function priceEach(
  rule: FareRule,
  run: Run,
  fromStop: number,
  toStop: number,
  classCode: string,
): number | undefined {
  const fare = rule.classes.find((of) => of.classCode === classCode)
  const from = run.train.stops[fromStop]
  const to = run.train.stops[toStop]
  if (fare === undefined || from === undefined || to === undefined) return undefined
  const metres = to.distanceMetres - from.distanceMetres
  return fare.baseMinor + divideHalfUp(metres * fare.perThousandKilometresMinor, 1_000_000)
}

export function priceOf(booking: Booking): number {
  return booking.priceEachMinor * booking.names.length
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

/** For amounts that are not negative. The remainder is exact, so the quotient is too. */
export function divideHalfUp(dividend: number, divisor: number): number {
  const rounded = dividend + divisor / 2
  return (rounded - (rounded % divisor)) / divisor
}
