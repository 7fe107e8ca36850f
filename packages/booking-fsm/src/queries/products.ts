import type { PassengerDatum } from '../commands.ts'
import { ruleAt } from '../fares.ts'
import { isVisible } from '../imports.ts'
import { freePlaces } from '../inventory/availability.ts'
import { classOf } from '../inventory/layout.ts'
import { soldAs } from '../products/buckets.ts'
import { cheapest, type Priced, partyPrice, productsOnSale } from '../products/choose.ts'
import { requiredAt } from '../products/passenger-data.ts'
import type { BookingState } from '../state.ts'
import type { Booking } from '../things.ts'
import type { BookingProductView, CheapestView, ProductOffer } from '../views.ts'

export interface ProductQuery {
  readonly runId: number
  readonly fromStop: number
  readonly toStop: number
  readonly classCode: string
  /** Of each passenger, '' for the full fare. */
  readonly passengerTypes: readonly string[]
  readonly nowMs: number
}

/** What is sold beside the full fare on a journey, with how many places, in the order of the rule; sold out ones too. */
export function fareProducts(state: BookingState, query: ProductQuery): ProductOffer[] {
  const { runId, fromStop, toStop, classCode, passengerTypes: types, nowMs } = query
  const run = state.runs.get(runId)
  const rule = ruleAt(state.fareRulesByTime, nowMs)
  const ofClass = run && classOf(run.layout, classCode)
  if (run === undefined || rule === undefined || ofClass === undefined) return []
  if (!isVisible(state, run.importId) || run.cancelled) return []
  const of: Priced = { rule, run, fromStop, toStop, classCode, types, nowMs }
  const free = freePlaces(state, run, ofClass, fromStop, toStop, nowMs)
  return productsOnSale(state, of).flatMap((sold) => {
    const { product, placesLeft, soldUntilMs } = sold
    const priceMinor = partyPrice(of, product)
    if (priceMinor === undefined) return []
    const { code, name, refundable, exchangeable } = product
    const left = Math.min(placesLeft, free)
    const requires = requiredAt(state, nowMs, sold)
    const offer = { code, name, refundable, exchangeable, soldUntilMs, requires }
    return [{ ...offer, priceMinor, placesLeft: left, enoughPlaces: left >= types.length }]
  })
}

/** What must be said of each passenger at the full fare. */
export function requiredData(state: BookingState, nowMs: number): readonly PassengerDatum[] {
  return requiredAt(state, nowMs)
}

/** Spread into an offer: nothing where the full fare is the cheapest that the party can have. */
export function cheapestOf(
  state: BookingState,
  of: Priced,
  freeSeats: number,
): { readonly cheapest?: CheapestView } {
  if (freeSeats < of.types.length) return {}
  const found = cheapest(state, of)
  if (found === undefined) return {}
  const { code, name, refundable, exchangeable } = found.product
  const placesLeft = Math.min(found.placesLeft, freeSeats)
  const { priceMinor } = found
  return { cheapest: { code, name, priceMinor, placesLeft, refundable, exchangeable } }
}

export function bookingProductView(
  state: BookingState,
  booking: Booking,
): BookingProductView | undefined {
  const product = soldAs(state, booking)
  if (product === undefined) return undefined
  const { code, name, refundable, exchangeable } = product
  return { code, name, refundable, exchangeable }
}
