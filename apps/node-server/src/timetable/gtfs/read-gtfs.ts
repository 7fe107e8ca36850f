import type { Command, StationInput } from '@quorail/booking-fsm'
import { addDays, dateInZone, daysBetween } from '../service-days.ts'
import { findDistanceUnit } from './distances.ts'
import { type Feed, readFeed } from './feed.ts'
import { type FeedProblem, FeedProblems, type LeftOut } from './feed-problem.ts'
import { readFeedFiles } from './feed-source.ts'
import { type FeedTrip, readTrips } from './feed-trips.ts'
import { stagedCommands } from './import-commands.ts'
import {
  type DatedTrip,
  type MergedTrains,
  mergeTrains,
  type PlannedTrain,
} from './merge-trains.ts'
import type { TrainToImport } from './reconcile.ts'
import type { ImportReport } from './report.ts'
import { readServices, type Services } from './services.ts'
import { readStations } from './stations.ts'
import { brokenRule } from './trip-rules.ts'

export interface ReadGtfsOptions {
  /** A zip file or a folder. */
  readonly source: string
  readonly nowMs: number
  /** yyyymmdd: runs are opened from this day on; not set, or past: from today. */
  readonly fromDate?: number | undefined
  /** Runs are opened from then to so many days ahead. */
  readonly daysAhead?: number
  /** yyyymmdd: the feed is moved by whole weeks so that its first days lie at this date. */
  readonly shiftDatesTo?: number | undefined
}

export type GtfsImport =
  | { readonly fatal: readonly FeedProblem[]; readonly plan: undefined }
  | { readonly fatal: readonly []; readonly plan: GtfsPlan }

/** A feed read and checked to its end: what will be sent, and the report about it. */
export interface GtfsPlan {
  readonly report: ImportReport
  /** For `beginImport`: the file's name and the hash of what was read. */
  readonly source: string
  /** What the feed has, which is compared with what is on sale before it is sent. */
  readonly trains: readonly PlannedTrain[]
  /** What is sent under the id that `beginImport` answered. */
  commands(importId: number, trains: readonly TrainToImport[]): Iterable<Command>
}

export const defaultDaysAhead = 60

export function readGtfs(options: ReadGtfsOptions): GtfsImport {
  const problems = new FeedProblems()
  const files = readFeedFiles(options.source, problems)
  const feed = files && readFeed(files, problems)
  if (files === undefined || feed === undefined) return { fatal: problems.all(), plan: undefined }

  const services = readServices(feed)
  const read = readStations(feed)
  const { sound, leftOut } = judge(readTrips(feed, read), services, feed)
  const window = openDays(options, feed, sound, services)
  const dated = sound
    .map((trip) => ({ trip, dates: window.datesOf(trip.serviceId) }))
    .filter(({ dates }) => dates.length > 0)
  const unit = findDistanceUnit(dated.map(({ trip }) => trip))
  const merged = mergeTrains(dated, unit)
  const stations = stationsOf(dated, read.groups)
  const dates = dated.flatMap((trip) => [trip.dates[0] ?? 0, trip.dates.at(-1) ?? 0])
  const report: ImportReport = {
    source: files.description,
    stations: stations.length,
    trains: merged.trains.length,
    runs: merged.trains.reduce((sum, train) => sum + train.runs.length, 0),
    trips: feed.trips.rows.length,
    leftOut,
    tripsWithoutRuns: sound.length - dated.length,
    firstDate: dates.reduce((a, b) => Math.min(a, b), dates[0] ?? 0),
    lastDate: dates.reduce((a, b) => Math.max(a, b), 0),
    assumptions: [
      ...window.assumptions,
      ...distanceAssumptions(unit?.name, merged, dated.length),
      feed.hasFares
        ? "the feed's own fares go by zone or product and are not used: the cluster's fare table by distance and class counts"
        : "the feed has no fares: the cluster's fare table by distance and class counts",
      'the feed has no coaches: every train gets the default five, one of class 1 and four of class 2',
      ...(merged.repeatedRuns > 0
        ? [
            `${merged.repeatedRuns} runs are in the feed twice (same number, stops, times and day): opened once`,
          ]
        : []),
    ],
  }
  const plan: GtfsPlan = {
    report,
    source: files.description,
    trains: merged.trains,
    commands: (importId, trains) => stagedCommands(importId, stations, trains),
  }
  return { fatal: [], plan }
}

/** Splits the trips into those that keep the rules and those left out, with the reason. */
function judge(trips: readonly FeedTrip[], services: Services, feed: Feed) {
  const byHeadway = new Set(feed.frequencies?.rows.map(feed.frequencies.reader('trip_id')))
  const sound: FeedTrip[] = []
  const leftOut: LeftOut[] = []
  for (const trip of trips) {
    const broken =
      brokenRule(trip, byHeadway.has(trip.tripId)) ?? services.broken.get(trip.serviceId)
    if (broken === undefined) sound.push(trip)
    else leftOut.push({ ...broken, reason: `trip '${trip.tripId}' ${broken.reason}` })
  }
  return { sound, leftOut }
}

interface OpenDays {
  readonly assumptions: readonly string[]
  datesOf(serviceId: string): readonly number[]
}

function openDays(
  { nowMs, fromDate = 0, daysAhead = defaultDaysAhead, shiftDatesTo }: ReadGtfsOptions,
  feed: Feed,
  trips: readonly FeedTrip[],
  services: Services,
): OpenDays {
  const zone = trips[0]?.timeZone ?? feed.agency.rows.map(feed.agency.reader('agency_timezone'))[0]
  const today = dateInZone(nowMs, zone ?? 'UTC')
  const from = Math.max(today, fromDate)
  const used = new Set(trips.map((trip) => trip.serviceId))
  let [first, last] = [99991231, 0]
  for (const id of used) {
    for (const date of services.dates.get(id) ?? []) {
      first = Math.min(first, date)
      last = Math.max(last, date)
    }
  }
  const assumptions: string[] = []
  let shiftDays = 0
  if (shiftDatesTo !== undefined && last > 0) {
    // Down to a whole week: the first days then lie at the date or up to six days before it.
    shiftDays = Math.floor(daysBetween(first, shiftDatesTo) / 7) * 7
    assumptions.push(
      `all dates are moved by ${shiftDays} days: ${first} is now ${addDays(first, shiftDays)}`,
    )
  }
  const until = addDays(from, daysAhead)
  const cache = new Map<string, readonly number[]>()
  let dropped = 0
  for (const id of used) {
    const all = [...(services.dates.get(id) ?? [])].map((date) => addDays(date, shiftDays))
    const open = all.filter((date) => date >= from && date <= until).sort((a, b) => a - b)
    dropped += all.length - open.length
    cache.set(id, open)
  }
  if (dropped > 0) {
    assumptions.push(
      `only days from ${from} to ${until} are opened; the feed runs from ${addDays(first, shiftDays)} to ${addDays(last, shiftDays)}`,
    )
  }
  if (last > 0 && addDays(last, shiftDays) < today) {
    assumptions.push('the feed has expired: --shift-dates-to moves it')
  }
  return { assumptions, datesOf: (id) => cache.get(id) ?? [] }
}

function distanceAssumptions(unit: string | undefined, merged: MergedTrains, trips: number) {
  if (trips === 0) return []
  if (unit === undefined) {
    return ['the feed has no usable distances: they are great-circle from stop to stop']
  }
  const own = `distances are the feed's shape_dist_traveled, read as ${unit}`
  if (merged.groundTrips === 0) return [own]
  return [`${own}; for ${merged.groundTrips} trips they make no sense and are great-circle`]
}

/** The stations that the taken trips call at, in the order of the feed's trips; their groups first. */
function stationsOf(
  trips: readonly DatedTrip[],
  groups: ReadonlyMap<string, StationInput>,
): StationInput[] {
  const stations = new Map<string, StationInput>()
  for (const { trip } of trips) {
    for (const { station } of trip.stops) stations.set(station.code, station)
  }
  const used = new Set([...stations.values()].map((station) => station.groupCode))
  return [...[...groups.values()].filter(({ code }) => used.has(code)), ...stations.values()]
}
