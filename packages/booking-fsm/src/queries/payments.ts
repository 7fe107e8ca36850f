import type { BookingState } from '../state.ts'
import type { LedgerTotals, OutboxView, RefundQuote } from '../views.ts'
export function ledgerTotals(_state: BookingState): LedgerTotals {
  throw new Error('soon')
}
export function pendingOutbox(_state: BookingState, _limit: number): OutboxView[] {
  throw new Error('soon')
}
export function refundQuote(
  _state: BookingState,
  _bookingId: number,
  _nowMs: number,
): RefundQuote | undefined {
  throw new Error('soon')
}
