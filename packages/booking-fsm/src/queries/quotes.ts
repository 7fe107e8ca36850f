/** How long what is quoted stands: by the rules that are known, and no longer than that. */
import { departureMs } from '../fares.ts'
import { classOf } from '../inventory/layout.ts'
import { quotaOf } from '../inventory/quotas.ts'
import type { BookingState } from '../state.ts'
import type { Run } from '../things.ts'
import { fareProducts, type ProductQuery, requiredData } from './products.ts'
import { quoteParty } from './seats.ts'

/**
 * The first instant from which on the party may be told something else than now, at most `mostMs` from now: another price,
 * other fares, other conditions, or that it can have a fare that it can not have now and the other way round. It is
 * found out of the rules that are set and of the clock: not what others buy meanwhile, and not what staff set after it.
 */
export function quoteValidUntil(state: BookingState, query: ProductQuery, mostMs: number): number {
  const { runId, fromStop, classCode, nowMs } = query
  const run = state.runs.get(runId)
  const last = nowMs + mostMs
  if (run === undefined) return last
  const departure = departureMs(run, fromStop)
  const end = departure > nowMs ? Math.min(last, departure) : last
  const changes = changesOf(state, run, classCode, query).filter((at) => at > nowMs && at < end)
  if (changes.length === 0) return end
  const shown = shownAt(state, query)
  const ascending = [...new Set(changes)].sort((a, b) => a - b)
  return ascending.find((nowMs) => shownAt(state, { ...query, nowMs }) !== shown) ?? end
}

/** Whenever something counts or ends that a quote is made of; most of it changes nothing for the party. */
function changesOf(
  state: BookingState,
  run: Run,
  classCode: string,
  query: ProductQuery,
): readonly number[] {
  const { fareRulesByTime, fareProducts: products, seatPromiseRules, overbookingRules } = state
  const dated = [fareRulesByTime, products, seatPromiseRules, overbookingRules].flatMap((rules) =>
    rules.map(({ validFromMs }) => validFromMs),
  )
  const ofClass = classOf(run.layout, classCode)
  const pools = (ofClass && quotaOf(state, run, classCode)?.pools) ?? []
  const start = departureMs(run, 0)
  const released = pools.map(({ releaseBeforeDepartureMs }) => start - releaseBeforeDepartureMs)
  const ends = fareProducts(state, query).map(({ soldUntilMs }) => soldUntilMs)
  return [...dated, ...released, ...ends]
}

/** All that is said of fares to the party; of places only whether they are enough. */
function shownAt(state: BookingState, query: ProductQuery): string {
  const { runId, fromStop, toStop, classCode, passengerTypes, nowMs } = query
  const full = quoteParty(state, runId, fromStop, toStop, classCode, passengerTypes, nowMs)
  const offers = fareProducts(state, query).map(({ placesLeft: _, ...offer }) => offer)
  return JSON.stringify([full ?? '', requiredData(state, nowMs), offers])
}
