import { drawOn } from '../draws/draw.ts'
import { arrivalMs, departureMs, priceEach, ruleAt } from '../fares.ts'
import { isVisible } from '../imports.ts'
import { freePlaces } from '../inventory/availability.ts'
import type { BookingState } from '../state.ts'
import type { FareRule, Run, Train } from '../things.ts'
import type { ClassOffer, JourneyView } from '../views.ts'
import { cheapestOf } from './products.ts'
import { stretchView } from './stretch.ts'

export interface JourneyQuery {
  readonly fromStationId: number
  readonly toStationId: number
  /** Departures in [earliestMs, latestMs], and after nowMs. */
  readonly earliestMs: number
  readonly latestMs: number
  readonly nowMs: number
  readonly passengers: number
  readonly limit: number
}
/** Direct journeys by departure, full ones too; each with the classes that have a fare. */
export function searchJourneys(state: BookingState, query: JourneyQuery): JourneyView[] {
  const found = findRides(state, query).sort(compareRides)
  const rule = ruleAt(state.fareRulesByTime, query.nowMs)
  const views: JourneyView[] = []
  for (const ride of found) {
    if (views.length >= query.limit) break
    const classes = rule === undefined ? [] : offers(state, rule, ride, query)
    if (classes.length > 0) views.push(journeyView(state, ride, classes))
  }
  return views
}

/** A run between two of its stops. */
export interface Ride {
  readonly run: Run
  readonly fromStop: number
  readonly toStop: number
  readonly departureMs: number
  readonly arrivalMs: number
}

/** In no order. */
export function findRides(
  state: BookingState,
  query: Omit<JourneyQuery, 'passengers' | 'limit'>,
): Ride[] {
  const fromCalls = state.stations.get(query.fromStationId)?.calls
  const toCalls = state.stations.get(query.toStationId)?.calls
  const rides: Ride[] = []
  if (fromCalls === undefined || toCalls === undefined) return rides
  // The station with fewer trains leads; the other one is asked by train.
  for (const train of (fromCalls.size < toCalls.size ? fromCalls : toCalls).keys()) {
    const from = fromCalls.get(train)
    const to = toCalls.get(train)
    if (from === undefined || to === undefined) continue
    for (const [fromStop, toStop] of pairs(train, from, to)) {
      addRides(state, query, train, fromStop, toStop, rides)
    }
  }
  return rides
}

/** The last boarding before the first alighting that follows it: nobody rides a loop for nothing. */
function pairs(train: Train, from: readonly number[], to: readonly number[]): [number, number][] {
  const boardings = from.filter((stop) => train.stops[stop]?.boarding === true)
  const alightings = to.filter((stop) => train.stops[stop]?.alighting === true)
  const found: [number, number][] = []
  for (const [i, fromStop] of boardings.entries()) {
    const toStop = alightings.find((stop) => stop > fromStop)
    if (toStop === undefined) break
    const next = boardings[i + 1]
    if (next === undefined || next >= toStop) found.push([fromStop, toStop])
  }
  return found
}

function addRides(
  state: BookingState,
  query: Omit<JourneyQuery, 'passengers' | 'limit'>,
  train: Train,
  fromStop: number,
  toStop: number,
  rides: Ride[],
): void {
  const earliest = Math.max(query.earliestMs, query.nowMs + 1)
  const { runs } = train
  for (let i = firstRunFrom(runs, fromStop, earliest); i < runs.length; i++) {
    const run = runs[i] as Run
    const departure = departureMs(run, fromStop)
    if (departure > query.latestMs) return
    if (run.cancelled || !isVisible(state, run.importId)) continue
    const arrival = arrivalMs(run, toStop)
    rides.push({ run, fromStop, toStop, departureMs: departure, arrivalMs: arrival })
  }
}

/** Runs are sorted by their base instant, so also by their departure at any stop. */
function firstRunFrom(runs: readonly Run[], stop: number, earliestMs: number): number {
  let low = 0
  let high = runs.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (departureMs(runs[middle] as Run, stop) < earliestMs) low = middle + 1
    else high = middle
  }
  return low
}

function compareRides(a: Ride, b: Ride): number {
  return a.departureMs - b.departureMs || a.arrivalMs - b.arrivalMs || a.run.runId - b.run.runId
}

function offers(
  state: BookingState,
  rule: FareRule,
  ride: Ride,
  { passengers, nowMs }: JourneyQuery,
): ClassOffer[] {
  const { run, fromStop, toStop } = ride
  const classes: ClassOffer[] = []
  for (const ofClass of run.layout.classes) {
    const { classCode, capacity } = ofClass
    const pricePerPassengerMinor = priceEach(rule, run, fromStop, toStop, classCode)
    if (pricePerPassengerMinor === undefined) continue
    const free = freePlaces(state, run, ofClass, fromStop, toStop, nowMs)
    const enoughSeats = free >= passengers
    const types = Array.from({ length: passengers }, () => '')
    const of = { rule, run, fromStop, toStop, classCode, types, nowMs }
    const less = cheapestOf(state, of, free)
    const plain = { classCode, freeSeats: free, capacity, pricePerPassengerMinor, enoughSeats }
    classes.push({ ...plain, ...less })
  }
  return classes
}

function journeyView(state: BookingState, ride: Ride, classes: readonly ClassOffer[]): JourneyView {
  const { run, fromStop, toStop } = ride
  const draw = drawOn(state, run.runId)
  return {
    ...stretchView(state, run, fromStop, toStop),
    stopsBetween: toStop - fromStop - 1,
    classes,
    ...(draw !== undefined && { draw }),
  }
}
