import type { BookingState } from '../state.ts'
import type { JourneyView } from '../views.ts'
export interface JourneyQuery {
  readonly fromStationId: number
  readonly toStationId: number
  /** Departures in [earliestMs, latestMs], and after nowMs. */
  readonly earliestMs: number
  readonly latestMs: number
  readonly nowMs: number
  readonly passengers: number
  readonly limit: number
}
export function searchJourneys(_state: BookingState, _query: JourneyQuery): JourneyView[] {
  throw new Error('soon')
}
