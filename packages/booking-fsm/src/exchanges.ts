/** A booking that takes the place of another one, which stays as it is until then. */
import type { Exchange } from './exchange-things.ts'
import type { BookingState } from './state.ts'
import type { Booking } from './things.ts'
import { leadOf, tripPrice } from './trips.ts'
import { voucherPart } from './vouchers/using.ts'
import { reservedMinor } from './waiting/list.ts'

/** The bookings whose money is one: a booking or trip, and what was exchanged for it or it for; the first one first. */
export function sharedWith(state: BookingState, booking: Booking): readonly Booking[] {
  const { exchanges, exchangeOfOld, bookings } = state
  const all = [leadOf(booking)]
  if (exchanges.size === 0 || booking.trip !== undefined) return all
  let exchange = exchanges.get(booking.bookingId)
  while (exchange !== undefined && exchange.confirmedAtMs > 0) {
    all.unshift(bookings.get(exchange.oldBookingId) as Booking)
    exchange = exchanges.get(exchange.oldBookingId)
  }
  exchange = exchangeOfOld.get(booking.bookingId)
  while (exchange !== undefined && exchange.confirmedAtMs > 0) {
    all.push(bookings.get(exchange.bookingId) as Booking)
    exchange = exchangeOfOld.get(exchange.bookingId)
  }
  return all
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
