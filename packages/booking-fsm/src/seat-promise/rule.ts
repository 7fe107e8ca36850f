/** Whether a class promises a seat now, and how many places beyond its seats. */
import { ruleAt } from '../fares.ts'
import type { ClassLayout } from '../inventory/layout.ts'
import type { BookingState } from '../state.ts'
import type { Run } from '../things.ts'
import { closesAt } from '../waiting/closes-at.ts'
import type { SeatPromiseRule } from './things.ts'

/** The rule by which seats of the class are given later on this run; undefined: they are promised, or have been given. */
export function laterBy(
  { seatPromiseRules, charts }: BookingState,
  run: Run,
  of: ClassLayout,
  nowMs: number,
): SeatPromiseRule | undefined {
  if (seatPromiseRules.length === 0) return undefined
  const rule = ruleAt(seatPromiseRules, nowMs)
  const line = rule && lineFor(rule.lines, run, of)
  if (rule === undefined || line === undefined || line.promised) return undefined
  const chart = charts.get(run.runId)
  const isOpen =
    chart === undefined
      ? closesAt(run, rule.chartBeforeDepartureMs) > nowMs
      : chart.closedAtMs === 0
  return isOpen ? rule : undefined
}

/** Places that may be promised beyond the seats; none where seats are promised. */
export function overbookedBy(
  state: BookingState,
  run: Run,
  of: ClassLayout,
  nowMs: number,
): number {
  if (state.overbookingRules.length === 0) return 0
  const lines = ruleAt(state.overbookingRules, nowMs)?.lines ?? []
  const product = of.capacity * (lineFor(lines, run, of)?.basisPoints ?? 0)
  if (product === 0 || laterBy(state, run, of, nowMs) === undefined) return 0
  return (product - (product % 10_000)) / 10_000
}

/** That of the train goes before that of every train. */
function lineFor<T extends { readonly trainNumber: string; readonly classCode: string }>(
  lines: readonly T[],
  { train }: Run,
  { classCode }: ClassLayout,
): T | undefined {
  const ofClass = lines.filter((line) => line.classCode === classCode)
  return (
    ofClass.find(({ trainNumber }) => trainNumber === train.number) ??
    ofClass.find(({ trainNumber }) => trainNumber === '')
  )
}
