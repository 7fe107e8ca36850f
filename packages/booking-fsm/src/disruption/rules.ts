/** What passengers are owed when the railway does not keep what it sold, as dated data. */
import { ruleAt } from '../fares.ts'
import type { BookingState } from '../state.ts'
import type { CompensationRule } from './things.ts'

const DAY = 86_400_000

/** Until staff have set a rule of their own: three days to choose, a week for another train. */
const withoutRule = {
  choiceMs: 3 * DAY,
  rebookMs: 7 * DAY,
  minimumMinor: 0,
  maximumMinor: 0,
  bands: [],
} as const

export function disruptionRuleAt(
  { disruption }: BookingState,
  atMs: number,
): Omit<CompensationRule, 'ruleId' | 'validFromMs' | 'fromBookingId' | 'hashLow' | 'hashHigh'> {
  return ruleAt(disruption.rulesByTime, atMs) ?? withoutRule
}
