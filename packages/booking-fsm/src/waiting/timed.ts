/**
 * Runs whose lists are looked at again: when wheelchair places or a pool are general by time alone, and,
 * a few in each entry, after a change that is about many runs at once.
 */
import { departureMs } from '../fares.ts'
import { noteFreed } from '../freed.ts'
import { heapPush, heapRemove, heapTop } from '../heap.ts'
import { quotaOf } from '../inventory/quotas.ts'
import { seatRuleAt } from '../inventory/seat-rule.ts'
import type { BookingState } from '../state.ts'
import { type Work, writeRow } from '../store.ts'
import type { Run } from '../things.ts'
import type { Chart } from './things.ts'

/** An entry looks at so many before its command, and at so many behind it: each has up to 500 bookings. */
const LISTS_PER_STEP = 2

/** What is due is to be offered; whatever is left over comes with the next entries. */
export function noteDue(work: Work): void {
  const { offerQueue, meta } = work.state
  for (let noted = 0; noted < LISTS_PER_STEP; noted++) {
    const next = heapTop(offerQueue)
    if (next === undefined || next.atMs > meta.nowMs) return
    noteRun(work, next.run.runId)
  }
}

/** Whether it is the turn of those who wait for the run, before anybody else takes a place of it. */
export function isDue({ charts, meta }: BookingState, { runId }: Run): boolean {
  const chart = charts.get(runId)
  if (chart === undefined || chart.closedAtMs > 0) return false
  return chart.offering.atMs > 0 && chart.offering.atMs <= meta.nowMs
}

/** The runs that a command may take places of: those who wait have theirs first. */
export function noteNamed(work: Work, command: unknown): void {
  const { offerQueue, meta } = work.state
  if ((heapTop(offerQueue)?.atMs ?? Number.MAX_SAFE_INTEGER) > meta.nowMs) return
  const { runId, legs, alternatives } = command as Record<string, unknown>
  noteRun(work, runId)
  for (const list of [legs, alternatives]) {
    if (!Array.isArray(list)) continue
    for (const it of list.slice(0, MOST_NAMED))
      noteRun(work, (it as { runId?: unknown } | null)?.runId)
  }
}

/** No command has a longer list of journeys. */
const MOST_NAMED = 6

export function noteRun(work: Work, runId: unknown): void {
  const run = work.state.runs.get(runId as number)
  const chart = run && work.state.charts.get(run.runId)
  if (run === undefined || chart === undefined || !isDue(work.state, run)) return
  expectOffer(work, chart)
  noteFreed(work, run)
}

/** There may be more room on all of these: what anybody waits for is offered by and by. */
export function offerByAndBy(work: Work, runs: Iterable<Run>): void {
  const { state } = work
  // In the order of their ids: that in which they came into the memory is another where it was loaded.
  for (const run of [...runs].sort((a, b) => a.runId - b.runId)) {
    const chart = state.charts.get(run.runId)
    if (chart?.closedAtMs === 0) setOffer(work, chart, state.meta.nowMs)
  }
}

/** As of now nothing more is to be had than what is known; the next instant at which there may be is not missed. */
export function expectOffer(work: Work, chart: Chart): void {
  const { state } = work
  let next = Number.MAX_SAFE_INTEGER
  for (const at of releasesOf(state, chart.run)) {
    if (at > state.meta.nowMs) next = Math.min(next, at)
  }
  setOffer(work, chart, next === Number.MAX_SAFE_INTEGER ? 0 : next)
}

/** Pools of the run are others than before. */
export function expectAgain(work: Work, run: Run): void {
  const chart = work.state.charts.get(run.runId)
  if (chart?.closedAtMs === 0) expectOffer(work, chart)
}

function setOffer(work: Work, chart: Chart, atMs: number): void {
  const { offering } = chart
  if (offering.atMs === atMs) return
  const { offerQueue } = work.state
  heapRemove(offerQueue, offering)
  offering.atMs = atMs
  if (atMs > 0) heapPush(offerQueue, offering)
  writeRow(work, 'charts', chart)
}

/** The instants at which wheelchair places or pools become general, or another rule may say so. */
function* releasesOf(state: BookingState, run: Run): Generator<number> {
  const departure = departureMs(run, 0)
  for (const rule of state.seatPromiseRules) yield rule.validFromMs
  for (const rule of state.overbookingRules) yield rule.validFromMs
  for (const { wheelchairs, classCode } of run.layout.classes) {
    for (const pool of quotaOf(state, run, classCode)?.pools ?? []) {
      yield departure - pool.releaseBeforeDepartureMs
    }
    if (wheelchairs.length === 0) continue
    yield departure - (seatRuleAt(state, state.meta.nowMs)?.wheelchairReleaseMs ?? 0)
    for (const rule of state.seatRulesByTime) yield rule.validFromMs
  }
}

/** Whose places may be open to more by another seat rule. */
export function hasWheelchairPlaces({ layout }: Run): boolean {
  return layout.classes.some(({ wheelchairs }) => wheelchairs.length > 0)
}
