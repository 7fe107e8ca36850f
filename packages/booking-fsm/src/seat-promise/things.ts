/** The things of seats given later that are rows. */
import type { OverbookingLine, SeatPromiseLine } from '../commands/seat-promise.ts'
import type { Hashed } from '../things.ts'

export interface SeatPromiseRule extends Hashed {
  readonly ruleId: number
  readonly validFromMs: number
  readonly chartBeforeDepartureMs: number
  readonly lines: readonly SeatPromiseLine[]
}

/** What a party that has no seats yet would like; most would like nothing in particular. */
export interface SeatWish extends Hashed {
  readonly bookingId: number
  /** Properties as bits. */
  readonly wished: number
  readonly apart: boolean
}

export interface OverbookingRule extends Hashed {
  readonly ruleId: number
  readonly validFromMs: number
  readonly lines: readonly OverbookingLine[]
}
