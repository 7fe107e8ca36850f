/** Which classes promise a seat, and what those who wait for theirs would like. */

import { insertRule } from '../fares.ts'
import type { OverbookingRule, SeatPromiseRule, SeatWish } from '../seat-promise/things.ts'
import type { BookingState } from '../state.ts'
import type { Hashed } from '../things.ts'
import { type Cursor, int, list, required } from './cursor.ts'

export function loadSeatPromiseRule(state: BookingState, row: Cursor): Hashed {
  const rule: SeatPromiseRule = {
    hashLow: 0,
    hashHigh: 0,
    ruleId: int(row),
    validFromMs: int(row),
    chartBeforeDepartureMs: int(row),
    lines: list<[string, string, boolean]>(row).map(([trainNumber, classCode, promised]) => ({
      trainNumber,
      classCode,
      promised,
    })),
  }
  insertRule(state.seatPromiseRules, rule)
  return rule
}

export function loadSeatWish(state: BookingState, row: Cursor): Hashed {
  const wish: SeatWish = {
    hashLow: 0,
    hashHigh: 0,
    bookingId: int(row),
    wished: int(row),
    apart: int(row) === 1,
  }
  if (!state.bookings.has(wish.bookingId)) required(undefined, row)
  state.seatWishes.set(wish.bookingId, wish)
  return wish
}

export function loadOverbookingRule(state: BookingState, row: Cursor): Hashed {
  const rule: OverbookingRule = {
    hashLow: 0,
    hashHigh: 0,
    ruleId: int(row),
    validFromMs: int(row),
    lines: list<[string, string, number]>(row).map(([trainNumber, classCode, basisPoints]) => ({
      trainNumber,
      classCode,
      basisPoints,
    })),
  }
  insertRule(state.overbookingRules, rule)
  return rule
}
