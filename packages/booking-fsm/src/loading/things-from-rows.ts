/** A booking and a payment as their rows say, and nothing else: no state is touched. */
import { type Booking, none, type Payment, type Run } from '../things.ts'
import {
  type Cursor,
  int,
  lengthBefore,
  numbers,
  optionalInt,
  optionalText,
  required,
  text,
  word,
} from './cursor.ts'

export function bookingFrom(row: Cursor, runs: ReadonlyMap<number, Run>): Booking {
  return {
    hashLow: 0,
    hashHigh: 0,
    queueAt: -1,
    bookingId: int(row),
    accountId: int(row),
    run: required(runs.get(int(row)), row),
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
    trip: undefined,
  }
}

export function paymentFrom(row: Cursor, booking: Booking): Payment {
  const paymentId = int(row)
  // The booking's id.
  int(row)
  return {
    hashLow: 0,
    hashHigh: 0,
    paymentId,
    booking,
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
}
