/** Bookings with their seats, payments, and what is to be done about them. */
import { claimOf, enliven, keepBooking, keepPayment } from '../live.ts'
import type { BookingState } from '../state.ts'
import type { Booking, Effect, Hashed } from '../things.ts'
import type { EffectKind } from '../views.ts'
import { type Cursor, int, required, text, word } from './cursor.ts'
import { bookingFrom, paymentFrom } from './things-from-rows.ts'

export function loadBooking(state: BookingState, row: Cursor): Hashed {
  const booking = bookingFrom(row, state.runs)
  if (claimOf(booking.status) === 'held') keepBooking(state, booking)
  else {
    state.bookings.addPacked(booking, row.values)
    state.accounts.get(booking.accountId)?.bookingIds.push(booking.bookingId)
  }
  enliven(state, booking)
  return booking
}

export function loadPayment(state: BookingState, row: Cursor): Hashed {
  const bookingId = row.values[1]
  if (typeof bookingId === 'number' && state.bookings.isPacked(bookingId)) {
    // Only to see that it can be loaded: of the booking nothing but its place is needed.
    const payment = paymentFrom(row, nobody)
    state.bookings.addPackedPayment(payment, bookingId, row.values)
    return payment
  }
  const booking = typeof bookingId === 'number' ? state.bookings.get(bookingId) : undefined
  const payment = paymentFrom(row, required(booking, { ...row, at: 2 }))
  keepPayment(state, payment)
  return payment
}

const nobody = {} as Booking

export function loadEffect(state: BookingState, row: Cursor): Hashed {
  const effect: Effect = {
    hashLow: 0,
    hashHigh: 0,
    outboxId: int(row),
    key: text(row),
    kind: word(row) as EffectKind,
    payment: required(state.bookings.payment(int(row)), row),
    amountMinor: int(row),
  }
  state.effects.set(effect.outboxId, effect)
  effect.payment.effects = [...effect.payment.effects, effect]
  return effect
}
