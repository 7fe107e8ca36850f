/** Bookings with their seats, payments, and what is to be done about them. */
import { enliven, keepBooking, keepPayment } from '../live.ts'
import type { BookingState } from '../state.ts'
import {
  type Booking,
  type CancelledPassenger,
  type Effect,
  type Hashed,
  none,
  type Payment,
  type RefundOffer,
} from '../things.ts'
import type { EffectKind } from '../views.ts'
import {
  type Cursor,
  int,
  lengthBefore,
  list,
  numbers,
  optionalInt,
  optionalText,
  required,
  text,
  word,
} from './cursor.ts'

export function loadBooking(state: BookingState, row: Cursor): Booking {
  const booking: Booking = {
    hashLow: 0,
    hashHigh: 0,
    queueAt: -1,
    bookingId: int(row),
    accountId: int(row),
    run: required(state.runs.get(int(row)), row),
    fromStop: int(row),
    toStop: int(row),
    classCode: word(row),
    seats: numbers(row),
    namesJson: text(row),
    passengers: lengthBefore(row),
    priceEachMinor: int(row),
    pnr: text(row),
    status: word(row) as Booking['status'],
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
    payments: none,
    cancelled: none,
    offer: undefined,
  }
  keepBooking(state, booking)
  return booking
}

/** When it is known who of each booking still travels: the seat of who does not may be sold again. */
export function enlivenBookings(state: BookingState): void {
  for (const booking of state.bookings.values()) enliven(state, booking)
}

export function loadPayment(state: BookingState, row: Cursor): Hashed {
  const payment: Payment = {
    hashLow: 0,
    hashHigh: 0,
    paymentId: int(row),
    booking: required(state.bookings.get(int(row)), row),
    status: word(row) as Payment['status'],
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
    effects: none,
  }
  keepPayment(state, payment)
  return payment
}

export function loadEffect(state: BookingState, row: Cursor): Hashed {
  const effect: Effect = {
    hashLow: 0,
    hashHigh: 0,
    outboxId: int(row),
    key: text(row),
    kind: word(row) as EffectKind,
    payment: required(state.payments.get(int(row)), row),
    amountMinor: int(row),
  }
  state.effects.set(effect.outboxId, effect)
  effect.payment.effects = [...effect.payment.effects, effect]
  return effect
}

export function loadCancelledPassenger(state: BookingState, row: Cursor): Hashed {
  const booking = required(state.bookings.get(int(row)), row)
  const position = int(row)
  const passenger: CancelledPassenger = {
    hashLow: 0,
    hashHigh: 0,
    booking,
    cancelledAtMs: int(row),
    terms: { position, refundMinor: int(row), chargeMinor: int(row), taxMinor: int(row) },
  }
  booking.cancelled = [...booking.cancelled, passenger]
  return passenger
}

export function loadRefundOffer(state: BookingState, row: Cursor): Hashed {
  const offer: RefundOffer = {
    hashLow: 0,
    hashHigh: 0,
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
