import type { Row } from './rows.ts'
import type { BookingState } from './state.ts'
export function loadState(_rows: Iterable<Row>): BookingState {
  throw new Error('soon')
}
