import type { Chargeback, ChargebackStatus } from '../chargebacks/things.ts'
import type { BookingState } from '../state.ts'

export interface ChargebackView {
  readonly reference: string
  readonly bookingId: number
  readonly paymentId: number
  readonly amountMinor: number
  readonly reason: string
  readonly status: ChargebackStatus
  readonly recordedAtMs: number
  /** 0: it is open. */
  readonly settledAtMs: number
}

export function findChargeback(
  { chargebacks }: BookingState,
  reference: string,
): ChargebackView | undefined {
  const found = chargebacks.get(reference)
  return found && viewOf(found)
}

/** The latest first: of one booking or trip, or of all of them (0). */
export function listChargebacks(
  { chargebacks }: BookingState,
  limit: number,
  bookingId = 0,
): ChargebackView[] {
  return [...chargebacks.values()]
    .filter((it) => bookingId === 0 || it.bookingId === bookingId)
    .map(viewOf)
    .sort((a, b) => b.recordedAtMs - a.recordedAtMs || (a.reference < b.reference ? -1 : 1))
    .slice(0, Math.max(limit, 0))
}

function viewOf({ hashLow: _, hashHigh: __, ...view }: Chargeback): ChargebackView {
  return view
}
