/** Several legs under one booking: held, paid, confirmed and expired together, cancelled one by one. */
import { priceOf } from './fares.ts'
import type { Booking } from './things.ts'

/** In order; a booking by itself is its only leg. */
export function legsOf(booking: Booking): readonly Booking[] {
  return booking.trip?.legs ?? [booking]
}

/** The leg that the payments are for. */
export function leadOf(booking: Booking): Booking {
  return booking.trip?.legs[0] ?? booking
}

/** Of all legs. */
export function tripPrice(booking: Booking): number {
  return legsOf(booking).reduce((sum, leg) => sum + priceOf(leg), 0)
}
