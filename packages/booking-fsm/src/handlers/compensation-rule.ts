import { mustBeStaff } from '../actors.ts'
import { checkLength, firstInvalid, isInstant, isInt, isObject } from '../checks.ts'
import type { CompensationBand, SetCompensationRule } from '../commands.ts'
import { addToCounter } from '../counters.ts'
import type { CompensationRule } from '../disruption/things.ts'
import { insertRule } from '../fares.ts'
import { invalid } from '../refusal.ts'
import type { Refusal, Reply } from '../replies.ts'
import { type Work, writeRow } from '../store.ts'
import { unhashed } from '../things.ts'

const YEAR_MS = 31_622_400_000
const MAX_MINOR = 1_000_000_000

export function setCompensationRule(work: Work, command: SetCompensationRule): Reply {
  const refusal = checkRule(command) ?? mustBeStaff(work)
  if (refusal !== undefined) return refusal
  const { validFromMs, choiceMs, rebookMs, minimumMinor, maximumMinor, bands } = command
  const rule: CompensationRule = {
    ...unhashed,
    ruleId: addToCounter(work, 'compensationRules', 1),
    validFromMs,
    choiceMs,
    rebookMs,
    minimumMinor,
    maximumMinor,
    bands: bands.map(({ fromMinutes, basisPoints }) => ({ fromMinutes, basisPoints })),
    fromBookingId: work.state.meta.nextBookingId,
  }
  const { rules, rulesByTime } = work.state.disruption
  rules.set(rule.ruleId, rule)
  insertRule(rulesByTime, rule)
  writeRow(work, 'compensation_rules', rule)
  return { type: 'done' }
}

function checkRule(command: SetCompensationRule): Refusal | undefined {
  const { validFromMs, choiceMs, rebookMs, minimumMinor, maximumMinor, bands } = command
  const refusal =
    firstInvalid([
      [isInstant(validFromMs), 'validFromMs'],
      [isInt(choiceMs, 0, YEAR_MS), 'choiceMs'],
      [isInt(rebookMs, 0, YEAR_MS), 'rebookMs'],
      [isInt(minimumMinor, 0, MAX_MINOR), 'minimumMinor'],
      [isInt(maximumMinor, 0, MAX_MINOR), 'maximumMinor'],
    ]) ?? checkLength(bands, 0, 8, 'bands')
  if (refusal !== undefined) return refusal
  let least = 1
  for (const [i, band] of bands.entries()) {
    if (!isObject(band)) return invalid(`bands[${i}]`)
    const { fromMinutes, basisPoints } = band as CompensationBand
    if (!isInt(fromMinutes, least, 100_000)) return invalid(`bands[${i}].fromMinutes`)
    if (!isInt(basisPoints, 0, 10_000)) return invalid(`bands[${i}].basisPoints`)
    least = fromMinutes + 1
  }
  return undefined
}
