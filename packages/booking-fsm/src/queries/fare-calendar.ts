import { ruleAt } from '../fares.ts'
import type { BookingState } from '../state.ts'
import { partyOffers } from './connections.ts'
import { findRides } from './journeys.ts'

export interface FareCalendarQuery {
  readonly fromStationId: number
  readonly toStationId: number
  /** When each day begins, ascending, and at last when the last one ends. */
  readonly borders: readonly number[]
  readonly passengerTypes: readonly string[]
  readonly nowMs: number
}

/** Of each day the price of the cheapest direct journey with room for the party; undefined: there is none. */
export function fareCalendar(
  state: BookingState,
  { borders, passengerTypes: types, ...query }: FareCalendarQuery,
): (number | undefined)[] {
  const days = borders.slice(1).map((): number | undefined => undefined)
  const rule = ruleAt(state.fareRulesByTime, query.nowMs)
  const [earliestMs = 0, latestMs = -1] = [borders[0], borders.at(-1)]
  if (rule === undefined) return days
  const asking = { state, rule, types, nowMs: query.nowMs }
  for (const ride of findRides(state, { ...query, earliestMs, latestMs: latestMs - 1 })) {
    const day = borders.findIndex((border) => border > ride.departureMs) - 1
    for (const { priceMinor, cheapest, enoughSeats } of partyOffers(asking, ride)) {
      const least = cheapest?.priceMinor ?? priceMinor
      if (enoughSeats) days[day] = Math.min(days[day] ?? least, least)
    }
  }
  return days
}
