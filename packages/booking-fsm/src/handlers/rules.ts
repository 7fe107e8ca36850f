/** Dated data: fares and refunds. A booking keeps the rules it was sold under. */
import { mustBeStaff } from '../actors.ts'
import { checkLength, firstInvalid, isClassCode, isInstant, isInt, isObject } from '../checks.ts'
import type { FareByClass, RefundBand, SetFareRule, SetRefundRule } from '../commands.ts'
import { insertRule } from '../fares.ts'
import { invalid } from '../refusal.ts'
import type { Refusal, Reply } from '../replies.ts'
import { type Work, writeRow } from '../store.ts'
import type { FareRule, RefundRule } from '../things.ts'

export function setFareRule(work: Work, command: SetFareRule): Reply {
  const refusal = checkFares(command) ?? mustBeStaff(work)
  if (refusal !== undefined) return refusal
  const { meta, fareRules, fareRulesByTime } = work.state
  const rule: FareRule = {
    hashLow: 0,
    hashHigh: 0,
    ruleId: meta.nextFareRuleId++,
    validFromMs: command.validFromMs,
    classes: command.classes.map((fare) => ({
      classCode: fare.classCode,
      baseMinor: fare.baseMinor,
      perThousandKilometresMinor: fare.perThousandKilometresMinor,
    })),
    tariff: undefined,
    stations: work.state.stations,
  }
  fareRules.set(rule.ruleId, rule)
  insertRule(fareRulesByTime, rule)
  writeRow(work, 'fare_rules', rule)
  return { type: 'done' }
}

export function setRefundRule(work: Work, command: SetRefundRule): Reply {
  const refusal = checkRefunds(command) ?? mustBeStaff(work)
  if (refusal !== undefined) return refusal
  const { meta, refundRules, refundRulesByTime } = work.state
  const rule: RefundRule = {
    hashLow: 0,
    hashHigh: 0,
    ruleId: meta.nextRefundRuleId++,
    validFromMs: command.validFromMs,
    bands: command.bands.map(({ untilBeforeDepartureMs, refundBasisPoints }) => ({
      untilBeforeDepartureMs,
      refundBasisPoints,
    })),
    charges: undefined,
  }
  refundRules.set(rule.ruleId, rule)
  insertRule(refundRulesByTime, rule)
  writeRow(work, 'refund_rules', rule)
  return { type: 'done' }
}

/** With a distance of at most 40,000 km every price stays far below 2^53. */
export const MAX_BASE = 1_000_000_000
export const MAX_RATE = 100_000_000
export const MAX_BAND_MS = 100_000_000_000

function checkFares({ validFromMs, classes }: SetFareRule): Refusal | undefined {
  if (!isInstant(validFromMs)) return invalid('validFromMs')
  const length = checkLength(classes, 1, 32, 'classes')
  if (length !== undefined) return length
  const seen = new Set<string>()
  for (const [i, fare] of classes.entries()) {
    const refusal = checkFare(fare, `classes[${i}]`, seen)
    if (refusal !== undefined) return refusal
    seen.add(fare.classCode)
  }
  return undefined
}

function checkFare(
  fare: FareByClass,
  field: string,
  seen: ReadonlySet<string>,
): Refusal | undefined {
  if (!isObject(fare)) return invalid(field)
  const { classCode, baseMinor, perThousandKilometresMinor } = fare as FareByClass
  return firstInvalid([
    [isClassCode(classCode) && !seen.has(classCode), `${field}.classCode`],
    [isInt(baseMinor, 0, MAX_BASE), `${field}.baseMinor`],
    [isInt(perThousandKilometresMinor, 0, MAX_RATE), `${field}.perThousandKilometresMinor`],
  ])
}

function checkRefunds({ validFromMs, bands }: SetRefundRule): Refusal | undefined {
  if (!isInstant(validFromMs)) return invalid('validFromMs')
  const length = checkLength(bands, 0, 16, 'bands')
  if (length !== undefined) return length
  let most = MAX_BAND_MS
  for (const [i, band] of bands.entries()) {
    const field = `bands[${i}]`
    if (!isObject(band)) return invalid(field)
    const { untilBeforeDepartureMs, refundBasisPoints } = band as RefundBand
    const refusal = firstInvalid([
      [isInt(untilBeforeDepartureMs, 0, most), `${field}.untilBeforeDepartureMs`],
      [isInt(refundBasisPoints, 0, 10_000), `${field}.refundBasisPoints`],
    ])
    if (refusal !== undefined) return refusal
    most = untilBeforeDepartureMs - 1
  }
  return undefined
}
