/** A run that will not go. */
import { mustBeStaff } from '../actors.ts'
import { firstInvalid, isId, isInt } from '../checks.ts'
import { type Reason, reasons } from '../commands/reasons.ts'
import type { CancelRun } from '../commands.ts'
import { addToCounter } from '../counters.ts'
import { disruptionRuleAt } from '../disruption/rules.ts'
import type { Disruption } from '../disruption/things.ts'
import { hasDeparted } from '../fares.ts'
import { isVisible } from '../imports.ts'
import { invalid, refuse } from '../refusal.ts'
import type { Refusal, Reply } from '../replies.ts'
import type { BookingState } from '../state.ts'
import { type Work, writeRow } from '../store.ts'
import { type Booking, type Run, unhashed } from '../things.ts'
import { closeList } from '../waiting/ending.ts'

/** Off sale at once; what becomes of its bookings is `continueDisruption`'s. */
export function cancelRun(work: Work, { runId, reason, fromStop = 0 }: CancelRun): Reply {
  const { state } = work
  const { nowMs } = state.meta
  const refusal =
    firstInvalid([
      [isId(runId), 'runId'],
      [isInt(fromStop, 0, 120), 'fromStop'],
      [isReason(reason), 'reason'],
    ]) ?? mustBeStaff(work)
  if (refusal !== undefined) return refusal
  const run = runOnSale(state, runId)
  if ('type' in run) return run
  if (run.cancelled) return refuse('runCancelled')
  if (fromStop >= run.train.stops.length - 1) return invalid('fromStop')
  if (hasDeparted(run, fromStop, nowMs)) return refuse('runDeparted')
  if (state.consist.changing.has(runId)) return refuse('consistChanging')
  const disruptionId = takeOff(work, run, reason, fromStop)
  return { type: 'disruptionBegun', disruptionId }
}

/** From this stop on nothing of it is sold any more. */
export function takeOff(work: Work, run: Run, reason: Reason, fromStop: number): number {
  const { state } = work
  const { nowMs, nextBookingId } = state.meta
  const { runId } = run
  const disruption: Disruption = {
    ...unhashed,
    disruptionId: addToCounter(work, 'disruptions', 1),
    kind: 'runCancelled',
    runId,
    reason,
    begunAtMs: nowMs,
    phase: 'ending',
    cursor: nextBookingId,
    choiceUntilMs: nowMs + disruptionRuleAt(state, nowMs).choiceMs,
    bookings: 0,
    fromStop,
    moved: 0,
    open: new Set(),
  }
  run.cancelled = true
  run.goesTo = fromStop
  state.departures.changed(run)
  // Nobody gets seats on it any more, not even the seats of those who lose them now.
  if (state.charts.get(runId)?.closedAtMs === 0) closeList(work, run)
  state.disruption.disruptions.set(disruption.disruptionId, disruption)
  state.disruption.unsettled.add(disruption)
  writeRow(work, 'disruptions', disruption)
  return disruption.disruptionId
}

/** A run that passengers can see. */
export function runOnSale(state: BookingState, runId: number): Run | Refusal {
  const run = state.runs.get(runId)
  if (run === undefined) return refuse('runNotFound')
  if (isVisible(state, run.importId)) return run
  return refuse(run.importId === state.openImport?.importId ? 'runNotOnSale' : 'runNotFound')
}

/** It does not go as far as where the booking's passengers want to get off. */
export function losesTrain({ run, toStop }: Booking): boolean {
  return run.cancelled && toStop > run.goesTo
}

export function isReason(reason: unknown): reason is Reason {
  return reasons.includes(reason as Reason)
}
