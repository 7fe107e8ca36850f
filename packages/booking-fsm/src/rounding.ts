/** Integers divided and rounded by a stated rule. For amounts that are not negative. */
import type { Rounding } from './commands.ts'

/** The remainder is exact, so the quotient is too. */
export function divideHalfUp(dividend: number, divisor: number): number {
  const rounded = dividend + divisor / 2
  return (rounded - (rounded % divisor)) / divisor
}

/** To a multiple of the unit. */
export function roundTo(amount: number, unit: number, rounding: Rounding): number {
  if (rounding === 'halfUp') return Math.floor((amount * 2 + unit) / (unit * 2)) * unit
  const down = amount - (amount % unit)
  return rounding === 'up' && down < amount ? down + unit : down
}

/** part × amount / whole, half up, for any sums below 2^53; 0 of nothing. */
export function proportion(part: number, amount: number, whole: number): number {
  if (whole === 0) return 0
  return Number((BigInt(part) * BigInt(amount) * 2n + BigInt(whole)) / (BigInt(whole) * 2n))
}
