import { greatCircleMetres } from '../great-circle.ts'
import type { LeftOut } from './feed-problem.ts'
import type { FeedStop, FeedTrip } from './feed-trips.ts'
import { formatTime } from './field-values.ts'

/** The rules a trip must keep to be sold by seat; the first one it breaks is why it is left out. */
export const tripLimits = {
  minStops: 2,
  maxStops: 121,
  /** Longer than any train in service takes from stop to stop, on the straight line. */
  maxKilometresPerHour: 400,
  /** Times are in whole minutes in most feeds: neighbours may share one. */
  roundingSeconds: 60,
  maxHopSeconds: 8 * 3_600,
  maxDwellSeconds: 6 * 3_600,
  maxSeconds: 14 * 24 * 3_600,
  maxMetres: 40_000_000,
} as const

const otherRoutes: ReadonlyMap<string, string> = new Map([
  ['0', 'tram'],
  ['1', 'metro'],
  ['3', 'bus'],
  ['4', 'ferry'],
  ['5', 'cable tram'],
  ['6', 'aerial lift'],
  ['7', 'funicular'],
  ['11', 'trolleybus'],
  ['12', 'monorail'],
])

/** 2 is rail; 100 to 117 are its kinds in the extended list. */
function isRail(routeType: string): boolean {
  return routeType === '2' || /^1(0\d|1[0-7])$/.test(routeType)
}

export function brokenRule(trip: FeedTrip, isFrequencyBased: boolean): LeftOut | undefined {
  const { stops } = trip
  const ofTrip = (reason: string): LeftOut => ({ file: 'trips.txt', line: trip.line, reason })
  if (!isRail(trip.routeType)) {
    const kind = otherRoutes.get(trip.routeType)
    return ofTrip(
      `not a railway: route_type ${trip.routeType || 'empty'}${kind ? ` (${kind})` : ''}`,
    )
  }
  if (isFrequencyBased)
    return ofTrip('runs by headway (frequencies.txt): it has no departures to sell')
  if (trip.unreadable !== undefined) return trip.unreadable
  if (stops.length < tripLimits.minStops)
    return ofTrip(`has ${stops.length} stop(s), a train has two`)
  if (stops.length > tripLimits.maxStops) {
    return ofTrip(`has ${stops.length} stops, more than ${tripLimits.maxStops}`)
  }
  return brokenTime(stops) ?? (canTravel(stops) ? undefined : ofTrip('nobody may board and alight'))
}

function brokenTime(stops: readonly FeedStop[]): LeftOut | undefined {
  let total = 0
  for (const [at, stop] of stops.entries()) {
    const here = stop.station.name
    const left = (reason: string): LeftOut => ({ file: 'stop_times.txt', line: stop.line, reason })
    const [arrival, departure] = [
      formatTime(stop.arrivalSeconds),
      formatTime(stop.departureSeconds),
    ]
    const dwell = stop.departureSeconds - stop.arrivalSeconds
    if (dwell < 0) return left(`leaves ${here} at ${departure}, before it arrives at ${arrival}`)
    if (stop.departureSeconds > tripLimits.maxSeconds) {
      return left(`leaves ${here} at ${departure}, more than 14 days after its service day`)
    }
    const before = stops[at - 1]
    if (before === undefined) continue
    const from = before.station.name
    if (before.station === stop.station) return left(`stops twice in a row at ${here}`)
    const seconds = stop.arrivalSeconds - before.departureSeconds
    if (seconds < 0) {
      const left0 = formatTime(before.departureSeconds)
      return left(`arrives at ${here} at ${arrival}, before it leaves ${from} at ${left0}`)
    }
    if (seconds > tripLimits.maxHopSeconds) {
      return left(`takes ${formatTime(seconds)} from ${from} to ${here}, more than 8 hours`)
    }
    if (at < stops.length - 1 && dwell > tripLimits.maxDwellSeconds) {
      return left(`stands for ${formatTime(dwell)} in ${here}, more than 6 hours`)
    }
    const metres = greatCircleMetres(before.station, stop.station)
    const fastest = (tripLimits.maxKilometresPerHour / 3.6) * (seconds + tripLimits.roundingSeconds)
    total += metres
    if (total > tripLimits.maxMetres) return left(`is longer than the way around the earth`)
    if (metres > fastest) {
      const kilometres = Math.round(metres / 1_000)
      return left(`is to cover ${kilometres} km from ${from} to ${here} in ${formatTime(seconds)}`)
    }
  }
  return undefined
}

function canTravel(stops: readonly FeedStop[]): boolean {
  const boards = stops.findIndex((stop) => stop.boarding)
  const alights = stops.findLastIndex((stop) => stop.alighting)
  return boards !== -1 && boards < alights
}
