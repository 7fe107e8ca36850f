/** How late runs are, and what passengers had for it: rows of their own, because most have none. */
import type { Reason } from '../commands/reasons.ts'
import type { Hashed } from '../things.ts'

/** How late a run is at a stop, and from there on until the next stop that has a record. */
export interface Delay extends Hashed {
  readonly runId: number
  readonly stop: number
  /** From 1; of two records the greater one is newer. */
  recordId: number
  lateMinutes: number
  /** It has arrived there: otherwise it is what is expected. */
  final: boolean
  reason: Reason
  atMs: number
  accountId: number
}

/** What a passenger was paid of the fare of a booking because the journey ended late, all together. */
export interface DelayPay extends Hashed {
  readonly bookingId: number
  readonly position: number
  /** Of the last record that something was paid for. */
  lateMinutes: number
  amountMinor: number
  atMs: number
}
