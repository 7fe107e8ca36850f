/** What can be had instead when a journey is sold out, and where it is full. */
import type { HoldSeats } from '../commands.ts'
import { drawOn, isInDraw } from '../draws/draw.ts'
import { departureMs, ruleAt } from '../fares.ts'
import { planSeats } from '../handlers/hold-seats.ts'
import { isVisible } from '../imports.ts'
import { freePlaces } from '../inventory/availability.ts'
import { type ClassLayout, classOf } from '../inventory/layout.ts'
import { findHalves } from '../inventory/shares.ts'
import type { BookingState } from '../state.ts'
import type { Run } from '../things.ts'
import type {
  AlternativesView,
  DatedAlternative,
  LegView,
  SplitView,
  WaitingChance,
} from '../views.ts'
import { closesAt } from '../waiting/closes-at.ts'
import { aheadOfNew, limitOfList } from '../waiting/list.ts'
import type { WaitingOption } from '../waiting/things.ts'
import { type Asking, legOf } from './connections.ts'
import { findRides, type Ride } from './journeys.ts'

export interface AlternativesQuery {
  readonly runId: number
  readonly fromStop: number
  readonly toStop: number
  readonly classCode: string
  /** Of each passenger, '' for the full fare; 1 to 6. */
  readonly passengerTypes: readonly string[]
  readonly nowMs: number
}

const DAY_MS = 86_400_000
/** So many days earlier and later, at about the same time of day. */
const DAYS = 3
const SAME_TIME_MS = 3 * 3_600_000
/** So many stops before and behind. */
const NEIGHBOURS = 3
const SPLITS = 5
/** A trip has no more legs. */
const PARTS = 6

/** Undefined when there is no such run, journey, class or fare, it has left or is cancelled. */
export function findAlternatives(
  state: BookingState,
  query: AlternativesQuery,
): AlternativesView | undefined {
  const asked = askedOf(state, query)
  if (asked === undefined) return undefined
  const { run, of, types } = asked
  const { fromStop, toStop } = query
  const freeSeats = freeIn(asked, fromStop, toStop)
  return {
    draw: drawOn(state, run.runId),
    waitingList: waitingChance(state, asked, query),
    freeSeats,
    fullSegments: fullSegments(asked, fromStop, toStop),
    otherClasses: legOf(asked, { run, fromStop, toStop }).classes.filter(
      (it) => it.classCode !== of.classCode && it.enoughSeats,
    ),
    otherDates: otherDates(state, asked, query),
    otherStops: otherStops(asked, query),
    splits: freeSeats >= types.length ? [] : splits(asked, fromStop, toStop),
  }
}

/** As if the party joined now, for what is general. */
function waitingChance(
  state: BookingState,
  { run, types, nowMs }: Asked,
  { fromStop, toStop, classCode }: AlternativesQuery,
): WaitingChance {
  const rule = ruleAt(state.waitingRulesByTime, nowMs)
  if (rule === undefined || rule.capBasisPoints === 0) {
    return { state: 'none', ahead: 0, closesAtMs: 0, shareFree: false }
  }
  const chart = state.charts.get(run.runId)
  const closesAtMs =
    chart === undefined
      ? closesAt(run, rule.chartBeforeDepartureMs)
      : chart.closedAtMs || chart.closesAtMs
  const party = { run, fromStop, toStop, classCode, pool: '', onlyPool: false, shared: false }
  const { stops } = run.train
  const may = stops[fromStop]?.boarding === true && stops[toStop]?.alighting === true
  const is = (of: WaitingChance['state']) => ({
    ...{ state: of, ahead: 0, closesAtMs, shareFree: false },
  })
  if (!may || closesAtMs <= nowMs) return is('closed')
  if (isInDraw(state, run.runId)) return is('inDraw')
  const hold = holdFor(party, types)
  const places = planSeats({ state, actor: 0 }, hold)
  if (!('type' in places)) return is('notNeeded')
  const full = limitOfList(state, party, types.length, rule) !== undefined
  const of = classOf(run.layout, classCode)
  const halves =
    of && findHalves(run.inventory, run.layout.classAt, of, fromStop, toStop, types.length)
  const shareFree = halves !== undefined
  return { ...is(full ? 'full' : 'open'), ahead: aheadOfNew(state, party), shareFree }
}

function holdFor(
  {
    run,
    fromStop,
    toStop,
    classCode,
  }: Pick<WaitingOption, 'run' | 'fromStop' | 'toStop' | 'classCode'>,
  types: readonly string[],
): HoldSeats {
  const passengers = types.map((passengerType) => ({ name: 'P', passengerType }))
  return { type: 'holdSeats', runId: run.runId, fromStop, toStop, classCode, passengers, seats: [] }
}

interface Asked extends Asking {
  readonly run: Run
  readonly of: ClassLayout
}

function askedOf(state: BookingState, query: AlternativesQuery): Asked | undefined {
  const { runId, fromStop, toStop, classCode, nowMs, passengerTypes: types } = query
  const run = state.runs.get(runId)
  const rule = ruleAt(state.fareRulesByTime, nowMs)
  if (run === undefined || run.cancelled || !isVisible(state, run.importId)) return undefined
  if (rule === undefined) return undefined
  const { layout } = run
  const { stops } = run.train
  const of = classOf(layout, classCode)
  const isJourney = stops[fromStop] !== undefined && fromStop < toStop && toStop < stops.length
  if (of === undefined || !isJourney || departureMs(run, fromStop) <= nowMs) return undefined
  const asked = { state, run, of, rule, types, nowMs }
  const leg = legOf(asked, { run, fromStop, toStop })
  return leg.classes.some((it) => it.classCode === classCode) ? asked : undefined
}

function freeIn({ state, run, of, nowMs }: Asked, fromStop: number, toStop: number): number {
  return freePlaces(state, run, of, fromStop, toStop, nowMs)
}

function fits(asked: Asked, fromStop: number, toStop: number): boolean {
  return freeIn(asked, fromStop, toStop) >= asked.types.length
}

/** Where fewer seats are free than are wanted, whatever is free before and behind. */
function fullSegments(
  asked: Asked,
  fromStop: number,
  toStop: number,
): AlternativesView['fullSegments'] {
  const full: { segment: number; freeSeats: number }[] = []
  for (let segment = fromStop; segment < toStop; segment++) {
    const freeSeats = freeIn(asked, segment, segment + 1)
    if (freeSeats < asked.types.length) full.push({ segment, freeSeats })
  }
  return full
}

/** The journey in the class alone. */
function legIn(asked: Asked, ride: Ride | { run: Run; fromStop: number; toStop: number }): LegView {
  const leg = legOf(asked, ride)
  return { ...leg, classes: leg.classes.filter((it) => it.classCode === asked.of.classCode) }
}

/** For each day around, and for the day itself, what leaves nearest to the same time with enough seats. */
function otherDates(
  state: BookingState,
  asked: Asked,
  { fromStop, toStop, nowMs }: AlternativesQuery,
): DatedAlternative[] {
  const { run } = asked
  const departure = departureMs(run, fromStop)
  const reach = DAYS * DAY_MS + SAME_TIME_MS
  const rides = findRides(state, {
    fromStationId: run.train.stationIds[fromStop] as number,
    toStationId: run.train.stationIds[toStop] as number,
    earliestMs: departure - reach,
    latestMs: departure + reach,
    nowMs,
  })
  const byDay = new Map<number, Ride[]>()
  for (const ride of rides) {
    const days = Math.round((ride.departureMs - departure) / DAY_MS)
    if (ride.run === run || distance(ride, departure, days) > SAME_TIME_MS) continue
    byDay.set(days, [...(byDay.get(days) ?? []), ride])
  }
  const found: DatedAlternative[] = []
  for (let days = -DAYS; days <= DAYS; days++) {
    const nearest = (byDay.get(days) ?? []).sort(
      (a, b) =>
        distance(a, departure, days) - distance(b, departure, days) ||
        a.departureMs - b.departureMs ||
        a.run.runId - b.run.runId,
    )
    for (const ride of nearest) {
      const leg = legIn(asked, ride)
      if (leg.classes[0]?.enoughSeats !== true) continue
      found.push({ daysLater: days, leg })
      break
    }
  }
  return found
}

function distance(ride: Ride, departure: number, days: number): number {
  return Math.abs(ride.departureMs - departure - days * DAY_MS)
}

/** The same train, boarded or left at a neighbouring stop: the nearest stops first, boarding before alighting. */
function otherStops(asked: Asked, { fromStop, toStop, nowMs }: AlternativesQuery): LegView[] {
  const { run } = asked
  const { stops } = run.train
  const legs: LegView[] = []
  const take = (from: number, to: number) => {
    const may = stops[from]?.boarding === true && stops[to]?.alighting === true
    if (!may || from >= to || departureMs(run, from) <= nowMs || !fits(asked, from, to)) return
    legs.push(legIn(asked, { run, fromStop: from, toStop: to }))
  }
  for (let by = 1; by <= NEIGHBOURS; by++) {
    take(fromStop - by, toStop)
    take(fromStop + by, toStop)
    take(fromStop, toStop - by)
    take(fromStop, toStop + by)
  }
  return legs
}

/**
 * Another seat from some stop on: with one change of seats the cheapest ones, then the earliest; where one
 * is not enough, with as few as there must be.
 */
function splits(asked: Asked, fromStop: number, toStop: number): SplitView[] {
  const once: SplitView[] = []
  for (let at = fromStop + 1; at < toStop; at++) {
    const fit = mayChange(asked, at) && fits(asked, fromStop, at) && fits(asked, at, toStop)
    if (fit) once.push(splitAt(asked, [fromStop, at, toStop]))
  }
  if (once.length > 0) {
    // By price; a stable sort keeps the earlier stop first.
    return once.sort((a, b) => a.priceMinor - b.priceMinor).slice(0, SPLITS)
  }
  const stops = fewestParts(asked, fromStop, toStop)
  return stops === undefined ? [] : [splitAt(asked, stops)]
}

/** As far as one seat goes, then as far as the next one: nothing has fewer parts. */
function fewestParts(asked: Asked, fromStop: number, toStop: number): number[] | undefined {
  const stops = [fromStop]
  let at = fromStop
  while (at < toStop) {
    let furthest = at
    for (let to = at + 1; to <= toStop && fits(asked, at, to); to++) {
      if (to === toStop || mayChange(asked, to)) furthest = to
    }
    if (furthest === at || stops.length > PARTS) return undefined
    at = furthest
    stops.push(at)
  }
  return stops.length > PARTS + 1 ? undefined : stops
}

function mayChange({ run }: Asked, at: number): boolean {
  const stop = run.train.stops[at]
  return stop?.boarding === true && stop.alighting
}

function splitAt(asked: Asked, stops: readonly number[]): SplitView {
  const legs = stops.slice(1).map((toStop, i) => {
    return legIn(asked, { run: asked.run, fromStop: stops[i] as number, toStop })
  })
  const priceMinor = legs.reduce((sum, leg) => sum + (leg.classes[0]?.priceMinor ?? 0), 0)
  return { legs, priceMinor }
}
