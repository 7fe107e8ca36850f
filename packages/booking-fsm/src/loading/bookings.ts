/** Bookings with their seats, payments, and what is to be done about them. */
import type { StubEffect } from '../archive/things.ts'
import { withPassengers } from '../cancelling.ts'
import { claimOf, enliven, keepBooking, keepPayment } from '../live.ts'
import type { BookingState } from '../state.ts'
import {
  type Booking,
  type CancelledPassenger,
  type Effect,
  type Hashed,
  none,
  type RefundOffer,
  type RefundTerms,
  unhashed,
} from '../things.ts'
import type { EffectKind } from '../views.ts'
import { type Cursor, int, list, required, text, word } from './cursor.ts'
import { bookingFrom, paymentFrom } from './things-from-rows.ts'

/** Who has left it, its open offer and its trip are loaded before it. */
export function loadBooking(state: BookingState, row: Cursor): Hashed {
  const booking = bookingFrom(row, state.runs)
  const { bookingId } = booking
  mustBeGivenOut(bookingId, state.meta.nextBookingId, row)
  booking.cancelled = state.cancelled.get(bookingId) ?? none
  if (claimOf(booking.status) === 'held' || booking.status === 'waiting') {
    keepBooking(state, booking)
    state.bookings.joinTrip(booking)
  } else {
    state.bookings.addPacked(booking, row.values)
    state.accounts.get(booking.accountId)?.bookingIds.push(bookingId)
  }
  enliven(state, booking)
  return booking
}

export function loadPayment(state: BookingState, row: Cursor): Hashed {
  mustBeGivenOut(row.values[0] as number, state.meta.nextPaymentId, row)
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
  const paymentId = row.values[3]
  if (typeof paymentId === 'number' && state.archive.hasPayment(paymentId)) {
    const [outboxId, key, amountMinor] = [int(row), text(row), row.values[4] as number]
    const refund = { ...unhashed, outboxId, key, kind: 'refund' as const, payment: { paymentId } }
    const ofStub: StubEffect = { ...refund, amountMinor }
    state.archive.effects.set(outboxId, ofStub)
    return ofStub
  }
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

/** The seat of one who has left may be somebody else's by now. */
export function loadCancelledPassenger(state: BookingState, row: Cursor): Hashed {
  const bookingId = int(row)
  const position = int(row)
  const passenger: CancelledPassenger = {
    hashLow: 0,
    hashHigh: 0,
    bookingId,
    cancelledAtMs: int(row),
    terms: { position, refundMinor: int(row), chargeMinor: int(row), taxMinor: int(row) },
  }
  state.cancelled.set(
    bookingId,
    withPassengers(state.cancelled.get(bookingId) ?? none, [passenger]),
  )
  return passenger
}

export function loadRefundOffer(state: BookingState, row: Cursor): Hashed {
  const offer: RefundOffer = {
    hashLow: 0,
    hashHigh: 0,
    bookingId: int(row),
    offerId: int(row),
    expiresAtMs: int(row),
    terms: list<[number, number, number, number]>(row).map(
      ([position, refundMinor, chargeMinor, taxMinor]): RefundTerms => ({
        position,
        refundMinor,
        chargeMinor,
        taxMinor,
      }),
    ),
  }
  state.offers.set(offer.bookingId, offer)
  return offer
}

export function loadTrip(state: BookingState, row: Cursor): Hashed {
  const first = int(row)
  const last = int(row)
  if (last < first || last > first + 5) required(undefined, row)
  mustBeGivenOut(last, state.meta.nextBookingId, row)
  state.bookings.addTrip(first, last)
  return { hashLow: 0, hashHigh: 0 }
}

/** The shelf goes from the first to the last: one far beyond the counter, by a bit that flipped, would be hours of it. */
function mustBeGivenOut(id: number, next: number, { table, values }: Cursor): void {
  if (Number.isSafeInteger(id) && id > 0 && id < next) return
  throw new Error(
    `${table} ${String(values[0])}: this id was not given out, the next one is ${next}`,
  )
}
