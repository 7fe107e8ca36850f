import type { BookingState } from '../state.ts'
export interface StateInfo {
  readonly founded: boolean
  readonly clusterId: string
  readonly currency: string
  readonly nowMs: number
  readonly appliedIndex: number
  readonly featureLevel: number
  readonly holdMs: number
  readonly paymentWindowMs: number
  /** The import that is open; 0 when none. */
  readonly openImportId: number
  readonly accounts: number
  readonly sessions: number
  readonly stations: number
  readonly trains: number
  readonly runs: number
  readonly bookings: number
  readonly payments: number
  readonly pendingEffects: number
  readonly rememberedRequests: number
}
export function info(_state: BookingState): StateInfo {
  throw new Error('soon')
}
