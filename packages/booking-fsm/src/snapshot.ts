import type { Row } from './rows.ts'
import type { BookingState } from './state.ts'
export function rowsOf(_state: BookingState): Row[] {
  throw new Error('soon')
}
export function stateHash(_state: BookingState): string {
  throw new Error('soon')
}
