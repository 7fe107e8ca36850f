/** Dated data. */
import type { FareByClass, Rounding, TravelState } from '../commands.ts'
import { insertRule } from '../fares.ts'
import type { BookingState } from '../state.ts'
import { type CancellationCharges, type Hashed, type RefundRule, unhashed } from '../things.ts'
import { type Cursor, int, list, text } from './cursor.ts'

export function loadFareRule(state: BookingState, row: Cursor): Hashed {
  const rule = {
    ...unhashed,
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
  const rule: RefundRule = {
    ...unhashed,
    ruleId: int(row),
    validFromMs: int(row),
    ...refunds(JSON.parse(text(row)) as [number, number][] | PackedCharges),
  }
  state.refundRules.set(rule.ruleId, rule)
  insertRule(state.refundRulesByTime, rule)
  return rule
}

type PackedCharges = Omit<CancellationCharges, 'lines'> & {
  readonly rounding: Rounding
  readonly lines: [TravelState, string, number, [number, number, number][]][]
}

function refunds(
  packed: [number, number][] | PackedCharges,
): Pick<RefundRule, 'bands' | 'charges'> {
  if (Array.isArray(packed)) {
    const bands = packed.map(([untilBeforeDepartureMs, refundBasisPoints]) => ({
      untilBeforeDepartureMs,
      refundBasisPoints,
    }))
    return { bands, charges: undefined }
  }
  const lines = packed.lines.map(([state, classCode, taxBasisPoints, bands]) => ({
    state,
    classCode,
    taxBasisPoints,
    bands: bands.map(([untilBeforeDepartureMs, flatMinor, chargeBasisPoints]) => ({
      untilBeforeDepartureMs,
      flatMinor,
      chargeBasisPoints,
    })),
  }))
  return { bands: [], charges: { ...packed, lines } }
}
