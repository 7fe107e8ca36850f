/** A disruption reaches a booking: it loses its train, and its passenger has a choice. */
import { closeOffer, refundAll } from '../cancelling.ts'
import { maskAt, placeAt } from '../consist/run-consist.ts'
import { legsNow } from '../exchanges.ts'
import { hasDeparted } from '../fares.ts'
import { endBooking } from '../live.ts'
import { queueNotice } from '../notices.ts'
import type { BookingState } from '../state.ts'
import { type Work, writeRow } from '../store.ts'
import { type Booking, none, unhashed } from '../things.ts'
import type {
  ChangeKind,
  Disrupted,
  DisruptedOutcome,
  Disruption,
  JourneyChange,
} from './things.ts'

/** A confirmed booking: its seats are free, its money stays until the passenger has chosen. */
export function loseTrain(
  work: Work,
  booking: Booking,
  disruption: Disruption,
  kind: 'trainCancelled' | 'seatsLost' | 'overbooked' = 'trainCancelled',
): void {
  const { bookingId } = booking
  const { disruptionId, reason } = disruption
  closeOffer(work, booking)
  noteChange(work, booking, kind, reason)
  endBooking(work, booking, 'disrupted')
  writeRow(work, 'bookings', booking)
  const hit: Disrupted = { ...unhashed, bookingId, disruptionId, outcome: 'open' }
  const { disruptions, disrupted } = work.state.disruption
  // An earlier one of the same booking counts no more: a connection that it might have missed.
  const before = disrupted.get(bookingId)
  hit.hashLow = before?.hashLow ?? 0
  hit.hashHigh = before?.hashHigh ?? 0
  if (before !== undefined) disruptions.get(before.disruptionId)?.open.delete(bookingId)
  disrupted.set(bookingId, hit)
  writeRow(work, 'disrupted_bookings', hit)
  const { runId, choiceUntilMs } = disruption
  const notice = noticeOf[kind]
  queueNotice(work, booking, notice, { runId, choiceUntilMs })
  disruption.bookings++
  disruption.open.add(bookingId)
}

const noticeOf = {
  trainCancelled: 'runCancelled',
  seatsLost: 'seatsLost',
  overbooked: 'noSeats',
} as const

/** Nothing is left to choose for it. */
export function closeChoice(work: Work, booking: Booking, outcome: DisruptedOutcome): void {
  const { disruptions, disrupted } = work.state.disruption
  const hit = disrupted.get(booking.bookingId)
  if (hit?.outcome !== 'open') return
  hit.outcome = outcome
  disruptions.get(hit.disruptionId)?.open.delete(hit.bookingId)
  writeRow(work, 'disrupted_bookings', hit)
}

/** Everybody who still travels is paid back all that they paid: nothing is charged. */
export function refundWhole(work: Work, booking: Booking): number {
  closeChoice(work, booking, 'refunded')
  return refundAll(work, booking)
}

/** What a booking is before it becomes something else. */
export function noteChange(
  work: Work,
  booking: Booking,
  kind: ChangeKind,
  reason: JourneyChange['reason'],
  then: Pick<JourneyChange, 'lost' | 'backs'> = { lost: none, backs: none },
): void {
  const { state } = work
  const { changes } = state.disruption
  const { bookingId, run, fromStop, toStop, classCode, seats } = booking
  const before = changes.get(bookingId) ?? []
  const change: JourneyChange = {
    ...unhashed,
    bookingId,
    changeId: before.length + 1,
    atMs: state.meta.nowMs,
    kind,
    reason,
    runId: run.runId,
    fromStop,
    toStop,
    classCode,
    seats,
    places: seats.map((seat) => placeAt(run.layout, seat)),
    had: seats.map((seat) => maskAt(run.layout, seat)),
    ...then,
  }
  changes.set(bookingId, [...before, change])
  writeRow(work, 'journey_changes', change)
}

/** The disruption of one of the trip's legs by which the passenger may choose; undefined: there is none. */
export function choiceOf(state: BookingState, booking: Booking): Disruption | undefined {
  const { disruptions, disrupted } = state.disruption
  for (const leg of legsNow(state, booking)) {
    const hit = disrupted.get(leg.bookingId)
    if (hit === undefined || hit.outcome === 'unpaid' || hit.outcome === 'kept') continue
    // What was chosen for a leg itself counts; what it gave rise to in the others goes on.
    if (leg === booking && hit.outcome !== 'open') continue
    const disruption = disruptions.get(hit.disruptionId)
    if (disruption !== undefined && disruption.choiceUntilMs > state.meta.nowMs) return disruption
  }
  return undefined
}

/** Its train has left with its passengers: not those who missed it and were not seen on it. */
export function hasLeft(state: BookingState, { bookingId, run, fromStop }: Booking): boolean {
  const { disruptions, disrupted } = state.disruption
  if (!hasDeparted(run, fromStop, state.meta.nowMs)) return false
  const hit = disrupted.get(bookingId)
  const isMissed =
    hit?.outcome === 'open' && disruptions.get(hit.disruptionId)?.kind === 'runDelayed'
  const wasSeen = state.tickets.get(bookingId)?.some(({ scan }) => scan !== undefined) === true
  return !isMissed || wasSeen
}

/** The seats that the booking was held with, whatever it has by now. */
export function seatsAtFirst({ disruption }: BookingState, booking: Booking): readonly number[] {
  return disruption.changes.get(booking.bookingId)?.[0]?.seats ?? booking.seats
}
