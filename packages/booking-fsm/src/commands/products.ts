/** Fares in limited numbers. */
import type { FixedFares } from './rules.ts'

/**
 * Fares beside the full one, cheaper and in limited numbers, with conditions of their own. Dated data, a
 * series of its own: the last rule before an instant says all that is sold then, and a booking keeps the one
 * it was sold under.
 *
 * Limits are nested in the order of the list: a place sold at a product counts in its own limit and in those
 * of all that stand behind it, so that what is cheaper never takes what is kept for the dearer. On each
 * segment by itself: a place is free again from the stop on where its passenger leaves.
 */
export interface SetFareProducts {
  readonly type: 'setFareProducts'
  readonly validFromMs: number
  /** Up to 32, the cheapest first; empty: nothing but the full fare is sold. */
  readonly products: readonly FareProduct[]
  /** What everybody must say of each passenger, whatever the fare, besides the name. */
  readonly requires: readonly PassengerDatum[]
}

/** What a passenger may have to say besides the name. */
export type PassengerDatum = 'birthDate' | 'document' | 'contact'

export interface FareProduct {
  /** E.g. `advance1`; not `cheapest`, not twice in the list. */
  readonly code: string
  /** For people. */
  readonly name: string
  /** '' for every class. */
  readonly classCode: string
  /** For trains whose number begins so; '' for all. */
  readonly trainPrefix: string
  /** Of the full fare without supplements, 0 to 10,000, rounded half up. */
  readonly fareBasisPoints: number
  /** What is paid between two stations or zones in place of that share; absent: the share, always. */
  readonly fixedFares?: FixedFares | undefined
  /** How many places of a class on each segment of a run are sold at this product and those before it. */
  readonly places: number
  /** Sold until so long before the departure where the passenger boards. */
  readonly soldUntilBeforeMs: number
  /** By the rule of cancellation; else the passenger who cancels gets nothing back. */
  readonly refundable: boolean
  /** By the rule of exchange; else there is none. */
  readonly exchangeable: boolean
  /** What must be said of each passenger besides. */
  readonly requires: readonly PassengerDatum[]
}
