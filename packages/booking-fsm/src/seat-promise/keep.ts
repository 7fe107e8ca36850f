/** A booking that gets its seats later: when, and what it would like. */
import type { SeatPreferences } from '../commands.ts'
import { isLater } from '../inventory/later.ts'
import { classOf } from '../inventory/layout.ts'
import { maskOf } from '../inventory/seat-properties.ts'
import { liveSeats } from '../live.ts'
import { type Work, writeRow } from '../store.ts'
import type { Booking } from '../things.ts'
import { closesAt } from '../waiting/closes-at.ts'
import { openChart } from '../waiting/list.ts'
import { laterBy } from './rule.ts'
import type { SeatWish } from './things.ts'

/** Nothing, where it has seats. */
export function keepLater(
  work: Work,
  booking: Booking,
  preferences: SeatPreferences | undefined,
): void {
  if (!isLater(liveSeats(booking))) return
  const { state } = work
  const { run, classCode, bookingId } = booking
  const of = classOf(run.layout, classCode)
  const rule = of && laterBy(state, run, of, state.meta.nowMs)
  if (rule !== undefined) openChart(work, run, closesAt(run, rule.chartBeforeDepartureMs))
  const { wished = [], apart = false } = preferences ?? {}
  if (wished.length === 0 && !apart) return
  const wish: SeatWish = { hashLow: 0, hashHigh: 0, bookingId, wished: maskOf(wished), apart }
  state.seatWishes.set(bookingId, wish)
  writeRow(work, 'seat_wishes', wish)
}
