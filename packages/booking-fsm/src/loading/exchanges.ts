/** Exchanges and compensations: they stand beside the bookings, which most of them do without. */
import type { Compensation, Exchange } from '../exchange-things.ts'
import type { BookingState } from '../state.ts'
import { type Hashed, none } from '../things.ts'
import { type Cursor, int, list, text } from './cursor.ts'

export function loadExchange(state: BookingState, row: Cursor): Hashed {
  const exchange: Exchange = {
    hashLow: 0,
    hashHigh: 0,
    bookingId: int(row),
    oldBookingId: int(row),
    terms: list<[number, number, number, number]>(row).map(
      ([position, refundMinor, chargeMinor, taxMinor]) => ({
        position,
        refundMinor,
        chargeMinor,
        taxMinor,
      }),
    ),
    carriedMinor: int(row),
    surplusMinor: int(row),
    confirmedAtMs: int(row),
    undone: int(row) === 1,
  }
  keepExchange(state, exchange)
  return exchange
}

/** Of the exchanges of one booking the last one counts; they come in order. */
export function keepExchange(state: BookingState, exchange: Exchange): void {
  state.exchanges.set(exchange.bookingId, exchange)
  state.exchangeOfOld.set(exchange.oldBookingId, exchange)
}

export function loadCompensation(state: BookingState, row: Cursor): Hashed {
  const compensation: Compensation = {
    hashLow: 0,
    hashHigh: 0,
    bookingId: int(row),
    position: int(row),
    amountMinor: int(row),
    taxMinor: int(row),
    lastAtMs: int(row),
    reason: text(row),
  }
  keepCompensation(state, compensation)
  return compensation
}

export function keepCompensation(state: BookingState, compensation: Compensation): void {
  const { bookingId } = compensation
  const earlier = state.compensations.get(bookingId) ?? none
  const all = [...earlier, compensation].sort((a, b) => a.position - b.position)
  state.compensations.set(bookingId, all)
}
