/** Fares in limited numbers. */
import type { FareProduct, PassengerDatum } from '../commands.ts'
import { insertRule } from '../fares.ts'
import type { PassengerDetails } from '../products/passenger-data.ts'
import type { BookingProduct, FareProductRule } from '../products/things.ts'
import type { BookingState } from '../state.ts'
import type { Hashed } from '../things.ts'
import { type Cursor, int, list, text, word } from './cursor.ts'

export function loadFareProducts(state: BookingState, row: Cursor): Hashed {
  const rule: FareProductRule = {
    hashLow: 0,
    hashHigh: 0,
    ruleId: int(row),
    validFromMs: int(row),
    products: list<FareProduct>(row),
    requires: list<PassengerDatum>(row),
  }
  insertRule(state.fareProducts, rule)
  return rule
}

export function loadBookingProduct(state: BookingState, row: Cursor): Hashed {
  const sold: BookingProduct = {
    hashLow: 0,
    hashHigh: 0,
    bookingId: int(row),
    ruleId: int(row),
    code: word(row),
    counts: int(row) !== 0,
  }
  state.bookingProducts.set(sold.bookingId, sold)
  return sold
}

export function loadPassengerDetails(state: BookingState, row: Cursor): Hashed {
  const details: PassengerDetails = {
    hashLow: 0,
    hashHigh: 0,
    bookingId: int(row),
    position: int(row),
    birthDate: int(row),
    document: text(row),
    contact: text(row),
  }
  const all = [...(state.passengerDetails.get(details.bookingId) ?? []), details]
  all.sort((a, b) => a.position - b.position)
  state.passengerDetails.set(details.bookingId, all)
  return details
}
