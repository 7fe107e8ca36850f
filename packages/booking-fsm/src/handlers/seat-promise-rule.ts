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
import type { SeatPromiseLine, SetSeatPromiseRule } from '../commands/seat-promise.ts'
import { addToCounter } from '../counters.ts'
import { insertRule } from '../fares.ts'
import { invalid } from '../refusal.ts'
import type { Refusal, Reply } from '../replies.ts'
import type { SeatPromiseRule } from '../seat-promise/things.ts'
import { type Work, writeRow } from '../store.ts'
import { offerByAndBy } from '../waiting/timed.ts'

/** Three years, as in other rules. */
const MAX_BEFORE_MS = 100_000_000_000
const MAX_LINES = 64

export function setSeatPromiseRule(work: Work, command: SetSeatPromiseRule): Reply {
  const refusal = checkRule(command) ?? mustBeStaff(work)
  if (refusal !== undefined) return refusal
  const { validFromMs, chartBeforeDepartureMs, lines } = command
  const rule: SeatPromiseRule = {
    hashLow: 0,
    hashHigh: 0,
    ruleId: addToCounter(work, 'seatPromiseRules', 1),
    validFromMs,
    chartBeforeDepartureMs,
    lines: lines.map(({ trainNumber, classCode, promised }) => ({
      trainNumber,
      classCode,
      promised,
    })),
  }
  insertRule(work.state.seatPromiseRules, rule)
  writeRow(work, 'seat_promise_rules', rule)
  offerByAndBy(
    work,
    [...work.state.charts.values()].map(({ run }) => run),
  )
  return { type: 'done' }
}

function checkRule(command: SetSeatPromiseRule): Refusal | undefined {
  const { validFromMs, chartBeforeDepartureMs, lines } = command
  return (
    firstInvalid([
      [isInstant(validFromMs), 'validFromMs'],
      [isInt(chartBeforeDepartureMs, 0, MAX_BEFORE_MS), 'chartBeforeDepartureMs'],
    ]) ??
    checkLength(lines, 0, MAX_LINES, 'lines') ??
    checkEach(lines, (line, i) => checkLine(line, lines, i))
  )
}

function checkLine(
  line: SeatPromiseLine,
  all: readonly SeatPromiseLine[],
  i: number,
): Refusal | undefined {
  const field = `lines[${i}]`
  if (!isObject(line)) return invalid(field)
  const { trainNumber, classCode, promised } = line as SeatPromiseLine
  const again =
    all.findIndex((it) => it.trainNumber === trainNumber && it.classCode === classCode) < i
  return firstInvalid([
    [isText(trainNumber, 0, 32), `${field}.trainNumber`],
    [isClassCode(classCode) && !again, `${field}.classCode`],
    [typeof promised === 'boolean', `${field}.promised`],
  ])
}
