/** What is archived together, and whether it may be. */
import { unpaidMinor } from '../cancellation.ts'
import { isDisputed } from '../chargebacks/charged.ts'
import { choiceOf } from '../disruption/hit.ts'
import { sharedWith } from '../exchanges.ts'
import { arrivalMs } from '../fares.ts'
import { isSettled } from '../shelf/shelf.ts'
import type { BookingState } from '../state.ts'
import type { Booking, Run } from '../things.ts'
import { leadOf, legsOf } from '../trips.ts'

/**
 * So long after its last arrival a run is let go: 30 days. Inspectors have uploaded their scans by then, refunds
 * have come, whoever wanted another train has taken it; later complaints are rare, and for them there is the stub.
 */
export const ARCHIVE_AFTER_MS = 2_592_000_000

export function isLongOver({ meta }: BookingState, run: Run): boolean {
  return arrivalMs(run, run.train.stops.length - 1) + ARCHIVE_AFTER_MS <= meta.nowMs
}

/** The booking with all legs of its trip, and all that were exchanged for them and they for; the first one first. */
export function familyOf(state: BookingState, booking: Booking): readonly Booking[] {
  const all = sharedWith(state, booking).flatMap(legsOf)
  return all.sort((a, b) => a.bookingId - b.bookingId)
}

/** Bookings that somebody waits for elsewhere: found once for all of an entry's bookings. */
export function awaited({ disruption, notices }: BookingState): ReadonlySet<number> {
  const ids = new Set<number>()
  for (const { bookingId, status } of disruption.overrides.values()) {
    if (status === 'waiting') ids.add(bookingId)
  }
  for (const { bookingId } of notices.values()) ids.add(bookingId)
  return ids
}

/** Nothing of it is open, and all its trains have arrived long ago. */
export function mayLeave(
  state: BookingState,
  booking: Booking,
  waitedFor: ReadonlySet<number>,
): boolean {
  const { bookingId, status, run } = booking
  if (!isLongOver(state, run) || waitedFor.has(bookingId)) return false
  if (!isSettled(booking) || status === 'disrupted') return false
  if (state.disruption.disrupted.get(bookingId)?.outcome === 'open') return false
  if (choiceOf(state, booking) !== undefined) return false
  if (isWorkedOff(state, run)) return false
  if ((state.offers.get(bookingId)?.expiresAtMs ?? 0) > state.meta.nowMs) return false
  // What a bank took before it was sent off stays owed in the ledger.
  if (leadOf(booking) === booking && unpaidMinor(state, booking) !== 0) return false
  if (isDisputed(state, booking)) return false
  return !isToBeReplaced(state, bookingId)
}

/** A booking that is to take its place is not settled: its payment may still come. */
function isToBeReplaced({ bookings, exchangeOfOld }: BookingState, bookingId: number): boolean {
  const next = bookings.get(exchangeOfOld.get(bookingId)?.bookingId ?? 0)
  return next !== undefined && !isSettled(next)
}

/** A disruption of the run still goes through its bookings, or waits for them. */
function isWorkedOff({ disruption, consist }: BookingState, { runId }: Run): boolean {
  if (consist.changing.has(runId)) return true
  for (const unsettled of disruption.unsettled) if (unsettled.runId === runId) return true
  return false
}

/** No booking is left on it, and nothing is to happen to it any more. */
export function runMayLeave(state: BookingState, run: Run): boolean {
  return isIdle(state, run) && !runsWaitedFor(state).has(run)
}

/** The same, but that somebody may wait for it. */
export function isIdle(state: BookingState, run: Run): boolean {
  const { bookings, runsInDraws, charts } = state
  const { runId } = run
  if (!bookings.idsOnRun(runId).next().done || runsInDraws.has(runId)) return false
  return !isWorkedOff(state, run) && charts.get(runId)?.closedAtMs !== 0
}

export function runsWaitedFor({ waiting }: BookingState): ReadonlySet<Run> {
  const runs = new Set<Run>()
  for (const { options } of waiting.values()) for (const { run } of options) runs.add(run)
  return runs
}
