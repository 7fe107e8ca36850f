/** A booking's seats and its place in the expiry queue, as its status changes. */
import { noteFreed } from './freed.ts'
import { heapPush, heapRemove } from './heap.ts'
import { countLater, isLater, leavesEnough, placesLeft } from './inventory/later.ts'
import { type ClassLayout, classOf } from './inventory/layout.ts'
import {
  type Claim,
  countPool,
  createInventory,
  freeSeats,
  type Inventory,
  isFree,
  sellSeats,
  takeSeats,
} from './inventory/occupancy.ts'
import { hasRoomAgain, poolKey } from './inventory/quotas.ts'
import { areHalvesFree, freeHalves, isShared, takeHalves } from './inventory/shares.ts'
import { countInBucket, hasBucketAgain, leaveBucket } from './products/buckets.ts'
import { overbookedBy } from './seat-promise/rule.ts'
import type { BookingState } from './state.ts'
import { deleteRow, type Work } from './store.ts'
import type { Booking, Payment, Run } from './things.ts'
import { voidTickets } from './tickets/void.ts'
import type { BookingStatus } from './views.ts'
import { releaseVoucher } from './vouchers/using.ts'

/** Made when the first booking needs it. */
export function inventoryOf(run: Run): Inventory {
  run.inventory ??= createInventory(run.layout.capacity, run.train.stops.length - 1)
  return run.inventory
}

/** What a booking of this status has of the inventory; undefined: nothing. */
export function claimOf(status: BookingStatus): Claim | undefined {
  if (status === 'confirmed') return 'sold'
  return status === 'held' || status === 'paying' ? 'held' : undefined
}

/** Gives the booking its seats and, while it is held, its place in the queue. */
export function enliven(state: BookingState, booking: Booking): void {
  const claim = claimOf(booking.status)
  if (claim === undefined) return
  const seats = liveSeats(booking)
  takePlaces(booking, seats, claim)
  countInPool(state, booking, seats.length)
  if (claim === 'held') heapPush(state.holdQueue, booking)
}

/** Frees the seats of a live booking. */
export function endBooking(
  work: Work,
  booking: Booking,
  status: 'cancelled' | 'expired' | 'released' | 'lapsed' | 'exchanged' | 'disrupted',
): void {
  freeClaim(work, booking, liveSeats(booking))
  if (claimOf(booking.status) === 'held') releaseVoucher(work, booking)
  heapRemove(work.state.holdQueue, booking)
  voidTickets(work, booking, undefined)
  booking.status = status
}

/** Frees the seats of a live booking for a look at how it would be without it. */
export function suspendClaim(state: BookingState, booking: Booking): void {
  const claim = claimOf(booking.status)
  if (claim === undefined) return
  const seats = liveSeats(booking)
  freePlaces(booking, seats, claim)
  countInPool(state, booking, -seats.length)
}

/** After `suspendClaim`, when nothing has been taken meanwhile. */
export function resumeClaim(state: BookingState, booking: Booking): void {
  const claim = claimOf(booking.status)
  if (claim === undefined) return
  const seats = liveSeats(booking)
  takePlaces(booking, seats, claim)
  countInPool(state, booking, seats.length)
}

/** Frees the seats of some passengers of a live booking. */
export function freePassengers(work: Work, booking: Booking, positions: readonly number[]): void {
  const seats = positions.map((position) => booking.seats[position] as number)
  freeClaim(work, booking, seats)
  voidTickets(work, booking, positions)
}

function freeClaim(work: Work, booking: Booking, seats: readonly number[]): void {
  const claim = claimOf(booking.status)
  if (claim === undefined) return
  freePlaces(booking, seats, claim)
  countInPool(work.state, booking, -seats.length)
  noteFreed(work, booking.run)
}

/** What is taken and where. */
type Journey = Pick<Booking, 'run' | 'fromStop' | 'toStop' | 'classCode'> &
  Partial<Pick<Booking, 'bookingId'>>

/** Takes seats, or places whose seats are given later. */
export function takePlaces(at: Journey, seats: readonly number[], claim: Claim): void {
  const { run, fromStop, toStop } = at
  if (isShared(seats)) takeHalves(inventoryOf(run), at.bookingId ?? 0, seats, fromStop, toStop)
  else if (!isLater(seats)) takeSeats(inventoryOf(run), seats, fromStop, toStop, claim)
  else countLater(inventoryOf(run), positionOf(at), fromStop, toStop, claim, seats.length)
}

export function freePlaces(at: Journey, seats: readonly number[], claim: Claim): void {
  const { run, fromStop, toStop } = at
  if (isShared(seats)) freeHalves(inventoryOf(run), at.bookingId ?? 0, seats, fromStop, toStop)
  else if (!isLater(seats)) freeSeats(inventoryOf(run), seats, fromStop, toStop, claim)
  else countLater(inventoryOf(run), positionOf(at), fromStop, toStop, claim, -seats.length)
}

function positionOf({ run, classCode }: Journey): number {
  return classOf(run.layout, classCode)?.position ?? 0
}

/** The positions of the passengers who are not cancelled by themselves, ascending. */
export function travelling(booking: Booking): number[] {
  const { passengers, cancelled } = booking
  return Array.from({ length: passengers }, (_, position) => position).filter(
    (position) => !cancelled.some(({ terms }) => terms.position === position),
  )
}

/** The seats of those. */
export function liveSeats(booking: Booking): readonly number[] {
  const { seats, cancelled } = booking
  if (cancelled.length === 0) return seats
  return travelling(booking).map((position) => seats[position] as number)
}

/** A booking that is held or paying is sold. */
export function sellBooking(state: BookingState, booking: Booking): void {
  const { run, seats, fromStop, toStop } = booking
  // A berth that is shared is off sale, held or sold.
  if (!isShared(seats)) sellSeats(inventoryOf(run), seats.length, fromStop, toStop)
  heapRemove(state.holdQueue, booking)
  booking.status = 'confirmed'
  booking.confirmedAtMs = state.meta.nowMs
}

/** Sells the seats of expired legs to them again, if they are all free; each with those before it taken. */
export function sellAgain(state: BookingState, legs: readonly Booking[]): boolean {
  for (const [i, leg] of legs.entries()) {
    if (isThereStill(state, leg) && hasRoomAgain(state, leg) && hasBucketAgain(state, leg)) {
      takePlaces(leg, leg.seats, 'sold')
      countInPool(state, leg, leg.seats.length)
      continue
    }
    for (const taken of legs.slice(0, i)) {
      freePlaces(taken, taken.seats, 'sold')
      countInPool(state, taken, -taken.seats.length)
    }
    return false
  }
  for (const leg of legs) {
    leg.status = 'confirmed'
    leg.confirmedAtMs = state.meta.nowMs
  }
  return true
}

/** The same seats, or as many places. */
function isThereStill(state: BookingState, booking: Booking): boolean {
  const { run, fromStop, toStop, classCode, seats } = booking
  const inventory = inventoryOf(run)
  const { layout } = run
  if (isShared(seats)) return areHalvesFree(inventory, seats, fromStop, toStop)
  const of = classOf(layout, classCode) as ClassLayout
  if (isLater(seats)) {
    const extra = overbookedBy(state, run, of, state.meta.nowMs)
    return placesLeft(inventory, layout.classAt, of, fromStop, toStop, extra) >= seats.length
  }
  return (
    seats.every((seat) => isFree(inventory, seat, fromStop, toStop)) &&
    leavesEnough(run, of, seats, toStop)
  )
}

/** Places of the booking's pool and product; most bookings have what is general, at the full fare, and are not counted. */
function countInPool(state: BookingState, booking: Booking, by: number): void {
  countInBucket(state, booking, by)
  if (state.bookingPools.size === 0) return
  const claim = state.bookingPools.get(booking.bookingId)
  if (claim === undefined) return
  const { run, classCode, fromStop, toStop } = booking
  countPool(inventoryOf(run), poolKey(classCode, claim.pool), fromStop, toStop, by)
}

/** A booking that has no places any more will have what is general. */
export function leavePool(work: Work, booking: Booking): void {
  const { bookingId } = booking
  leaveBucket(work, booking)
  const { bookingPools } = work.state
  const claim = bookingPools.get(bookingId)
  if (claim === undefined) return
  bookingPools.delete(bookingId)
  deleteRow(work, 'booking_pools', claim, [bookingId])
}

/** A booking that has no seats any more gets others, of those who still travel; it is confirmed again. */
export function moveBooking(
  state: BookingState,
  booking: Booking,
  run: Run,
  fromStop: number,
  toStop: number,
  seats: readonly number[],
): void {
  const there = travelling(booking)
  if (run !== booking.run) state.bookings.moveToRun(booking.bookingId, booking.run.runId, run.runId)
  const moved = [...booking.seats]
  for (const [i, position] of there.entries()) moved[position] = seats[i] as number
  booking.run = run
  booking.fromStop = fromStop
  booking.toStop = toStop
  booking.seats = moved
  booking.status = 'confirmed'
  takePlaces(booking, seats, 'sold')
}

/** Puts a booking into memory: a new one, or one that is loaded. */
export function keepBooking(state: BookingState, booking: Booking): void {
  state.bookings.add(booking)
  state.accounts.get(booking.accountId)?.bookingIds.push(booking.bookingId)
  if (booking.requestKey !== '') state.requests.set(booking.requestKey, booking)
}

/** Puts a payment into memory: a new one, or one that is loaded. */
export function keepPayment(state: BookingState, payment: Payment): void {
  state.bookings.addPayment(payment)
  const { booking } = payment
  booking.payments = [...booking.payments, payment]
  if (payment.requestKey !== '') state.requests.set(payment.requestKey, payment)
}
