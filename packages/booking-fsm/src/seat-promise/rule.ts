/** Whether a class promises a seat now. */
import { ruleAt } from '../fares.ts'
import type { ClassLayout } from '../inventory/layout.ts'
import type { BookingState } from '../state.ts'
import type { Run } from '../things.ts'
import { closesAt } from '../waiting/list.ts'
import type { SeatPromiseRule } from './things.ts'

/** The rule by which seats of the class are given later on this run; undefined: they are promised, or have been given. */
export function laterBy(
  { seatPromiseRules, charts }: BookingState,
  run: Run,
  { classCode }: ClassLayout,
  nowMs: number,
): SeatPromiseRule | undefined {
  if (seatPromiseRules.length === 0) return undefined
  const rule = ruleAt(seatPromiseRules, nowMs)
  if (rule === undefined) return undefined
  const lines = rule.lines.filter((line) => line.classCode === classCode)
  const line =
    lines.find(({ trainNumber }) => trainNumber === run.train.number) ??
    lines.find(({ trainNumber }) => trainNumber === '')
  if (line === undefined || line.promised) return undefined
  const chart = charts.get(run.runId)
  const isOpen =
    chart === undefined
      ? closesAt(run, rule.chartBeforeDepartureMs) > nowMs
      : chart.closedAtMs === 0
  return isOpen ? rule : undefined
}
