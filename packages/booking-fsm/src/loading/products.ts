/** Fares in limited numbers. */
import type { FareProduct } from '../commands.ts'
import { insertRule } from '../fares.ts'
import type { BookingProduct, FareProductRule } from '../products/things.ts'
import type { BookingState } from '../state.ts'
import type { Hashed } from '../things.ts'
import { type Cursor, int, list, word } from './cursor.ts'

export function loadFareProducts(state: BookingState, row: Cursor): Hashed {
  const rule: FareProductRule = {
    hashLow: 0,
    hashHigh: 0,
    ruleId: int(row),
    validFromMs: int(row),
    products: list<FareProduct>(row),
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
