/** Rows of bookings that were exchanged, or had some of their money back while they stand. */
import type { Hashed, RefundTerms } from './things.ts'

/** A booking that is to take the place of another one, or has. */
export interface Exchange extends Hashed {
  /** The new one. */
  readonly bookingId: number
  readonly oldBookingId: number
  /** Of the old one's passengers: what they bring along (as refund), and what the exchange costs. */
  readonly terms: readonly RefundTerms[]
  /** What they bring along, as far as the new price needs it. */
  readonly carriedMinor: number
  /** What is beyond it and goes back. */
  readonly surplusMinor: number
  /** 0: not yet, or never. */
  confirmedAtMs: number
  /** The difference was never paid: what was carried over is owed. */
  undone: boolean
}

/** What a passenger got back of the fare without leaving, all together. */
export interface Compensation extends Hashed {
  readonly bookingId: number
  readonly position: number
  amountMinor: number
  /** The tax in it. */
  taxMinor: number
  lastAtMs: number
  /** Of the last one. */
  reason: string
}
