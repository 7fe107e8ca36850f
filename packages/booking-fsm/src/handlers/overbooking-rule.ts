import { mustBeStaff } from '../actors.ts'
import {
  checkEach,
  checkLength,
  firstInvalid,
  isClassCode,
  isInstant,
  isInt,
  isObject,
  isText,
} from '../checks.ts'
import type { OverbookingLine, SetOverbookingRule } from '../commands/seat-promise.ts'
import { addToCounter } from '../counters.ts'
import { insertRule } from '../fares.ts'
import { invalid } from '../refusal.ts'
import type { Refusal, Reply } from '../replies.ts'
import type { OverbookingRule } from '../seat-promise/things.ts'
import { type Work, writeRow } from '../store.ts'
import { offerByAndBy } from '../waiting/timed.ts'

const MAX_LINES = 64

export function setOverbookingRule(work: Work, command: SetOverbookingRule): Reply {
  const refusal = checkRule(command) ?? mustBeStaff(work)
  if (refusal !== undefined) return refusal
  const { validFromMs, lines } = command
  const rule: OverbookingRule = {
    hashLow: 0,
    hashHigh: 0,
    ruleId: addToCounter(work, 'overbookingRules', 1),
    validFromMs,
    lines: lines.map(({ trainNumber, classCode, basisPoints }) => ({
      trainNumber,
      classCode,
      basisPoints,
    })),
  }
  insertRule(work.state.overbookingRules, rule)
  writeRow(work, 'overbooking_rules', rule)
  offerByAndBy(
    work,
    [...work.state.charts.values()].map(({ run }) => run),
  )
  return { type: 'done' }
}

function checkRule({ validFromMs, lines }: SetOverbookingRule): Refusal | undefined {
  return (
    firstInvalid([[isInstant(validFromMs), 'validFromMs']]) ??
    checkLength(lines, 0, MAX_LINES, 'lines') ??
    checkEach(lines, (line, i) => checkLine(line, lines, i))
  )
}

function checkLine(
  line: OverbookingLine,
  all: readonly OverbookingLine[],
  i: number,
): Refusal | undefined {
  const field = `lines[${i}]`
  if (!isObject(line)) return invalid(field)
  const { trainNumber, classCode, basisPoints } = line as OverbookingLine
  const again =
    all.findIndex((it) => it.trainNumber === trainNumber && it.classCode === classCode) < i
  return firstInvalid([
    [isText(trainNumber, 0, 32), `${field}.trainNumber`],
    [isClassCode(classCode) && !again, `${field}.classCode`],
    [isInt(basisPoints, 0, 10_000), `${field}.basisPoints`],
  ])
}
