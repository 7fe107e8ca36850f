import type { RunInput, StationInput, TrainStop } from '@quorail/booking-fsm'
import { serviceDayBaseMs } from '../service-days.ts'
import { type DistanceUnit, groundDistances, ownDistances } from './distances.ts'
import type { FeedTrip } from './feed-trips.ts'

/** Trips of one number, one pattern and the same times, on all their days: one train. */
export interface PlannedTrain {
  readonly number: string
  readonly name: string
  readonly stations: readonly StationInput[]
  readonly stops: readonly TrainStop[]
  readonly runs: readonly RunInput[]
}

/** A sound trip with the days on which it is to be opened. */
export interface DatedTrip {
  readonly trip: FeedTrip
  readonly dates: readonly number[]
}

export interface MergedTrains {
  readonly trains: readonly PlannedTrain[]
  /** Days on which a feed lists the very same train more than once: opened once. */
  readonly repeatedRuns: number
  /** Trips whose distances had to be taken from the great circle. */
  readonly groundTrips: number
}

interface Growing {
  readonly trip: FeedTrip
  readonly stops: readonly TrainStop[]
  readonly dates: Set<number>
}

/** In the order of the feed; runs by date. */
export function mergeTrains(
  trips: readonly DatedTrip[],
  unit: DistanceUnit | undefined,
): MergedTrains {
  const byPattern = new Map<string, Growing>()
  let [repeatedRuns, groundTrips] = [0, 0]
  for (const { trip, dates } of trips) {
    const own = unit === undefined ? undefined : ownDistances(trip.stops, unit)
    if (own === undefined) groundTrips++
    const stops = trainStops(trip, own ?? groundDistances(trip.stops))
    const { number, name, timeZone } = trip
    const key = JSON.stringify([number, name, timeZone, stops])
    const train = byPattern.get(key) ?? { trip, stops, dates: new Set<number>() }
    byPattern.set(key, train)
    for (const date of dates) {
      if (train.dates.has(date)) repeatedRuns++
      train.dates.add(date)
    }
  }
  const baseOf = cachedBase()
  const trains = [...byPattern.values()].map(({ trip, stops, dates }) => ({
    number: trip.number,
    name: trip.name,
    stations: trip.stops.map((stop) => stop.station),
    stops,
    runs: [...dates]
      .sort((a, b) => a - b)
      .map((serviceDate) => ({ serviceDate, baseMs: baseOf(serviceDate, trip.timeZone) })),
  }))
  return { trains, repeatedRuns, groundTrips }
}

function trainStops(trip: FeedTrip, distances: readonly number[]): TrainStop[] {
  const last = trip.stops.length - 1
  return trip.stops.map((stop, at) => ({
    stationCode: stop.station.code,
    arrivalSeconds: stop.arrivalSeconds,
    departureSeconds: stop.departureSeconds,
    distanceMetres: distances[at] ?? 0,
    boarding: at < last && stop.boarding,
    alighting: at > 0 && stop.alighting,
  }))
}

/** Thousands of runs share a few dozen days. */
function cachedBase(): (serviceDate: number, timeZone: string) => number {
  const known = new Map<string, number>()
  return (serviceDate, timeZone) => {
    const key = `${serviceDate} ${timeZone}`
    const base = known.get(key) ?? serviceDayBaseMs(serviceDate, timeZone)
    known.set(key, base)
    return base
  }
}
