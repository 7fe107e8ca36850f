/** All move at once: the run has its new formation, and everybody the seats that were found there. */
import { closeOffer } from '../cancelling.ts'
import { loseTrain, noteChange } from '../disruption/hit.ts'
import type { Disruption } from '../disruption/things.ts'
import { expireIfDue } from '../expiry.ts'
import { noteFreed } from '../freed.ts'
import { releaseTrip } from '../handlers/release-hold.ts'
import { isOfRun, takeBlock } from '../inventory/blocks.ts'
import { createInventory } from '../inventory/occupancy.ts'
import { leavePool, resumeClaim, travelling } from '../live.ts'
import { deleteRow, type Work, writeRow } from '../store.ts'
import { type Booking, type Run, unhashed } from '../things.ts'
import { voidTickets } from '../tickets/void.ts'
import { expectAgain } from '../waiting/timed.ts'
import { moveBlocks } from './blocks.ts'
import { dropParty } from './list.ts'
import { isOn } from './plan.ts'
import { fitQuotas } from './quotas.ts'
import { maskAt, placeAt } from './run-consist.ts'
import type { Party, Reseating, RunConsist } from './things.ts'

export function moveAll(work: Work, run: Run, reseating: Reseating, disruption: Disruption): void {
  const { state } = work
  const parties = [...reseating.parties.values()].sort((a, b) => a.bookingId - b.bookingId)
  // First who leaves: with one leg of a trip the others may go, that have a seat.
  for (const party of parties) letGo(work, run, party, disruption)
  const moving: Booking[] = []
  for (const party of parties) {
    const booking = state.bookings.get(party.bookingId)
    const isThere = booking !== undefined && isOn(booking, run.runId)
    if (isThere) moving.push(booking)
    const isNews = isThere && moveOne(work, booking, party, reseating, disruption)
    if (!isNews) dropParty(work, reseating, party)
  }
  moveBlocks(work, run, reseating, disruption.reason)
  takeConsist(work, run, reseating)
  for (const booking of moving) resumeClaim(state, booking)
  fitQuotas(work, run)
  reseating.moved = true
  noteFreed(work, run)
  expectAgain(work, run)
}

/** Who has paid may choose; what was only held is free. */
function letGo(work: Work, run: Run, party: Party, disruption: Disruption): void {
  const booking = work.state.bookings.get(party.bookingId)
  if (booking === undefined) return
  expireIfDue(work, booking)
  if (party.status === 'seated' || !isOn(booking, run.runId)) return
  if (booking.status === 'confirmed') loseTrain(work, booking, disruption, 'seatsLost')
  else releaseTrip(work, booking)
}

/** False: for the passengers nothing has changed, whatever the numbers are. */
function moveOne(
  work: Work,
  booking: Booking,
  party: Party,
  { layout }: Reseating,
  disruption: Disruption,
): boolean {
  const before = booking.run.layout
  const seats = booking.seats.map((_, position) => party.seats[position] as number)
  const there = travelling(booking)
  for (const position of seats.keys()) if (!there.includes(position)) seats[position] = GONE
  const inOther = party.classCode !== booking.classCode
  const moved = there.filter((position) => {
    const place = (of: Run['layout'], seat: number | undefined) => placeAt(of, seat ?? -1).join(' ')
    return inOther || place(before, booking.seats[position]) !== place(layout, seats[position])
  })
  // A number may be that of another place now, and a place may have another number.
  const isSame = booking.seats.every((seat, position) => seat === seats[position])
  if (isSame && moved.length === 0) return false
  noteChange(work, booking, 'seatsChanged', disruption.reason, {
    lost: seats.map((seat, position) =>
      there.includes(position)
        ? maskAt(before, booking.seats[position] as number) & ~maskAt(layout, seat)
        : 0,
    ),
    backs: party.backs,
  })
  forgetWish(work, booking)
  if (inOther) {
    leavePool(work, booking)
    // It was an offer by the rule of another class.
    closeOffer(work, booking)
  }
  booking.seats = seats
  booking.classCode = party.classCode
  writeRow(work, 'bookings', booking)
  if (moved.length === 0) return false
  voidTickets(work, booking, moved)
  disruption.moved++
  return true
}

/** What it would have liked is where it sits now, as far as that was possible. */
function forgetWish(work: Work, { bookingId }: Booking): void {
  const { seatWishes } = work.state
  const wish = seatWishes.get(bookingId)
  if (wish === undefined) return
  seatWishes.delete(bookingId)
  deleteRow(work, 'seat_wishes', wish, [bookingId])
}

/** The seat of who had left: neither one of the train nor one that is given later. */
const GONE = -2

/** From here on its seats are others; nobody has one yet. */
function takeConsist(work: Work, run: Run, { coaches, layout }: Reseating): void {
  const { consist, blocks, meta } = work.state
  const { hashLow, hashHigh } = consist.own.get(run.runId) ?? unhashed
  const { runId } = run
  const own: RunConsist = { hashLow, hashHigh, runId, changedAtMs: meta.nowMs, coaches }
  consist.own.set(runId, own)
  writeRow(work, 'run_consists', own)
  run.layout = layout
  run.inventory = createInventory(layout.capacity, run.train.stops.length - 1)
  for (const block of blocks.values()) if (isOfRun(block, run)) takeBlock(run, block)
}
