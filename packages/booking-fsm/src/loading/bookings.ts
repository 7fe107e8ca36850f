/** Bookings with their seats, payments, and what is to be done about them. */
import { enliven, keepBooking, keepPayment } from '../live.ts'
import type { BookingState } from '../state.ts'
import {
  type Booking,
  type CancelledPassenger,
  type Effect,
  type Hashed,
  type Payment,
  type RefundOffer,
  type Trip,
  unhashed,
} from '../things.ts'
import type { EffectKind } from '../views.ts'
import {
  type Cursor,
  int,
  list,
  numbers,
  optionalInt,
  optionalText,
  required,
  text,
} from './cursor.ts'

export function loadBooking(state: BookingState, row: Cursor): Booking {
  const booking: Booking = {
    ...unhashed,
    queueAt: -1,
    bookingId: int(row),
    accountId: int(row),
    run: required(state.runs.get(int(row)), row),
    fromStop: int(row),
    toStop: int(row),
    classCode: text(row),
    seats: numbers(row),
    ...passengers(list<string | PackedPassenger>(row)),
    priceEachMinor: int(row),
    pnr: text(row),
    status: text(row) as Booking['status'],
    heldAtMs: int(row),
    heldUntilMs: int(row),
    expiresAtMs: int(row),
    extended: int(row) === 1,
    confirmedAtMs: int(row),
    cancelledAtMs: int(row),
    refundMinor: int(row),
    fareRuleId: int(row),
    refundRuleId: optionalInt(row),
    requestKey: optionalText(row),
    contentHash: optionalText(row),
    heldAtIndex: int(row),
    payments: [],
    cancelled: undefined,
    offer: undefined,
    trip: undefined,
  }
  keepBooking(state, booking)
  return booking
}

/** A name, or a name with its type and lines. */
type PackedPassenger = [string, string, [string, number, number][]]

function passengers(packed: (string | PackedPassenger)[]): Pick<Booking, 'names' | 'fares'> {
  const names = packed.map((it) => (typeof it === 'string' ? it : it[0]))
  const fares = packed.flatMap((it) => {
    if (typeof it === 'string') return []
    const lines = it[2].map(([code, netMinor, taxMinor]) => ({ code, netMinor, taxMinor }))
    return [{ passengerType: it[1], lines }]
  })
  return { names, fares: fares.length > 0 ? fares : undefined }
}

/** When it is known who of each booking still travels: the seat of who does not may be sold again. */
export function enlivenBookings(state: BookingState): void {
  for (const booking of state.bookings.values()) enliven(state, booking)
}

export function loadPayment(state: BookingState, row: Cursor): Hashed {
  const payment: Payment = {
    ...unhashed,
    paymentId: int(row),
    booking: required(state.bookings.get(int(row)), row),
    status: text(row) as Payment['status'],
    amountMinor: int(row),
    refundedMinor: int(row),
    refundPending: int(row) === 1,
    declineReason: text(row),
    providerReference: text(row),
    paymentToken: text(row),
    startedAtMs: int(row),
    startedUntilMs: int(row),
    requestKey: optionalText(row),
    contentHash: optionalText(row),
    effects: [],
  }
  keepPayment(state, payment)
  return payment
}

export function loadEffect(state: BookingState, row: Cursor): Hashed {
  const effect: Effect = {
    ...unhashed,
    outboxId: int(row),
    key: text(row),
    kind: text(row) as EffectKind,
    payment: required(state.payments.get(int(row)), row),
    amountMinor: int(row),
  }
  state.effects.set(effect.outboxId, effect)
  effect.payment.effects.push(effect)
  return effect
}

export function loadCancelledPassenger(state: BookingState, row: Cursor): Hashed {
  const booking = required(state.bookings.get(int(row)), row)
  const position = int(row)
  const passenger: CancelledPassenger = {
    ...unhashed,
    booking,
    cancelledAtMs: int(row),
    terms: { position, refundMinor: int(row), chargeMinor: int(row), taxMinor: int(row) },
  }
  booking.cancelled = [...(booking.cancelled ?? []), passenger]
  return passenger
}

export function loadTrip(state: BookingState, row: Cursor): Hashed {
  const first = required(state.bookings.get(int(row)), row)
  const last = int(row)
  const others: Booking[] = []
  for (let id = first.bookingId + 1; id <= last; id++) {
    others.push(required(state.bookings.get(id), row))
  }
  const trip: Trip = { ...unhashed, legs: [first, ...others] }
  for (const leg of trip.legs) leg.trip = trip
  return trip
}

export function loadRefundOffer(state: BookingState, row: Cursor): Hashed {
  const offer: RefundOffer = {
    ...unhashed,
    booking: required(state.bookings.get(int(row)), row),
    offerId: int(row),
    expiresAtMs: int(row),
    terms: list<[number, number, number, number]>(row).map(
      ([position, refundMinor, chargeMinor, taxMinor]) => ({
        position,
        refundMinor,
        chargeMinor,
        taxMinor,
      }),
    ),
  }
  offer.booking.offer = offer
  return offer
}
