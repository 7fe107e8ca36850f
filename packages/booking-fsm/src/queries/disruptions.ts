import { stageOf } from '../consist/plan.ts'
import { choiceOf, hasLeft } from '../disruption/hit.ts'
import { type Disruption, isMoving, type Override } from '../disruption/things.ts'
import { propertiesIn } from '../inventory/seat-properties.ts'
import { berthOf } from '../inventory/shares.ts'
import type { BookingState } from '../state.ts'
import type { Booking } from '../things.ts'
import type {
  DisruptionChoiceView,
  DisruptionView,
  JourneyChangeView,
  OverrideView,
} from '../views.ts'

/** Latest first. */
export function listDisruptions(state: BookingState, limit: number): DisruptionView[] {
  const all = [...state.disruption.disruptions.values()].sort(
    (a, b) => b.disruptionId - a.disruptionId,
  )
  return all.slice(0, Math.max(limit, 0)).map((it) => disruptionView(state, it))
}

export function findDisruption(
  state: BookingState,
  disruptionId: number,
): DisruptionView | undefined {
  const found = state.disruption.disruptions.get(disruptionId)
  return found && disruptionView(state, found)
}

/** The disruption that has something to do at the instant; undefined: none has. */
export function dueDisruption({ disruption }: BookingState, nowMs: number): number | undefined {
  for (const { disruptionId, phase, choiceUntilMs } of disruption.unsettled) {
    // Bookings are gone through without a pause; a choice has its time.
    if (phase !== 'choosing' || choiceUntilMs <= nowMs) return disruptionId
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
  return changes.map((it) => ({
    atMs: it.atMs,
    kind: it.kind,
    reason: it.reason,
    runId: it.runId,
    fromStop: it.fromStop,
    toStop: it.toStop,
    classCode: it.classCode,
    seats: it.seats.map(berthOf),
    places: it.places.map(([coachLabel, seatLabel]) => ({ coachLabel, seatLabel })),
    lost: it.lost.map((mask) => propertiesIn(mask)),
    backMinor: it.backs.reduce((sum, back) => sum + back, 0),
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

function disruptionView({ consist }: BookingState, it: Disruption): DisruptionView {
  const reseating = isMoving(it) ? consist.changing.get(it.runId) : undefined
  const parties = [...(reseating?.parties.values() ?? [])]
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
    moved: it.moved,
    listed: parties.length,
    seated: parties.filter((party) => stageOf(party) === undefined).length,
    open: it.open.size,
  }
}

function overrideView({ hashLow: _, hashHigh: __, ...view }: Override): OverrideView {
  return view
}
