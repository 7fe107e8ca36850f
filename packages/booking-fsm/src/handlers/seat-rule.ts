import { mustBeStaff } from '../actors.ts'
import {
  checkEach,
  checkLength,
  firstInvalid,
  isClassCode,
  isInstant,
  isInt,
  isObject,
} from '../checks.ts'
import type { ChoiceLimit, SetSeatRule } from '../commands.ts'
import { addToCounter } from '../counters.ts'
import { insertRule } from '../fares.ts'
import { invalid } from '../refusal.ts'
import type { Refusal, Reply } from '../replies.ts'
import { type Work, writeRow } from '../store.ts'
import type { SeatRule } from '../things.ts'
import { hasWheelchairPlaces, offerByAndBy } from '../waiting/timed.ts'

/** Three years, as in other rules. */
const MAX_BEFORE_MS = 100_000_000_000
const MAX_LIMITS = 16

export function setSeatRule(work: Work, command: SetSeatRule): Reply {
  const refusal = checkSeatRule(command) ?? mustBeStaff(work)
  if (refusal !== undefined) return refusal
  const { validFromMs, wheelchairReleaseMs, choiceLimits } = command
  const rule: SeatRule = {
    hashLow: 0,
    hashHigh: 0,
    ruleId: addToCounter(work, 'seatRules', 1),
    validFromMs,
    wheelchairReleaseMs,
    choiceLimits: choiceLimits.map(({ classCode, fromLoadBasisPoints, offeredBasisPoints }) => ({
      classCode,
      fromLoadBasisPoints,
      offeredBasisPoints,
    })),
  }
  insertRule(work.state.seatRulesByTime, rule)
  writeRow(work, 'seat_rules', rule)
  const charts = [...work.state.charts.values()]
  offerByAndBy(work, charts.map(({ run }) => run).filter(hasWheelchairPlaces))
  return { type: 'done' }
}

function checkSeatRule(command: SetSeatRule): Refusal | undefined {
  const { validFromMs, wheelchairReleaseMs, choiceLimits } = command
  return (
    firstInvalid([
      [isInstant(validFromMs), 'validFromMs'],
      [isInt(wheelchairReleaseMs, 0, MAX_BEFORE_MS), 'wheelchairReleaseMs'],
    ]) ??
    checkLength(choiceLimits, 0, MAX_LIMITS, 'choiceLimits') ??
    checkEach(choiceLimits, (limit, i) => checkLimit(limit, choiceLimits, i))
  )
}

function checkLimit(
  limit: ChoiceLimit,
  all: readonly ChoiceLimit[],
  i: number,
): Refusal | undefined {
  const field = `choiceLimits[${i}]`
  if (!isObject(limit)) return invalid(field)
  const { classCode, fromLoadBasisPoints, offeredBasisPoints } = limit as ChoiceLimit
  const again = all.findIndex((it) => it.classCode === classCode) < i
  return firstInvalid([
    [(classCode === '' || isClassCode(classCode)) && !again, `${field}.classCode`],
    [isInt(fromLoadBasisPoints, 0, 10_000), `${field}.fromLoadBasisPoints`],
    [isInt(offeredBasisPoints, 0, 10_000), `${field}.offeredBasisPoints`],
  ])
}
