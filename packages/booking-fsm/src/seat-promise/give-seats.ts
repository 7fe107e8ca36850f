/**
 * Seats for those who were promised a place only, once the chart of their run is closed: stop after stop, the larger
 * parties first, so that whoever boards finds seats that are free there. It can not fail (`inventory/later.ts`).
 */
import { noteChange } from '../disruption/hit.ts'
import { chooseSeats } from '../inventory/choose.ts'
import { isLater } from '../inventory/later.ts'
import { classOf } from '../inventory/layout.ts'
import { arePlacesClosed } from '../inventory/seat-rule.ts'
import type { Wishes } from '../inventory/wishes.ts'
import { claimOf, inventoryOf, liveSeats, resumeClaim, suspendClaim, travelling } from '../live.ts'
import { queueNotice } from '../notices.ts'
import type { BookingState } from '../state.ts'
import { deleteRow, type Work, writeRow } from '../store.ts'
import type { Booking, Run } from '../things.ts'
import { voidTickets } from '../tickets/void.ts'
import { offerFreed } from '../waiting/promote.ts'
import { isSeating } from './seating.ts'
import { turnOneAway } from './turn-away.ts'

/** Each of them writes up to nine rows, and looks at all seats of its class. */
const PARTIES_PER_ENTRY = 50

/** Housekeeping: some parties, run by run, by the runs' ids. */
export function giveSeats(work: Work): void {
  const { seating } = work.state
  if (seating.size === 0) return
  seatParties(work)
  // Trips that were held for others, too.
  offerFreed(work)
}

function seatParties(work: Work): void {
  const { seating } = work.state
  let left = PARTIES_PER_ENTRY
  for (const run of [...seating.keys()].sort((a, b) => a.runId - b.runId)) {
    if (!isSeating(work.state, run)) continue
    left = seatSome(work, run, left)
    if (left === 0) return
    seating.delete(run)
  }
}

/** How many more may be seated in this entry; 0: this run may have more of them. */
function seatSome(work: Work, run: Run, most: number): number {
  const { seating } = work.state
  const parties = seating.get(run) ?? partiesOf(work.state, run)
  seating.set(run, parties)
  let left = most
  while (left > 0 && turnOneAway(work, run)) left--
  while (left > 0 && parties.length > 0) {
    const booking = waitsForSeats(work.state, parties.pop() as number)
    if (booking?.run !== run) continue
    seat(work, booking)
    left--
  }
  return left
}

/** Those who have no seats yet, the first one last: an order that nothing changes until they have. */
function partiesOf(state: BookingState, run: Run): number[] {
  const parties: Booking[] = []
  for (const bookingId of state.bookings.idsOnRun(run.runId)) {
    const booking = waitsForSeats(state, bookingId)
    if (booking !== undefined) parties.push(booking)
  }
  const without = ({ bookingId }: Booking) => (state.seatWishes.has(bookingId) ? 0 : 1)
  parties.sort(
    (a, b) =>
      a.fromStop - b.fromStop ||
      b.passengers - a.passengers ||
      without(a) - without(b) ||
      a.bookingId - b.bookingId,
  )
  return parties.map(({ bookingId }) => bookingId).reverse()
}

function waitsForSeats(state: BookingState, bookingId: number): Booking | undefined {
  const booking = state.bookings.get(bookingId)
  if (booking === undefined || claimOf(booking.status) === undefined) return undefined
  return isLater(liveSeats(booking)) ? booking : undefined
}

function seat(work: Work, booking: Booking): void {
  const { state } = work
  const { run, fromStop, toStop, classCode, status } = booking
  const of = classOf(run.layout, classCode)
  if (of === undefined) throw new Error(`a class that run ${run.runId} does not have`)
  const there = travelling(booking)
  const wishes = wishesOfParty(state, booking, arePlacesClosed(state, run, of, state.meta.nowMs))
  suspendClaim(state, booking)
  const inventory = inventoryOf(run)
  const { layout } = run
  const found = chooseSeats(inventory, layout, of, fromStop, toStop, there.length, wishes)
  if (typeof found === 'number') throw new Error(`${booking.bookingId} finds no seats`)
  noteSeating(work, booking, found)
  resumeClaim(state, booking)
  voidTickets(work, booking, undefined)
  writeRow(work, 'bookings', booking)
  if (status === 'confirmed') queueNotice(work, booking, 'seatsGiven')
}

/** What it was before is kept; the seats are those of who still travels. */
export function noteSeating(work: Work, booking: Booking, found: readonly number[]): void {
  const { state } = work
  const { bookingId } = booking
  noteChange(work, booking, 'seated', 'other')
  const seats = [...booking.seats]
  for (const [i, position] of travelling(booking).entries()) seats[position] = found[i] as number
  booking.seats = seats
  const wish = state.seatWishes.get(bookingId)
  if (wish === undefined) return
  state.seatWishes.delete(bookingId)
  deleteRow(work, 'seat_wishes', wish, [bookingId])
}

function wishesOfParty(
  { seatWishes }: BookingState,
  { bookingId }: Booking,
  closed: boolean,
): Wishes | undefined {
  const wish = seatWishes.get(bookingId)
  if (wish === undefined && !closed) return undefined
  const { wished, apart } = wish ?? { wished: 0, apart: false }
  return { required: 0, wished, apart, wheelchairPlaces: 0, closed }
}
