/** A run goes with other coaches, without some, or without some seats. */
import { mustBeStaff } from '../actors.ts'
import { checkEach, checkLength, firstInvalid, isId, isInt, isText } from '../checks.ts'
import type { ChangeConsist, Coach, ConsistChange } from '../commands.ts'
import { blockedIn } from '../consist/plan.ts'
import { coachesOf, keepReseating, samePlaces } from '../consist/run-consist.ts'
import type { Reseating } from '../consist/things.ts'
import { addToCounter } from '../counters.ts'
import { disruptionRuleAt } from '../disruption/rules.ts'
import type { Disruption } from '../disruption/things.ts'
import { hasDeparted } from '../fares.ts'
import { type Layout, layoutOf } from '../inventory/layout.ts'
import { invalid, refuse } from '../refusal.ts'
import type { Refusal, Reply } from '../replies.ts'
import type { BookingState } from '../state.ts'
import { type Work, writeRow } from '../store.ts'
import { type Run, unhashed } from '../things.ts'
import { isReason, runOnSale } from './cancel-run.ts'
import { checkCoaches } from './train-checks.ts'
import { coachFrom } from './trains.ts'

const MAX_COACHES = 40
const MAX_BLOCKED = 200

/** Off sale at once; everybody is seated anew by `continueDisruption`. */
export function changeConsist(work: Work, command: ChangeConsist): Reply {
  const { state } = work
  const { runId, reason } = command
  const { nowMs, nextBookingId } = state.meta
  const refusal =
    checkChange(command) ?? firstInvalid([[isReason(reason), 'reason']]) ?? mustBeStaff(work)
  if (refusal !== undefined) return refusal
  const planned = planConsist(state, command)
  if ('type' in planned) return planned
  const disruption: Disruption = {
    ...unhashed,
    disruptionId: addToCounter(work, 'disruptions', 1),
    kind: 'consistChanged',
    runId,
    reason,
    begunAtMs: nowMs,
    phase: 'listing',
    cursor: nextBookingId,
    choiceUntilMs: nowMs + disruptionRuleAt(state, nowMs).choiceMs,
    bookings: 0,
    fromStop: 0,
    moved: 0,
    open: new Set(),
  }
  const { disruptionId } = disruption
  const { coaches, layout } = planned
  const reseating: Reseating = {
    ...unhashed,
    disruptionId,
    runId,
    coaches,
    blockedSeats: [...command.blockedSeats],
    accountId: work.actor,
    layout,
    moved: false,
    parties: new Map(),
  }
  state.disruption.disruptions.set(disruptionId, disruption)
  state.disruption.unsettled.add(disruption)
  writeRow(work, 'disruptions', disruption)
  keepReseating(state, reseating)
  writeRow(work, 'reseatings', reseating)
  return { type: 'disruptionBegun', disruptionId }
}

/** What the run will be. */
export interface PlannedConsist {
  readonly run: Run
  readonly coaches: readonly Coach[]
  readonly layout: Layout
}

/** Whether it can be, as things are. The shape must have been checked. */
export function planConsist(
  state: BookingState,
  { runId, coaches, withoutCoaches, blockedSeats }: ConsistChange,
): PlannedConsist | Refusal {
  const run = runOnSale(state, runId)
  if ('type' in run) return run
  if (run.cancelled) return refuse('runCancelled')
  if (state.runsInDraws.has(runId)) return refuse('runInDraw')
  if (hasDeparted(run, 0, state.meta.nowMs)) return refuse('runDeparted')
  if (state.consist.changing.has(runId)) return refuse('consistChanging')
  const all = coaches.length > 0 ? coaches.map(coachFrom) : coachesOf(state, run)
  for (const [i, label] of withoutCoaches.entries()) {
    const isThere = all.some((coach) => coach.label === label)
    if (!isThere) return refuse('coachNotFound', { field: `withoutCoaches[${i}]` })
  }
  const left = all.filter(({ label }) => !withoutCoaches.includes(label))
  if (left.length === 0) return invalid('withoutCoaches')
  const layout = layoutOf(left)
  const beyond = blockedSeats.findIndex((seat) => seat >= layout.capacity)
  if (beyond >= 0) return refuse('seatNotFound', { field: `blockedSeats[${beyond}]` })
  const before = blockedIn(state, run, { blockedSeats: [] }, samePlaces(run.layout, layout))
  const again = blockedSeats.filter((seat) => before.includes(seat))
  if (again.length > 0) return refuse('seatBlocked', { seats: again })
  return { run, coaches: left, layout }
}

export function checkChange(change: ConsistChange): Refusal | undefined {
  const { runId, coaches, withoutCoaches, blockedSeats } = change
  return (
    firstInvalid([[isId(runId), 'runId']]) ??
    checkLength(coaches, 0, MAX_COACHES, 'coaches') ??
    (coaches.length > 0 ? checkCoaches(coaches) : undefined) ??
    checkLength(withoutCoaches, 0, MAX_COACHES, 'withoutCoaches') ??
    checkEach(withoutCoaches, (label, i) =>
      isText(label, 1, 16) && withoutCoaches.indexOf(label) === i
        ? undefined
        : invalid(`withoutCoaches[${i}]`),
    ) ??
    checkLength(blockedSeats, 0, MAX_BLOCKED, 'blockedSeats') ??
    checkEach(blockedSeats, (seat, i) =>
      isInt(seat, 0, 1_999) && blockedSeats.indexOf(seat) === i
        ? undefined
        : invalid(`blockedSeats[${i}]`),
    ) ??
    firstInvalid([[coaches.length + withoutCoaches.length + blockedSeats.length > 0, 'coaches']])
  )
}
