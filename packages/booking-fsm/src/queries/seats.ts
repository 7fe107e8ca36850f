import type { BookingState } from '../state.ts'
import type { OccupancyView, SeatView } from '../views.ts'
export function nextExpiryMs(_state: BookingState): number | undefined {
  throw new Error('soon')
}
export function occupancy(_state: BookingState, _runId: number): OccupancyView | undefined {
  throw new Error('soon')
}
export function quote(
  _state: BookingState,
  _runId: number,
  _fromStop: number,
  _toStop: number,
  _classCode: string,
  _atMs: number,
): number | undefined {
  throw new Error('soon')
}
export function seatMap(
  _state: BookingState,
  _runId: number,
  _fromStop: number,
  _toStop: number,
): SeatView[] {
  throw new Error('soon')
}
