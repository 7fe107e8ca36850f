/** Places that come free by time alone: wheelchair places and pools are for anybody from their release on. */
import { departureMs } from '../fares.ts'
import { noteFreed } from '../freed.ts'
import { quotaOf } from '../inventory/quotas.ts'
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
  const { nowMs } = state.meta
  for (const at of releasesOf(state, run)) {
    if (at > nowMs) state.releaseDueMs = Math.min(state.releaseDueMs, at)
  }
}

/** The instants at which wheelchair places or pools become general, or another rule may say so. */
function* releasesOf(state: BookingState, run: Run): Generator<number> {
  const departure = departureMs(run, 0)
  for (const { wheelchairs, classCode } of run.layout.classes) {
    for (const pool of quotaOf(state, run, classCode)?.pools ?? []) {
      yield departure - pool.releaseBeforeDepartureMs
    }
    if (wheelchairs.length === 0) continue
    yield departure - (seatRuleAt(state, state.meta.nowMs)?.wheelchairReleaseMs ?? 0)
    for (const rule of state.seatRulesByTime) yield rule.validFromMs
  }
}
