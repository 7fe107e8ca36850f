/** What is sold in limited numbers, and which booking has a place of it. */
import type { FareProduct, PassengerDatum } from '../commands.ts'
import type { Hashed } from '../things.ts'

export interface FareProductRule extends Hashed {
  readonly ruleId: number
  readonly validFromMs: number
  readonly products: readonly FareProduct[]
  readonly requires: readonly PassengerDatum[]
}

/** What a booking was sold as, where that was not the full fare. */
export interface BookingProduct extends Hashed {
  readonly bookingId: number
  readonly ruleId: number
  readonly code: string
  /** Its places count in the limits while it has seats; not any more when the railway moved it elsewhere. */
  counts: boolean
}
