/** A delay reaches a booking: its passengers are told, may have missed a connection, are paid. */
import { closeOffer } from '../cancelling.ts'
import { arrivalMs, departureMs } from '../fares.ts'
import { queueNotice } from '../notices.ts'
import type { BookingState } from '../state.ts'
import { type Work, writeRow } from '../store.ts'
import { type Booking, unhashed } from '../things.ts'
import { delayAt, lateMinutesAt, newestDelay } from './delays.ts'
import { noteChange } from './hit.ts'
import { changeMs, journeyOf } from './journeys.ts'
import { payDelay } from './paying-delays.ts'
import type { Disrupted, Disruption } from './things.ts'

/** Of less that is only expected nobody is told. */
const TOLD_FROM_MINUTES = 15

/** May be done again: what has been done for the same records is not done twice. */
export function comeLate(work: Work, booking: Booking, disruption: Disruption): void {
  const { state } = work
  if (booking.status !== 'confirmed') return
  const { runId } = disruption
  const minutes = lateMinutesAt(state, runId, booking.toStop)
  const missed = missConnection(work, booking, disruption, minutes)
  const refundMinor = payDelay(work, booking)
  const newest = newestDelay(state, runId)
  const isNews =
    newest !== undefined &&
    newest === delayAt(state, runId, booking.toStop) &&
    !newest.final &&
    minutes >= TOLD_FROM_MINUTES
  if (refundMinor > 0 || (isNews && !missed)) {
    queueNotice(work, booking, 'runDelayed', { runId, minutes, refundMinor })
  }
}

/** The next train is gone when this one arrives: it may be chosen anew, once. Whether it was so. */
function missConnection(
  work: Work,
  booking: Booking,
  disruption: Disruption,
  minutes: number,
): boolean {
  const { state } = work
  const { disruptionId, runId, choiceUntilMs } = disruption
  const next = nextLeg(state, booking)
  if (next === undefined || minutes === 0 || !isMissed(state, booking, next, minutes)) return false
  const before = state.disruption.disrupted.get(next.bookingId)
  if (before?.outcome === 'open' || before?.disruptionId === disruptionId) return false
  const { bookingId } = next
  const hit: Disrupted = { ...unhashed, bookingId, disruptionId, outcome: 'open' }
  hit.hashLow = before?.hashLow ?? 0
  hit.hashHigh = before?.hashHigh ?? 0
  closeOffer(work, next)
  noteChange(work, next, 'connectionMissed', disruption.reason)
  state.disruption.disrupted.set(bookingId, hit)
  writeRow(work, 'disrupted_bookings', hit)
  disruption.bookings++
  disruption.open.add(bookingId)
  queueNotice(work, next, 'runDelayed', { runId, minutes, refundMinor: 0, choiceUntilMs })
  return true
}

function nextLeg(state: BookingState, booking: Booking): Booking | undefined {
  const journey = journeyOf(state, booking, (leg) => leg.status === 'confirmed')
  return journey[journey.indexOf(booking) + 1]
}

/** Who stays on the same train misses nothing. */
function isMissed(state: BookingState, from: Booking, to: Booking, minutes: number): boolean {
  if (from.run === to.run) return false
  const late = lateMinutesAt(state, to.run.runId, to.fromStop)
  const readyMs = arrivalMs(from.run, from.toStop) + minutes * 60_000 + changeMs(state, from, to)
  return readyMs > departureMs(to.run, to.fromStop) + late * 60_000
}
