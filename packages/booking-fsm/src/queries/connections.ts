/** Connections with up to two changes, each ride with what it costs a party and whether it has room. */
import { drawOn } from '../draws/draw.ts'
import { ruleAt } from '../fares.ts'
import { isVisible } from '../imports.ts'
import { freePlaces } from '../inventory/availability.ts'
import { partyPrice } from '../products/choose.ts'
import { findConnections, MAX_CHANGES, type Network, type Ride } from '../search/rounds.ts'
import type { BookingState } from '../state.ts'
import type { FareRule, Station } from '../things.ts'
import type { ConnectionOffer, ConnectionView, LegView, PartyClassOffer } from '../views.ts'
import { cheapestOf } from './products.ts'
import { DEFAULT_CHANGE_SECONDS } from './stations.ts'
import { stretchView } from './stretch.ts'

export interface ConnectionQuery {
  /** A station, or one that stands for a group. */
  readonly fromStationId: number
  readonly toStationId: number
  /** Departures in [earliestMs, latestMs], at most 48 h of them, and after nowMs. */
  readonly earliestMs: number
  readonly latestMs: number
  readonly nowMs: number
  /** 0 to 2. */
  readonly maxChanges: number
  /** Of each passenger, '' for the full fare; 1 to 6 that may travel together. */
  readonly passengerTypes: readonly string[]
  readonly limit: number
}

/** A connection under way for longer is none. */
export const LONGEST_MS = 86_400_000
const WINDOW_MS = 2 * 86_400_000

/**
 * Those that no other one is better than: leaving no earlier, arriving no later, with no more changes.
 * By departure; full ones too. A ride without a fare is none to offer: its connection is left out.
 */
export function searchConnections(state: BookingState, query: ConnectionQuery): ConnectionView[] {
  const rule = ruleAt(state.fareRulesByTime, query.nowMs)
  if (rule === undefined) return []
  const { latestMs, maxChanges } = query
  const earliestMs = Math.max(query.earliestMs, query.nowMs + 1)
  const found = findConnections(networkOf(state), {
    from: placesOf(state, query.fromStationId),
    to: placesOf(state, query.toStationId),
    earliestMs,
    latestMs: Math.min(latestMs, earliestMs + WINDOW_MS),
    maxChanges: Math.max(0, Math.min(maxChanges, MAX_CHANGES)),
    longestMs: LONGEST_MS,
  })
  const asking = { state, rule, types: query.passengerTypes, nowMs: query.nowMs }
  const views: ConnectionView[] = []
  for (const { rides, departureMs: departure, arrivalMs: arrival } of found) {
    if (views.length >= query.limit) break
    const legs = rides.map((ride) => legOf(asking, ride))
    if (legs.some(({ classes }) => classes.length === 0)) continue
    const changes = legs.length - 1
    views.push({
      departureMs: departure,
      arrivalMs: arrival,
      changes,
      legs,
      offers: offersOf(legs),
    })
  }
  return views
}

/** Who asks for offers, when, and by which rule of fares. */
export interface Asking {
  readonly state: BookingState
  readonly rule: FareRule
  /** Of each passenger, '' for the full fare. */
  readonly types: readonly string[]
  readonly nowMs: number
}

/** What a party pays for a class on a part of a run, and whether it has room; classes without a fare are none. */
export function partyOffers(
  { state, rule, types, nowMs }: Asking,
  { run, fromStop, toStop }: Ride,
): PartyClassOffer[] {
  const offers: PartyClassOffer[] = []
  for (const of of run.layout.classes) {
    const { classCode, capacity } = of
    const priced = { rule, run, fromStop, toStop, classCode, types, nowMs }
    const priceMinor = partyPrice(priced)
    if (priceMinor === undefined) continue
    const freeSeats = freePlaces(state, run, of, fromStop, toStop, nowMs)
    const enoughSeats = freeSeats >= types.length
    const less = cheapestOf(state, priced, freeSeats)
    offers.push({ classCode, freeSeats, capacity, priceMinor, enoughSeats, ...less })
  }
  return offers
}

export function legOf(asking: Asking, ride: Ride): LegView {
  const { run, fromStop, toStop } = ride
  const draw = drawOn(asking.state, run.runId)
  return {
    ...stretchView(asking.state, run, fromStop, toStop),
    classes: partyOffers(asking, ride),
    ...(draw !== undefined && { draw }),
  }
}

/** The classes that all legs have, in the order of the first one. */
function offersOf(legs: readonly LegView[]): ConnectionOffer[] {
  const [first] = legs
  const offers: ConnectionOffer[] = []
  for (const { classCode } of first?.classes ?? []) {
    const ofLegs = legs.flatMap(
      ({ classes }) => classes.find((it) => it.classCode === classCode) ?? [],
    )
    if (ofLegs.length < legs.length) continue
    offers.push({
      classCode,
      priceMinor: ofLegs.reduce((sum, { priceMinor }) => sum + priceMinor, 0),
      freeSeats: Math.min(...ofLegs.map(({ freeSeats }) => freeSeats)),
      enoughSeats: ofLegs.every(({ enoughSeats }) => enoughSeats),
      ...cheapestOfLegs(ofLegs),
    })
  }
  return offers
}

/** Each leg at what it can be had for; nothing where that is the full fare on all of them. */
function cheapestOfLegs(legs: readonly PartyClassOffer[]): { readonly cheapestMinor?: number } {
  if (legs.every(({ cheapest }) => cheapest === undefined)) return {}
  const prices = legs.map(({ cheapest, priceMinor }) => cheapest?.priceMinor ?? priceMinor)
  return { cheapestMinor: prices.reduce((sum, of) => sum + of, 0) }
}

/** The station itself and, where it stands for a group, its members. */
export function placesOf(state: BookingState, stationId: number): number[] {
  const station = state.stations.get(stationId)
  if (station === undefined || !isVisible(state, station.importId)) return []
  return [stationId, ...membersOf(state, station.code).map((member) => member.stationId)]
}

function membersOf(state: BookingState, groupCode: string): Station[] {
  const members = [...(state.membersOf.get(groupCode) ?? [])]
  return members
    .filter(({ importId }) => isVisible(state, importId))
    .sort((a, b) => a.stationId - b.stationId)
}

function networkOf(state: BookingState): Network {
  const { departures, stations, meta } = state
  const noOthers: readonly number[] = []
  return {
    board: (day) => departures.board(state, day),
    runs: departures.runs,
    shapes: departures.shapes,
    stationIds: meta.nextStationId,
    changeMs: (stationId) =>
      (stations.get(stationId)?.data.changeSeconds ?? DEFAULT_CHANGE_SECONDS) * 1_000,
    neighbours: (stationId) => {
      const groupCode = stations.get(stationId)?.data.groupCode ?? ''
      if (groupCode === '') return noOthers
      const others = membersOf(state, groupCode).map((member) => member.stationId)
      return others.filter((other) => other !== stationId)
    },
  }
}
