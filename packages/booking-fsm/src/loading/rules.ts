/** Dated data. */
import type { CancellationBand, Rounding, TravelState } from '../commands.ts'
import { insertRule } from '../fares.ts'
import type { SalesRule, SalesTerms } from '../sales-rules.ts'
import type { BookingState } from '../state.ts'
import type { Tariff } from '../tariff.ts'
import type { CancellationCharges, FareRule, Hashed, RefundRule, SeatRule } from '../things.ts'
import { type Cursor, int, list, text } from './cursor.ts'

export function loadFareRule(state: BookingState, row: Cursor): Hashed {
  const rule: FareRule = {
    hashLow: 0,
    hashHigh: 0,
    ruleId: int(row),
    validFromMs: int(row),
    ...fares(JSON.parse(text(row)) as [string, number, number][] | Tariff),
    stations: state.stations,
  }
  state.fareRules.set(rule.ruleId, rule)
  insertRule(state.fareRulesByTime, rule)
  return rule
}

function fares(packed: [string, number, number][] | Tariff): Pick<FareRule, 'classes' | 'tariff'> {
  if (!Array.isArray(packed)) return { classes: [], tariff: packed }
  const classes = packed.map(([classCode, baseMinor, perThousandKilometresMinor]) => ({
    classCode,
    baseMinor,
    perThousandKilometresMinor,
  }))
  return { classes, tariff: undefined }
}

export function loadRefundRule(state: BookingState, row: Cursor): Hashed {
  const rule: RefundRule = {
    hashLow: 0,
    hashHigh: 0,
    ruleId: int(row),
    validFromMs: int(row),
    ...refunds(JSON.parse(text(row)) as [number, number][] | PackedCharges),
  }
  state.refundRules.set(rule.ruleId, rule)
  insertRule(state.refundRulesByTime, rule)
  return rule
}

export function loadSalesRule(state: BookingState, row: Cursor): Hashed {
  const rule: SalesRule = {
    hashLow: 0,
    hashHigh: 0,
    ruleId: int(row),
    validFromMs: int(row),
    terms: JSON.parse(text(row)) as SalesTerms,
  }
  insertRule(state.salesRules, rule)
  return rule
}

type PackedCharges = Omit<CancellationCharges, 'lines'> & {
  readonly rounding: Rounding
  readonly lines: [TravelState, string, number, PackedBands, [PackedBands, boolean]?][]
}
type PackedBands = [number, number, number][]

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
  const lines = packed.lines.map(([state, classCode, taxBasisPoints, bands, exchange]) => ({
    state,
    classCode,
    taxBasisPoints,
    bands: bandsFrom(bands),
    exchange: exchange && { bands: bandsFrom(exchange[0]), surplusBack: exchange[1] },
  }))
  return { bands: [], charges: { ...packed, lines } }
}

function bandsFrom(packed: PackedBands): CancellationBand[] {
  return packed.map(([untilBeforeDepartureMs, flatMinor, chargeBasisPoints]) => ({
    untilBeforeDepartureMs,
    flatMinor,
    chargeBasisPoints,
  }))
}

export function loadSeatRule(state: BookingState, row: Cursor): Hashed {
  const rule: SeatRule = {
    hashLow: 0,
    hashHigh: 0,
    ruleId: int(row),
    validFromMs: int(row),
    wheelchairReleaseMs: int(row),
    choiceLimits: list<[string, number, number]>(row).map(
      ([classCode, fromLoadBasisPoints, offeredBasisPoints]) => ({
        classCode,
        fromLoadBasisPoints,
        offeredBasisPoints,
      }),
    ),
  }
  insertRule(state.seatRulesByTime, rule)
  return rule
}
