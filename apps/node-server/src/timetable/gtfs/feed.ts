import { isTimeZone } from '../service-days.ts'
import { type CsvTable, readCsvTable } from './csv-table.ts'
import type { FeedProblems } from './feed-problem.ts'
import type { FeedFiles } from './feed-source.ts'

/** The tables of a feed, complete in themselves: ids are unique and every reference has its row. */
export interface Feed {
  readonly agency: CsvTable
  readonly stops: CsvTable
  readonly routes: CsvTable
  readonly trips: CsvTable
  readonly stopTimes: CsvTable
  readonly calendar: CsvTable | undefined
  readonly calendarDates: CsvTable | undefined
  readonly frequencies: CsvTable | undefined
  readonly feedInfo: CsvTable | undefined
  readonly transfers: CsvTable | undefined
  readonly areas: CsvTable | undefined
  readonly stopAreas: CsvTable | undefined
  readonly hasFares: boolean
}

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']

export function readFeed(files: FeedFiles, problems: FeedProblems): Feed | undefined {
  const optional = (file: string, required: readonly string[]) => {
    const bytes = files.bytes.get(file)
    return bytes === undefined ? undefined : readCsvTable(file, bytes, required, problems)
  }
  const needed = (file: string, required: readonly string[]) => {
    if (!files.bytes.has(file)) problems.add(file, 0, '', 'the file is missing')
    return optional(file, required)
  }
  const agency = needed('agency.txt', ['agency_name', 'agency_timezone'])
  const stops = needed('stops.txt', ['stop_id', 'stop_name', 'stop_lat', 'stop_lon'])
  const routes = needed('routes.txt', ['route_id', 'route_type'])
  const trips = needed('trips.txt', ['route_id', 'service_id', 'trip_id'])
  const stopTimes = needed('stop_times.txt', [
    'trip_id',
    'arrival_time',
    'departure_time',
    'stop_id',
    'stop_sequence',
  ])
  const calendar = optional('calendar.txt', ['service_id', ...weekdays, 'start_date', 'end_date'])
  const calendarDates = optional('calendar_dates.txt', ['service_id', 'date', 'exception_type'])
  const frequencies = optional('frequencies.txt', ['trip_id'])
  const feedInfo = optional('feed_info.txt', [])
  const transfers = optional('transfers.txt', [])
  const areas = optional('areas.txt', ['area_id'])
  const stopAreas = optional('stop_areas.txt', ['area_id', 'stop_id'])
  if (!files.bytes.has('calendar.txt') && !files.bytes.has('calendar_dates.txt')) {
    problems.add('calendar.txt', 0, '', 'the file is missing, and calendar_dates.txt too')
  }
  if (problems.list.length > 0) return undefined
  if (!agency || !stops || !routes || !trips || !stopTimes) return undefined
  const hasFares = ['fare_attributes.txt', 'fare_products.txt'].some((file) =>
    hasRows(files.bytes.get(file)),
  )
  const feed = { agency, stops, routes, trips, stopTimes, calendar, calendarDates, frequencies }
  checkReferences(feed, problems)
  if (problems.list.length > 0) return undefined
  return { ...feed, feedInfo, transfers, areas, stopAreas, hasFares }
}

/** Whether there is anything behind the header. */
function hasRows(bytes: Uint8Array | undefined): boolean {
  const header = bytes?.indexOf(0x0a) ?? -1
  return bytes !== undefined && header !== -1 && header < bytes.length - 2
}

type Timetable = Omit<Feed, 'feedInfo' | 'transfers' | 'areas' | 'stopAreas' | 'hasFares'>

function checkReferences(feed: Timetable, problems: FeedProblems): void {
  const { agency, stops, routes, trips, stopTimes } = feed
  if (agency.rows.length === 0) problems.add(agency.file, 2, '', 'no agency is listed')
  const timeZone = agency.reader('agency_timezone')
  for (const row of agency.rows) {
    const zone = timeZone(row)
    if (isTimeZone(zone)) continue
    problems.add(agency.file, row.line, 'agency_timezone', `no time zone is called '${zone}'`)
  }
  const routeIds = uniqueIds(routes, 'route_id', problems)
  const tripIds = uniqueIds(trips, 'trip_id', problems)
  const stopIds = uniqueIds(stops, 'stop_id', problems)
  const serviceIds = new Set([...idsOf(feed.calendar), ...idsOf(feed.calendarDates)])
  if (feed.calendar !== undefined) uniqueIds(feed.calendar, 'service_id', problems)
  const several = agency.rows.length > 1
  const agencyIds = several ? uniqueIds(agency, 'agency_id', problems) : undefined
  if (agencyIds) checkIds(routes, 'agency_id', agencyIds, problems, true)
  checkIds(trips, 'route_id', routeIds, problems)
  checkIds(trips, 'service_id', serviceIds, problems)
  checkIds(stopTimes, 'trip_id', tripIds, problems)
  // Without a stop at all it is a flexible service: that trip is left out, the feed is sound.
  checkIds(stopTimes, 'stop_id', stopIds, problems, true)
  checkIds(stops, 'parent_station', stopIds, problems, true)
  if (feed.frequencies !== undefined) checkIds(feed.frequencies, 'trip_id', tripIds, problems)
}

function idsOf(table: CsvTable | undefined): string[] {
  return table === undefined ? [] : table.rows.map(table.reader('service_id'))
}

function uniqueIds(table: CsvTable, column: string, problems: FeedProblems): Set<string> {
  const read = table.reader(column)
  const ids = new Set<string>()
  for (const row of table.rows) {
    const id = read(row)
    if (id === '') problems.add(table.file, row.line, column, 'is empty')
    else if (ids.has(id)) problems.add(table.file, row.line, column, `'${id}' is there twice`)
    ids.add(id)
  }
  return ids
}

function checkIds(
  table: CsvTable,
  column: string,
  known: ReadonlySet<string>,
  problems: FeedProblems,
  mayBeEmpty = false,
): void {
  const read = table.reader(column)
  for (const row of table.rows) {
    const id = read(row)
    if ((mayBeEmpty && id === '') || known.has(id)) continue
    problems.add(table.file, row.line, column, `'${id}' is not known`)
  }
}
