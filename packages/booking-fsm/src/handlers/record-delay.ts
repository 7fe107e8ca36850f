/** How late a run is at a stop: what is expected, and what it was when it had arrived. */
import { mustBeStaff } from '../actors.ts'
import { firstInvalid, isId, isInt } from '../checks.ts'
import type { RecordDelay } from '../commands.ts'
import { addToCounter } from '../counters.ts'
import type { Delay } from '../disruption/delay-things.ts'
import { disruptionRuleAt } from '../disruption/rules.ts'
import type { Disruption } from '../disruption/things.ts'
import { arrivalMs } from '../fares.ts'
import { invalid, refuse } from '../refusal.ts'
import type { Refusal, Reply } from '../replies.ts'
import type { BookingState } from '../state.ts'
import { type Work, writeRow } from '../store.ts'
import { type Run, unhashed } from '../things.ts'
import { isReason, runOnSale } from './cancel-run.ts'

/** A week. */
const MOST_MINUTES = 10_080

/** What it means for the bookings is `continueDisruption`'s. */
export function recordDelay(work: Work, command: RecordDelay): Reply {
  const { state } = work
  const { runId, stop, lateMinutes, final, reason } = command
  const refusal =
    firstInvalid([
      [isId(runId), 'runId'],
      [isInt(stop, 0, 120), 'stop'],
      [isInt(lateMinutes, 0, MOST_MINUTES), 'lateMinutes'],
      [typeof final === 'boolean', 'final'],
      [isReason(reason), 'reason'],
    ]) ?? mustBeStaff(work)
  if (refusal !== undefined) return refusal
  const run = runOnSale(state, runId)
  if ('type' in run) return run
  const unfit = checkRecord(state, run, command)
  if (unfit !== undefined) return unfit
  keepDelay(work, command)
  const disruption = disruptionOf(work, run, command)
  return { type: 'disruptionBegun', disruptionId: disruption.disruptionId }
}

function checkRecord(
  { disruption, meta }: BookingState,
  run: Run,
  { stop, lateMinutes, final }: RecordDelay,
): Refusal | undefined {
  if (run.cancelled && (run.goesTo === 0 || stop > run.goesTo)) return refuse('runCancelled')
  if (stop >= run.train.stops.length) return invalid('stop')
  const before = disruption.delays.get(run.runId)?.find((delay) => delay.stop === stop)
  if (before?.final === true && !final) return refuse('arrivalRecorded')
  const arrived = arrivalMs(run, stop) + lateMinutes * 60_000 <= meta.nowMs
  return final && !arrived ? refuse('notArrived') : undefined
}

function keepDelay(work: Work, command: RecordDelay): void {
  const { disruption, meta } = work.state
  const { runId, stop, lateMinutes, final, reason } = command
  const before = disruption.delays.get(runId) ?? []
  const delay: Delay = before.find((it) => it.stop === stop) ?? {
    ...unhashed,
    ...{ runId, stop, recordId: 0, lateMinutes, final, reason, atMs: 0, accountId: 0 },
  }
  delay.recordId = addToCounter(work, 'delayRecords', 1)
  delay.lateMinutes = lateMinutes
  delay.final = final
  delay.reason = reason
  delay.atMs = meta.nowMs
  delay.accountId = work.actor
  if (!before.includes(delay)) {
    disruption.delays.set(
      runId,
      [...before, delay].sort((a, b) => a.stop - b.stop),
    )
  }
  writeRow(work, 'delays', delay)
}

/** One for all delays of the run: its bookings are gone through again. */
function disruptionOf(work: Work, run: Run, { reason }: RecordDelay): Disruption {
  const { disruption: about, meta } = work.state
  const { nowMs, nextBookingId } = meta
  const { runId } = run
  const disruption: Disruption = about.delayOfRun.get(runId) ?? {
    ...unhashed,
    disruptionId: addToCounter(work, 'disruptions', 1),
    ...{
      kind: 'runDelayed',
      runId,
      reason,
      begunAtMs: nowMs,
      bookings: 0,
      fromStop: 0,
      moved: 0,
      open: new Set(),
    },
    ...{ phase: 'ending', cursor: nextBookingId, choiceUntilMs: nowMs },
  }
  disruption.phase = 'ending'
  disruption.cursor = nextBookingId
  disruption.choiceUntilMs = nowMs + disruptionRuleAt(work.state, nowMs).choiceMs
  about.disruptions.set(disruption.disruptionId, disruption)
  about.delayOfRun.set(runId, disruption)
  about.unsettled.add(disruption)
  writeRow(work, 'disruptions', disruption)
  return disruption
}
