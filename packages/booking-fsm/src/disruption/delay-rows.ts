/** Delays as rows. */
import type { Value } from '../rows.ts'
import type { Delay, DelayPay } from './delay-things.ts'

export function delayValues(it: Delay): Value[] {
  const { runId, stop, recordId, lateMinutes, final, reason, atMs, accountId } = it
  return [runId, stop, recordId, lateMinutes, final ? 1 : 0, reason, atMs, accountId]
}

export function delayPayValues(it: DelayPay): Value[] {
  return [it.bookingId, it.position, it.lateMinutes, it.amountMinor, it.atMs]
}
