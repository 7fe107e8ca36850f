/** Dated data. */
import type { FareByClass, RefundBand } from '../commands.ts'
import { insertRule } from '../fares.ts'
import type { BookingState } from '../state.ts'
import type { Hashed } from '../things.ts'
import { type Cursor, int, list } from './cursor.ts'

export function loadFareRule(state: BookingState, row: Cursor): Hashed {
  const rule = {
    hashLow: 0,
    hashHigh: 0,
    ruleId: int(row),
    validFromMs: int(row),
    classes: list<[string, number, number]>(row).map(
      ([classCode, baseMinor, perThousandKilometresMinor]): FareByClass => ({
        classCode,
        baseMinor,
        perThousandKilometresMinor,
      }),
    ),
  }
  state.fareRules.set(rule.ruleId, rule)
  insertRule(state.fareRulesByTime, rule)
  return rule
}

export function loadRefundRule(state: BookingState, row: Cursor): Hashed {
  const rule = {
    hashLow: 0,
    hashHigh: 0,
    ruleId: int(row),
    validFromMs: int(row),
    bands: list<[number, number]>(row).map(
      ([untilBeforeDepartureMs, refundBasisPoints]): RefundBand => ({
        untilBeforeDepartureMs,
        refundBasisPoints,
      }),
    ),
  }
  state.refundRules.set(rule.ruleId, rule)
  insertRule(state.refundRulesByTime, rule)
  return rule
}
