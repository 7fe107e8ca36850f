/** A booking that takes the place of another one, which stays as it is until then. */
import type { Exchange } from './exchange-things.ts'
import type { BookingState } from './state.ts'
import type { Booking } from './things.ts'
import { leadOf, legsOf, tripPrice } from './trips.ts'
import { voucherPart } from './vouchers/using.ts'
import { reservedMinor } from './waiting/list.ts'

/**
 * The bookings whose money is one: a booking or trip, and what was exchanged for it, or for a leg of it, or it
 * for; the first one first.
 */
export function sharedWith(state: BookingState, booking: Booking): readonly Booking[] {
  if (state.exchanges.size === 0) return [leadOf(booking)]
  const first = leadOf(firstOf(state, booking))
  const all = [first]
  for (const leg of legsOf(first)) {
    for (let next = inPlaceOf(state, leg); next !== undefined; next = inPlaceOf(state, next)) {
      all.push(next)
    }
  }
  // Who came later has the greater id.
  return all.sort((a, b) => a.bookingId - b.bookingId)
}

/** What is travelled now: the legs of the trip, and in place of each one that was exchanged what it was exchanged for. */
export function legsNow(state: BookingState, booking: Booking): readonly Booking[] {
  if (state.exchanges.size === 0) return legsOf(booking)
  return legsOf(firstOf(state, booking)).map((leg) => {
    let now = leg
    for (let next = inPlaceOf(state, leg); next !== undefined; next = inPlaceOf(state, next)) {
      now = next
    }
    return now
  })
}

/** Where a passenger of the booking is in another one of its journey; -1: not there. */
export function positionIn(
  state: BookingState,
  leg: Booking,
  booking: Booking,
  position: number,
): number {
  if (leg === booking || state.exchanges.size === 0) return position
  return positionSince(state, leg, positionAtFirst(state, booking, position))
}

function positionAtFirst(state: BookingState, { bookingId }: Booking, position: number): number {
  const exchange = state.exchanges.get(bookingId)
  if (exchange === undefined) return position
  const old = state.bookings.get(exchange.oldBookingId) as Booking
  return positionAtFirst(state, old, exchange.terms[position]?.position ?? -1)
}

function positionSince(state: BookingState, { bookingId }: Booking, atFirst: number): number {
  const exchange = state.exchanges.get(bookingId)
  if (exchange === undefined) return atFirst
  const old = state.bookings.get(exchange.oldBookingId) as Booking
  const before = positionSince(state, old, atFirst)
  return exchange.terms.findIndex((terms) => terms.position === before)
}

/** What was sold first, before all exchanges that led to the booking. */
function firstOf({ exchanges, bookings }: BookingState, booking: Booking): Booking {
  let first = booking
  let exchange = exchanges.get(booking.bookingId)
  while (exchange !== undefined && exchange.confirmedAtMs > 0) {
    first = bookings.get(exchange.oldBookingId) as Booking
    exchange = exchanges.get(first.bookingId)
  }
  return first
}

/** What has taken the booking's place. */
function inPlaceOf(state: BookingState, { bookingId }: Booking): Booking | undefined {
  const exchange = state.exchangeOfOld.get(bookingId)
  const isTaken = exchange !== undefined && exchange.confirmedAtMs > 0
  return isTaken ? state.bookings.get(exchange.bookingId) : undefined
}

/**
 * What is to be paid for a booking or trip, less what a voucher pays: of one that is to take another's place, the difference; of one
 * that waits, the dearest of what it may become.
 */
export function dueMinor(state: BookingState, booking: Booking): number {
  const waiting = state.waiting.get(booking.bookingId)
  if (waiting !== undefined) return reservedMinor(waiting)
  const carried = state.exchanges.get(booking.bookingId)?.carriedMinor ?? 0
  return tripPrice(booking) - carried - voucherPart(state, booking)
}

/** The exchange that is on its way for this booking: its seats are held. */
export function openExchange(state: BookingState, booking: Booking): Exchange | undefined {
  const exchange = state.exchangeOfOld.get(booking.bookingId)
  const status = exchange && state.bookings.get(exchange.bookingId)?.status
  return status === 'held' || status === 'paying' ? exchange : undefined
}

/** How many exchanges led to the booking. */
export function exchangesBefore(state: BookingState, booking: Booking): number {
  let count = 0
  let exchange = state.exchanges.get(booking.bookingId)
  for (; exchange !== undefined; count++) exchange = state.exchanges.get(exchange.oldBookingId)
  return count
}
