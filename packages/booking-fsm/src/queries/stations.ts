import type { BookingState } from '../state.ts'
import type { StationView } from '../views.ts'
export function searchStations(_state: BookingState, _text: string, _limit: number): StationView[] {
  throw new Error('soon')
}
export function findStation(_state: BookingState, _code: string): StationView | undefined {
  throw new Error('soon')
}
export function getStation(_state: BookingState, _stationId: number): StationView | undefined {
  throw new Error('soon')
}
