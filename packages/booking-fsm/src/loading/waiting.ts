/** Waiting lists: their rules, when they close, and who is on them. */
import { insertRule } from '../fares.ts'
import { expectSeating } from '../seat-promise/seating.ts'
import type { BookingState } from '../state.ts'
import type { Hashed } from '../things.ts'
import { createChart, keepChart, keepWaiting } from '../waiting/list.ts'
import type { WaitingEntry, WaitingOption, WaitingRule } from '../waiting/things.ts'
import { type Cursor, int, list, required } from './cursor.ts'

type OptionRow = [number, number, number, string, number, string, string, number, number?]

export function loadWaitingRule(state: BookingState, row: Cursor): Hashed {
  const rule: WaitingRule = {
    hashLow: 0,
    hashHigh: 0,
    ruleId: int(row),
    validFromMs: int(row),
    capBasisPoints: int(row),
    chartBeforeDepartureMs: int(row),
    promotedHoldMs: int(row),
  }
  state.waitingRules.set(rule.ruleId, rule)
  insertRule(state.waitingRulesByTime, rule)
  return rule
}

export function loadChart(state: BookingState, row: Cursor): Hashed {
  const run = required(state.runs.get(int(row)), row)
  const chart = createChart(run, int(row), int(row), int(row))
  keepChart(state, chart)
  if (chart.closedAtMs > 0) expectSeating(state, chart.run)
  return chart
}

export function loadWaiting(state: BookingState, row: Cursor): Hashed {
  const booking = state.bookings.get(int(row))
  const entry: WaitingEntry = {
    hashLow: 0,
    hashHigh: 0,
    queueAt: -1,
    booking: required(booking?.status === 'waiting' ? booking : undefined, row),
    priority: int(row),
    ruleId: int(row),
    deadlineMs: int(row),
    options: list<OptionRow>(row).map(
      ([
        runId,
        fromStop,
        toStop,
        classCode,
        priceEachMinor,
        namesJson,
        pool,
        onlyPool,
        shared,
      ]): WaitingOption => ({
        run: required(state.runs.get(runId), row),
        fromStop,
        toStop,
        classCode,
        priceEachMinor,
        namesJson,
        pool,
        onlyPool: onlyPool === 1,
        shared: shared === 1,
      }),
    ),
  }
  keepWaiting(state, entry)
  return entry
}
