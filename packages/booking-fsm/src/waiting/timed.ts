/** Places that come free by time alone: wheelchair places are for anybody from their release on. */
import { departureMs } from '../fares.ts'
import { noteFreed } from '../freed.ts'
import { seatRuleAt } from '../inventory/seat-rule.ts'
import type { BookingState } from '../state.ts'
import type { Work } from '../store.ts'
import type { Run } from '../things.ts'

/** Housekeeping: when something is released, or another rule comes into force. */
export function noteReleased(work: Work): void {
  const { waitingOnRun, releaseDueMs, meta } = work.state
  if (waitingOnRun.size > 0 && releaseDueMs <= meta.nowMs) offerEverywhere(work)
}

/** There may be more room on every run that somebody waits for. */
export function offerEverywhere(work: Work): void {
  const { state } = work
  state.releaseDueMs = Number.MAX_SAFE_INTEGER
  for (const runId of state.waitingOnRun.keys()) {
    const run = state.runs.get(runId)
    if (run === undefined) continue
    noteFreed(work, run)
    expectRelease(state, run)
  }
}

/** Somebody waits for the run: the next release is not missed. */
export function expectRelease(state: BookingState, run: Run): void {
  if (run.train.layout.classes.every((of) => of.wheelchairs.length === 0)) return
  const { nowMs } = state.meta
  const release = departureMs(run, 0) - (seatRuleAt(state, nowMs)?.wheelchairReleaseMs ?? 0)
  const [rule] = state.seatRulesByTime.filter(({ validFromMs }) => validFromMs > nowMs)
  for (const at of [release, rule?.validFromMs]) {
    if (at !== undefined && at > nowMs) state.releaseDueMs = Math.min(state.releaseDueMs, at)
  }
}
