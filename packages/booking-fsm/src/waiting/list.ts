/** Who waits where, in order. */
import { priceOf, ruleAt } from '../fares.ts'
import { heapPush, heapRemove } from '../heap.ts'
import { classOf } from '../inventory/layout.ts'
import type { BookingState } from '../state.ts'
import { deleteRow, type Work, writeRow } from '../store.ts'
import type { Run } from '../things.ts'
import { closesAt } from './closes-at.ts'
import { sharePlaces } from './pools.ts'
import type { Chart, WaitingEntry, WaitingOption, WaitingRule } from './things.ts'
import { expectOffer } from './timed.ts'

/** So many bookings at most wait on a run, whatever its size: an entry goes through all of them. */
export const MAX_WAITING = 500

export function byRank(a: WaitingEntry, b: WaitingEntry): number {
  return a.priority - b.priority || a.booking.bookingId - b.booking.bookingId
}

/** Puts it into the lists of the runs that it waits for: a new one, or one that is loaded. */
export function keepWaiting(state: BookingState, entry: WaitingEntry): void {
  state.waiting.set(entry.booking.bookingId, entry)
  heapPush(state.waitingQueue, entry)
  for (const { run } of entry.options) {
    if (isClosed(state, run)) continue
    const list = state.waitingOnRun.get(run.runId)
    if (list === undefined) state.waitingOnRun.set(run.runId, new Set([entry]))
    else list.add(entry)
  }
}

export function forgetWaiting(work: Work, entry: WaitingEntry): void {
  const { state } = work
  const { bookingId } = entry.booking
  state.waiting.delete(bookingId)
  heapRemove(state.waitingQueue, entry)
  for (const { run } of entry.options) {
    const list = state.waitingOnRun.get(run.runId)
    list?.delete(entry)
    if (list?.size === 0) state.waitingOnRun.delete(run.runId)
  }
  deleteRow(work, 'waiting', entry, [bookingId])
}

/** Those who wait for the run, in no order. */
export function waitingOn({ waitingOnRun }: BookingState, run: Run): WaitingEntry[] {
  return [...(waitingOnRun.get(run.runId) ?? [])]
}

/** Those who wait for seats of this class of it. */
export function waitingFor(state: BookingState, run: Run, classCode: string): WaitingEntry[] {
  return waitingOn(state, run).filter((it) => optionOn(it, run, classCode) !== undefined)
}

/** So many may wait, when a party like this is one too many there; undefined: it may join. */
export function limitOfList(
  state: BookingState,
  { run, classCode }: Pick<WaitingOption, 'run' | 'classCode'>,
  passengers: number,
  { capBasisPoints }: WaitingRule,
): number | undefined {
  const product = (classOf(run.layout, classCode)?.capacity ?? 0) * capBasisPoints
  const cap = (product - (product % 10_000)) / 10_000
  const waiting = waitingFor(state, run, classCode).reduce(
    (sum, { booking }) => sum + booking.passengers,
    0,
  )
  if (waiting + passengers > cap) return cap
  return waitingOn(state, run).length >= MAX_WAITING ? MAX_WAITING : undefined
}

/** The option that waits for seats of this class of the run. */
export function optionOn(
  { options }: WaitingEntry,
  run: Run,
  classCode: string,
): WaitingOption | undefined {
  return options.find((option) => option.run === run && option.classCode === classCode)
}

/** How many bookings of a better rank want the same kind of places there, on some of the same segments. */
export function aheadOf(state: BookingState, entry: WaitingEntry, option: WaitingOption): number {
  return waitingOn(state, option.run).filter(
    (other) => byRank(other, entry) < 0 && wantsOf(state, other, option),
  ).length
}

/** How many it would be for one who joined now. */
export function aheadOfNew(state: BookingState, option: Wanted): number {
  return waitingOn(state, option.run).filter((other) => wantsOf(state, other, option)).length
}

type Wanted = Omit<WaitingOption, 'priceEachMinor' | 'namesJson'>

function wantsOf(state: BookingState, other: WaitingEntry, option: Wanted): boolean {
  const there = optionOn(other, option.run, option.classCode)
  return there !== undefined && overlap(there, option) && sharePlaces(state, there, option)
}

function overlap(a: Wanted, b: Wanted): boolean {
  return a.fromStop < b.toStop && b.fromStop < a.toStop
}

/** Of all passengers together. */
export function priceOfOption(entry: WaitingEntry, option: WaitingOption): number {
  return priceOf({ ...option, passengers: entry.booking.passengers })
}

/** What is reserved: the dearest of what it may become. */
export function reservedMinor(entry: WaitingEntry): number {
  return Math.max(...entry.options.map((option) => priceOfOption(entry, option)))
}

/** Nobody can be promoted on the run any more. */
export function isClosed({ charts }: BookingState, { runId }: Run): boolean {
  return (charts.get(runId)?.closedAtMs ?? 0) > 0
}

/** When the list of the run closes, or closed; undefined: by no rule. */
export function closingMs({ charts, waitingRulesByTime, meta }: BookingState, run: Run) {
  const chart = charts.get(run.runId)
  if (chart !== undefined) return chart.closedAtMs || chart.closesAtMs
  const rule = ruleAt(waitingRulesByTime, meta.nowMs)
  return rule && closesAt(run, rule.chartBeforeDepartureMs)
}

/** Notes when the run's list closes; closed at once when `closedAtMs` is not 0. */
export function openChart(work: Work, run: Run, closesAtMs: number): Chart {
  const { charts } = work.state
  const known = charts.get(run.runId)
  if (known !== undefined) return known
  const chart = createChart(run, closesAtMs, 0, 0)
  keepChart(work.state, chart)
  writeRow(work, 'charts', chart)
  expectOffer(work, chart)
  return chart
}

export function createChart(run: Run, closesAtMs: number, closedAtMs: number, atMs: number): Chart {
  const offering = { queueAt: -1, run, atMs }
  return { hashLow: 0, hashHigh: 0, queueAt: -1, run, closesAtMs, closedAtMs, offering }
}

export function keepChart(state: BookingState, chart: Chart): void {
  state.charts.set(chart.run.runId, chart)
  if (chart.closedAtMs > 0) return
  heapPush(state.chartQueue, chart)
  if (chart.offering.atMs > 0) heapPush(state.offerQueue, chart.offering)
}
