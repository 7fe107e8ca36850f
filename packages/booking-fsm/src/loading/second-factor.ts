/** Second factors, and who needs one. */
import type { AccountRole } from '../commands.ts'
import { insertRule } from '../fares.ts'
import type { SecondFactor, SecondFactorRule } from '../people/second-factor.ts'
import type { BookingState } from '../state.ts'
import type { Hashed } from '../things.ts'
import { type Cursor, int, text } from './cursor.ts'

export function loadSecondFactor(state: BookingState, row: Cursor): Hashed {
  const factor: SecondFactor = {
    hashLow: 0,
    hashHigh: 0,
    accountId: int(row),
    sealedSecret: text(row),
    enabledAtMs: int(row),
    lastStep: int(row),
    recovery: JSON.parse(text(row)) as string[],
    resetAskedBy: int(row),
    resetAskedAtMs: int(row),
  }
  state.secondFactors.set(factor.accountId, factor)
  return factor
}

export function loadSecondFactorRule(state: BookingState, row: Cursor): Hashed {
  const rule: SecondFactorRule = {
    hashLow: 0,
    hashHigh: 0,
    ruleId: int(row),
    validFromMs: int(row),
    roles: JSON.parse(text(row)) as AccountRole[],
  }
  insertRule(state.secondFactorRules, rule)
  return rule
}
