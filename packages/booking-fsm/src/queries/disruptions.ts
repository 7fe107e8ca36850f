import { choiceOf, hasLeft } from '../disruption/hit.ts'
import type { Disruption, Override } from '../disruption/things.ts'
import type { BookingState } from '../state.ts'
import type { Booking } from '../things.ts'
import type {
  DisruptionChoiceView,
  DisruptionView,
  JourneyChangeView,
  OverrideView,
} from '../views.ts'

/** Latest first. */
export function listDisruptions({ disruption }: BookingState, limit: number): DisruptionView[] {
  const all = [...disruption.disruptions.values()].sort((a, b) => b.disruptionId - a.disruptionId)
  return all.slice(0, Math.max(limit, 0)).map(disruptionView)
}

export function findDisruption(
  { disruption }: BookingState,
  disruptionId: number,
): DisruptionView | undefined {
  const found = disruption.disruptions.get(disruptionId)
  return found && disruptionView(found)
}

/** The disruption that has something to do at the instant; undefined: none has. */
export function dueDisruption({ disruption }: BookingState, nowMs: number): number | undefined {
  for (const { disruptionId, phase, choiceUntilMs } of disruption.unsettled) {
    if (phase === 'ending' || choiceUntilMs <= nowMs) return disruptionId
  }
  return undefined
}

export function findOverride(state: BookingState, overrideId: number): OverrideView | undefined {
  const found = state.disruption.overrides.get(overrideId)
  return found && overrideView(found)
}

/** Those that wait for a second person before the others, each the latest first. */
export function listOverrides({ disruption }: BookingState, limit: number): OverrideView[] {
  const rank = ({ status }: OverrideView) => (status === 'waiting' ? 0 : 1)
  return [...disruption.overrides.values()]
    .map(overrideView)
    .sort((a, b) => rank(a) - rank(b) || b.overrideId - a.overrideId)
    .slice(0, Math.max(limit, 0))
}

export function changesOf({ disruption }: BookingState, booking: Booking): JourneyChangeView[] {
  const changes = disruption.changes.get(booking.bookingId) ?? []
  return changes.map(({ atMs, kind, reason, runId, fromStop, toStop, classCode, seats }) => ({
    atMs,
    kind,
    reason,
    runId,
    fromStop,
    toStop,
    classCode,
    seats,
  }))
}

/** What its passenger may choose; of one that lost its train also when the time for another one is over. */
export function choiceView(
  state: BookingState,
  booking: Booking,
): DisruptionChoiceView | undefined {
  const { disruptions, disrupted } = state.disruption
  const isLost = booking.status === 'disrupted'
  if (!isLost && booking.status !== 'confirmed') return undefined
  const choice = choiceOf(state, booking)
  const hit = disrupted.get(booking.bookingId)
  const by = choice ?? (isLost && hit ? disruptions.get(hit.disruptionId) : undefined)
  if (by === undefined) return undefined
  const isThere = !isLost && hasLeft(state, booking)
  return {
    disruptionId: by.disruptionId,
    reason: by.reason,
    choiceUntilMs: by.choiceUntilMs,
    mayRebook: choice !== undefined && !isThere,
    mayTakeRefund: !isThere,
  }
}

function disruptionView(it: Disruption): DisruptionView {
  return {
    disruptionId: it.disruptionId,
    kind: it.kind,
    runId: it.runId,
    reason: it.reason,
    begunAtMs: it.begunAtMs,
    phase: it.phase,
    choiceUntilMs: it.choiceUntilMs,
    bookings: it.bookings,
    fromStop: it.fromStop,
    open: it.open.size,
  }
}

function overrideView({ hashLow: _, hashHigh: __, ...view }: Override): OverrideView {
  return view
}
