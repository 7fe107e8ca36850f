import type { BookingState } from '../state.ts'
import type { RunView, TrainView } from '../views.ts'
export interface RunQuery {
  readonly trainId?: number | undefined
  /** Service dates as yyyymmdd, inclusive. */
  readonly fromDate: number
  readonly toDate: number
  readonly limit: number
}
export function findRun(_state: BookingState, _runId: number): RunView | undefined {
  throw new Error('soon')
}
export function listTrains(_state: BookingState): TrainView[] {
  throw new Error('soon')
}
export function listRuns(_state: BookingState, _query: RunQuery): RunView[] {
  throw new Error('soon')
}
