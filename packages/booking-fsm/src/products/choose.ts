/** Which product a party gets, and at what price. */
import type { FareProduct, HoldSeats } from '../commands.ts'
import { departureMs, partyTotal, priceEach, ruleAt } from '../fares.ts'
import { refuse } from '../refusal.ts'
import type { Refusal } from '../replies.ts'
import type { BookingState } from '../state.ts'
import { type Cut, faresOf, fixedAmount } from '../tariff.ts'
import type { FareRule, Run } from '../things.ts'
import { offeredOn, placesLeft, type SoldAs } from './buckets.ts'

/** Asks for whatever costs least of what is there. */
export const CHEAPEST = 'cheapest'

/** A journey of a party, as it is to be priced. */
export interface Priced {
  readonly rule: FareRule
  readonly run: Run
  readonly fromStop: number
  readonly toStop: number
  readonly classCode: string
  /** Of each passenger, '' for the full fare. */
  readonly types: readonly string[]
  readonly nowMs: number
}

/** A product that is sold now on the journey, whether there are places left or not. */
export interface OnSale extends SoldAs {
  readonly placesLeft: number
  readonly soldUntilMs: number
}

/** In the order of the rule. */
export function productsOnSale(
  state: BookingState,
  { run, fromStop, toStop, classCode, nowMs }: Omit<Priced, 'rule' | 'types'>,
): OnSale[] {
  const rule = ruleAt(state.fareProducts, nowMs)
  if (rule === undefined) return []
  const offered = offeredOn(rule.products, run, classCode)
  const departure = departureMs(run, fromStop)
  return offered.flatMap((product) => {
    const soldUntilMs = departure - product.soldUntilBeforeMs
    if (nowMs >= soldUntilMs) return []
    const left = placesLeft(run, classCode, offered, product, fromStop, toStop)
    return [{ ruleId: rule.ruleId, product, placesLeft: left, soldUntilMs }]
  })
}

/** What the whole party pays at the product, or in full; undefined: the class has no fare. */
export function partyPrice(of: Priced, product?: FareProduct): number | undefined {
  const { rule, run, fromStop, toStop, classCode, types } = of
  const cut = product && cutOf(product, of)
  if (rule.tariff === undefined) {
    const each = priceEach(rule, run, fromStop, toStop, classCode, cut)
    return each === undefined ? undefined : each * types.length
  }
  const fares = faresOf(rule, run, fromStop, toStop, classCode, types, cut)
  return fares && partyTotal(fares)
}

/** The one that costs the whole party least, and less than the full fare; undefined: there is none. */
export function cheapest(
  state: BookingState,
  of: Priced,
): (OnSale & { readonly priceMinor: number }) | undefined {
  if (state.fareProducts.length === 0) return undefined
  const full = partyPrice(of)
  if (full === undefined) return undefined
  let best: (OnSale & { readonly priceMinor: number }) | undefined
  for (const sold of productsOnSale(state, of)) {
    if (sold.placesLeft < of.types.length) continue
    const priceMinor = partyPrice(of, sold.product)
    if (priceMinor === undefined || priceMinor >= (best?.priceMinor ?? full)) continue
    best = { ...sold, priceMinor }
  }
  return best
}

/** What the command asks for; undefined: the full fare. */
export function askedProduct(
  state: BookingState,
  of: Priced,
  { product: asked = '' }: HoldSeats,
): SoldAs | Refusal | undefined {
  if (asked === '') return undefined
  if (asked === CHEAPEST) return cheapest(state, of)
  const known = ruleAt(state.fareProducts, of.nowMs)?.products ?? []
  const offered = offeredOn(known, of.run, of.classCode)
  if (!offered.some(({ code }) => code === asked)) {
    return refuse('productNotFound', { field: 'product' })
  }
  const sold = productsOnSale(state, of).find(({ product }) => product.code === asked)
  if (sold === undefined) return refuse('productNotOnSale', { field: 'product' })
  return sold.placesLeft < of.types.length
    ? refuse('productSoldOut', { field: 'product', figure: sold.placesLeft })
    : sold
}

/** What becomes of the full fare of one passenger who pays in full. */
export function cutOf(product: FareProduct, of: Priced): Cut {
  const { rule, run, fromStop, toStop, classCode } = of
  const { fixedFares, fareBasisPoints } = product
  const fixed = fixedAmount(fixedFares, rule.stations, run.train, fromStop, toStop, classCode)
  return { fixed, fareBasisPoints }
}
