import { keepChargeback } from '../chargebacks/charged.ts'
import type { Chargeback, ChargebackStatus } from '../chargebacks/things.ts'
import type { BookingState } from '../state.ts'
import type { Hashed } from '../things.ts'
import { type Cursor, int, text, word } from './cursor.ts'

export function loadChargeback(state: BookingState, row: Cursor): Hashed {
  const chargeback: Chargeback = {
    hashLow: 0,
    hashHigh: 0,
    reference: text(row),
    bookingId: int(row),
    paymentId: int(row),
    amountMinor: int(row),
    reason: text(row),
    status: word(row) as ChargebackStatus,
    recordedAtMs: int(row),
    settledAtMs: int(row),
  }
  keepChargeback(state, chargeback)
  return chargeback
}
