import type { BookingState } from '../state.ts'
import type { BookingView } from '../views.ts'
export function findBooking(_state: BookingState, _bookingId: number): BookingView | undefined {
  throw new Error('soon')
}
export function findBookingByPnr(_state: BookingState, _pnr: string): BookingView | undefined {
  throw new Error('soon')
}
export function bookingsOf(
  _state: BookingState,
  _accountId: number,
  _limit: number,
): BookingView[] {
  throw new Error('soon')
}
