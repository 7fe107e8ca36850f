/** What is kept of a booking that is archived: what a complaint may still need, and the names of its requests. */
import type { Hashed } from '../things.ts'

export interface Stub {
  readonly bookingId: number
  /** The first of the bookings that were archived together, because their money is shared. */
  readonly familyId: number
  readonly accountId: number
  readonly passengers: number
  /** It was more than a hold. */
  readonly bought: boolean
  /** When the journey ended; of what was never confirmed, when it was held. */
  readonly overMs: number
  /** By passenger; none when nothing was paid, or it was not sold in the end. */
  readonly fares: readonly StubFare[]
  /** Agreed to go back since, and neither paid nor on its way. With the first of its family. */
  readonly owedMinor: number
  /** The requests that it and its payments answered, 16 hexadecimal digits each. */
  readonly requests: string
}

export interface StubFare {
  /** So much of the fare may still be paid back. */
  readonly keptMinor: number
  /** As it was sold, and the tax in it: they say how much of a refund is tax. */
  readonly priceMinor: number
  readonly taxMinor: number
}

/** A payment in force of an archived booking that somebody may get something back of. */
export interface StubPayment {
  readonly paymentId: number
  /** The booking, or the first leg of the trip, that it is for. */
  readonly bookingId: number
  readonly amountMinor: number
  /** Of it, less what was refunded. */
  readonly leftMinor: number
  readonly providerReference: string
}

/** A refund on its way. */
export interface StubEffect extends Hashed {
  readonly outboxId: number
  readonly key: string
  readonly kind: 'refund'
  readonly payment: { readonly paymentId: number }
  readonly amountMinor: number
}
