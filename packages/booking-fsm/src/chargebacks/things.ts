/** What a passenger's bank has taken back. */
import type { Hashed } from '../things.ts'

export type ChargebackStatus = 'open' | 'won' | 'lost'

export interface Chargeback extends Hashed {
  /** The provider's, of the dispute. */
  readonly reference: string
  /** The booking, or the first leg of the trip, that the payment is for. */
  readonly bookingId: number
  readonly paymentId: number
  readonly amountMinor: number
  readonly reason: string
  status: ChargebackStatus
  readonly recordedAtMs: number
  /** 0: it is open. */
  settledAtMs: number
}
