import type { StationInput } from '@quorail/booking-fsm'
import type { CsvRow } from './csv-table.ts'
import type { Feed } from './feed.ts'
import type { LeftOut } from './feed-problem.ts'
import { plainText, readDecimal, readTime, readWholeNumber } from './field-values.ts'
import type { Stations } from './stations.ts'

/** A trip of the feed, its fields read and not yet judged by the railway's rules. */
export interface FeedTrip {
  readonly tripId: string
  /** Its line in trips.txt. */
  readonly line: number
  readonly serviceId: string
  readonly number: string
  readonly name: string
  readonly routeType: string
  /** The zone of the route's agency: the one all its times are meant in. */
  readonly timeZone: string
  readonly stops: readonly FeedStop[]
  /** The first field of the trip that could not be read. */
  readonly unreadable: LeftOut | undefined
}
export interface FeedStop {
  /** Its line in stop_times.txt. */
  readonly line: number
  readonly station: StationInput
  readonly arrivalSeconds: number
  readonly departureSeconds: number
  readonly boarding: boolean
  readonly alighting: boolean
  /** shape_dist_traveled, in a unit that the feed does not tell. */
  readonly shapeDistance: number | undefined
}

const stopTimesFile = 'stop_times.txt'

export function readTrips(feed: Feed, stations: Stations): FeedTrip[] {
  const { trips } = feed
  const [id, route, service] = ['trip_id', 'route_id', 'service_id'].map((c) => trips.reader(c))
  const [shortName, headsign] = ['trip_short_name', 'trip_headsign'].map((c) => trips.reader(c))
  const routes = readRoutes(feed)
  const stopRows = groupStopTimes(feed)
  return trips.rows.map((row) => {
    const tripId = id?.(row) ?? ''
    const of = routes.get(route?.(row) ?? '')
    const rows = stopRows.get(tripId) ?? []
    const stops: FeedStop[] = []
    let unreadable: LeftOut | undefined
    let before = -1
    for (const { sequence, row: stopRow } of rows) {
      const stop = readStop(stopRow, feed, stations, sequence, before)
      before = sequence ?? before
      if ('reason' in stop) unreadable ??= stop
      else stops.push(stop)
    }
    const destination = headsign?.(row) ?? ''
    const short = withoutDestination(shortName?.(row) ?? '', destination)
    return {
      tripId,
      line: row.line,
      serviceId: service?.(row) ?? '',
      number: plainText(short || of?.shortName || of?.longName || tripId, 32),
      name: plainText(destination || of?.longName || '', 200),
      routeType: of?.type ?? '',
      timeZone: of?.timeZone ?? 'UTC',
      stops,
      unreadable,
    }
  })
}

/** Some feeds write `1045 to Nawalapitiya` where the number belongs. */
function withoutDestination(shortName: string, destination: string): string {
  const tail = ` to ${destination}`
  return destination !== '' && shortName.endsWith(tail)
    ? shortName.slice(0, -tail.length)
    : shortName
}

interface FeedRoute {
  readonly shortName: string
  readonly longName: string
  readonly type: string
  readonly timeZone: string
}

function readRoutes(feed: Feed): Map<string, FeedRoute> {
  const { agency, routes } = feed
  const zoneOf = agency.reader('agency_timezone')
  const agencyId = agency.reader('agency_id')
  const zones = new Map(agency.rows.map((row) => [agencyId(row), zoneOf(row)]))
  const firstZone = agency.rows[0] === undefined ? 'UTC' : zoneOf(agency.rows[0])
  const columns = ['route_id', 'route_short_name', 'route_long_name', 'route_type', 'agency_id']
  const read = columns.map((column) => routes.reader(column))
  return new Map(
    routes.rows.map((row) => {
      const [id = '', shortName = '', longName = '', type = '', of = ''] = read.map((r) => r(row))
      return [id, { shortName, longName, type, timeZone: zones.get(of) ?? firstZone }]
    }),
  )
}

interface StopRow {
  readonly sequence: number | undefined
  readonly row: CsvRow
}

/** The rows of each trip in the order of stop_sequence, which may be sparse and in any file order. */
function groupStopTimes(feed: Feed): Map<string, StopRow[]> {
  const trip = feed.stopTimes.reader('trip_id')
  const sequence = feed.stopTimes.reader('stop_sequence')
  const groups = new Map<string, StopRow[]>()
  for (const row of feed.stopTimes.rows) {
    const id = trip(row)
    const group = groups.get(id) ?? []
    group.push({ sequence: readWholeNumber(sequence(row)), row })
    groups.set(id, group)
  }
  for (const group of groups.values()) {
    group.sort((a, b) => (a.sequence ?? -1) - (b.sequence ?? -1) || a.row.line - b.row.line)
  }
  return groups
}

function readStop(
  row: CsvRow,
  feed: Feed,
  stations: Stations,
  sequence: number | undefined,
  before: number,
): FeedStop | LeftOut {
  const { line } = row
  const read = (column: string) => feed.stopTimes.reader(column)(row)
  const leftOut = (reason: string): LeftOut => ({ file: stopTimesFile, line, reason })
  if (sequence === undefined)
    return leftOut(`stop_sequence '${read('stop_sequence')}' is no number`)
  if (sequence === before) return leftOut(`stop_sequence ${sequence} is there twice`)
  const stopId = read('stop_id')
  if (stopId === '') return leftOut('has no stop_id: flexible services are not sold by seat')
  const at = stations.byStopId.get(stopId)
  if (at?.station === undefined)
    return leftOut(`its stop '${stopId}' ${at?.reason ?? 'is not known'}`)
  const [arrival, departure] = [read('arrival_time'), read('departure_time')]
  if (arrival === '' && departure === '') return leftOut(`no time at '${at.station.name}'`)
  const arrivalSeconds = readTime(arrival || departure)
  if (arrivalSeconds === undefined) return leftOut(`arrival_time '${arrival}' is not a time`)
  const departureSeconds = readTime(departure || arrival)
  if (departureSeconds === undefined) return leftOut(`departure_time '${departure}' is not a time`)
  return {
    line,
    station: at.station,
    arrivalSeconds,
    departureSeconds,
    boarding: read('pickup_type') !== '1',
    alighting: read('drop_off_type') !== '1',
    shapeDistance: readDecimal(read('shape_dist_traveled')),
  }
}
