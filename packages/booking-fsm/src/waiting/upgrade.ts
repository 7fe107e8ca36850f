/**
 * Who sits on half a berth has a whole one before anybody who waits, in the entry that frees it: in the order in which
 * they joined, each who fits now with the whole party. Until the list of the run closes: then it stays as it is.
 */
import { closeOffer } from '../cancelling.ts'
import { isReseating } from '../consist/run-consist.ts'
import { noteChange } from '../disruption/hit.ts'
import { isInDraw } from '../draws/draw.ts'
import { hasDeparted } from '../fares.ts'
import { findSeats } from '../handlers/hold-seats.ts'
import { classOf } from '../inventory/layout.ts'
import { hasSharers, isShared, sharersIn } from '../inventory/shares.ts'
import { claimOf, liveSeats, resumeClaim, suspendClaim, travelling } from '../live.ts'
import { queueNotice } from '../notices.ts'
import type { BookingState } from '../state.ts'
import { type Work, writeRow } from '../store.ts'
import type { Booking, Run } from '../things.ts'
import { voidTickets } from '../tickets/void.ts'
import { isClosed } from './list.ts'
import { roomInPool } from './pools.ts'

/** Those who share a berth on the run, in order; the first goes first. */
export function sharersOn(state: BookingState, run: Run): Booking[] {
  const sharers: Booking[] = []
  for (const bookingId of sharersIn(run.inventory)) {
    const booking = state.bookings.get(bookingId)
    if (booking !== undefined && isSharing(booking)) sharers.push(booking)
  }
  return sharers.sort((a, b) => a.bookingId - b.bookingId)
}

export function isSharing(booking: Booking): boolean {
  return claimOf(booking.status) !== undefined && isShared(liveSeats(booking))
}

export function upgradeSharers(work: Work, freed: ReadonlySet<Run>): void {
  const { state } = work
  for (const run of freed) {
    if (!hasSharers(run.inventory) || mayNotMove(state, run)) continue
    // Whoever asks for no less than one who was refused is refused, too.
    const refused = new Map<string, number>()
    for (const booking of sharersOn(state, run)) {
      const { fromStop, toStop, classCode } = booking
      const { length } = travelling(booking)
      const place = `${fromStop} ${toStop} ${classCode}`
      if (length >= (refused.get(place) ?? Number.MAX_SAFE_INTEGER)) continue
      const seats = wholeBerths(state, booking, length)
      if (seats === undefined) refused.set(place, length)
      else upgrade(work, booking, seats)
    }
  }
}

/** As nobody is promoted there. */
function mayNotMove(state: BookingState, run: Run): boolean {
  return (
    run.cancelled ||
    isInDraw(state, run.runId) ||
    isReseating(state, run.runId) ||
    isClosed(state, run)
  )
}

/** Of what is general: a pool is for those who ask for it. */
function wholeBerths(
  state: BookingState,
  booking: Booking,
  party: number,
): readonly number[] | undefined {
  const { run, fromStop, toStop, classCode } = booking
  const of = classOf(run.layout, classCode)
  if (of === undefined || hasDeparted(run, fromStop, state.meta.nowMs)) return undefined
  if (roomInPool(state, booking, '') < party) return undefined
  const seats = findSeats(state, run, of, {
    ...{ type: 'holdSeats', runId: run.runId, fromStop, toStop, classCode, seats: [] },
    passengers: Array.from({ length: party }, () => ({ name: '' })),
  })
  return 'type' in seats ? undefined : seats
}

/** The price was that of a berth, and nothing of it changes. */
function upgrade(work: Work, booking: Booking, found: readonly number[]): void {
  const { state } = work
  noteChange(work, booking, 'berthGiven', 'other')
  // It was an offer by the rule for half a berth.
  closeOffer(work, booking)
  suspendClaim(state, booking)
  const seats = [...booking.seats]
  for (const [i, position] of travelling(booking).entries()) seats[position] = found[i] as number
  booking.seats = seats
  resumeClaim(state, booking)
  voidTickets(work, booking, undefined)
  writeRow(work, 'bookings', booking)
  queueNotice(work, booking, 'berthGiven')
}

/** How many are to have a berth before it: who shares one, and who waits and would, and joined earlier. */
export function sharersAhead(state: BookingState, booking: Booking): number {
  const { run, classCode, bookingId } = booking
  if (isClosed(state, run)) return 0
  const overlaps = (it: { readonly fromStop: number; readonly toStop: number }) =>
    it.fromStop < booking.toStop && booking.fromStop < it.toStop
  const sharing = sharersOn(state, run).filter(
    (it) => it.bookingId < bookingId && it.classCode === classCode && overlaps(it),
  )
  const waiting = [...(state.waitingOnRun.get(run.runId) ?? [])].filter(
    ({ booking: other, options }) =>
      other.bookingId < bookingId &&
      options.some(
        (it) => it.shared && it.run === run && it.classCode === classCode && overlaps(it),
      ),
  )
  return sharing.length + waiting.length
}
