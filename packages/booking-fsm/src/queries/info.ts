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
  readonly fareRules: number
  readonly refundRules: number
  readonly accounts: number
  readonly sessions: number
  readonly stations: number
  readonly trains: number
  readonly runs: number
  readonly bookings: number
  /** That keep seats until they are paid for, or their time is over; each leg of a trip is one. */
  readonly holds: number
  readonly payments: number
  readonly pendingEffects: number
  readonly rememberedRequests: number
}
/** Where the machine stands, and how much it keeps. */
export function info(state: BookingState): StateInfo {
  const { meta } = state
  return {
    founded: meta.clusterId !== '',
    clusterId: meta.clusterId,
    currency: meta.currency,
    nowMs: meta.nowMs,
    appliedIndex: meta.appliedIndex,
    featureLevel: meta.featureLevel,
    holdMs: meta.holdMs,
    paymentWindowMs: meta.paymentWindowMs,
    openImportId: state.openImport?.importId ?? 0,
    fareRules: state.fareRules.size,
    refundRules: state.refundRules.size,
    accounts: state.accounts.size,
    sessions: state.sessions.size,
    stations: state.stations.size,
    trains: state.trains.size,
    runs: state.runs.size,
    bookings: state.bookings.size,
    holds: state.holdQueue.items.length,
    payments: state.bookings.paymentCount,
    pendingEffects: state.effects.size,
    rememberedRequests: state.remembered.size,
  }
}
