import { createHash } from 'node:crypto'
import type { StationInput } from '@quorail/booking-fsm'
import { normaliseSearchText, searchTermsOf } from '../normalise-search-text.ts'
import { isTimeZone } from '../service-days.ts'
import type { CsvRow, CsvTable } from './csv-table.ts'
import type { Feed } from './feed.ts'
import { plainText, readDegreesE6, readWholeNumber } from './field-values.ts'

/** A stop of the feed as the railway sees it: its platforms are merged into the station. */
export interface StationOfStop {
  /** Undefined when the station can not be used; `reason` says why. */
  readonly station: StationInput | undefined
  readonly reason: string
}

export interface Stations {
  readonly byStopId: ReadonlyMap<string, StationOfStop>
  /** Stations that stand for an area of several, by their code. */
  readonly groups: ReadonlyMap<string, StationInput>
}

const maxText = 200
const maxCode = 64
const maxZone = 16
const maxChangeSeconds = 86_400

/**
 * Station codes carry the feed's publisher, so that two feeds that number their stops from 1 do not
 * overwrite each other, and the next version of the same feed replaces its own stations.
 */
export function readStations(feed: Feed): Stations {
  const { stops } = feed
  const id = stops.reader('stop_id')
  const parent = stops.reader('parent_station')
  const rows = new Map(stops.rows.map((row) => [id(row), row]))
  const prefix = codePrefix(feed)
  const agencyZone =
    feed.agency.rows[0] && feed.agency.reader('agency_timezone')(feed.agency.rows[0])
  const made = new Map<string, StationOfStop>()
  const byStopId = new Map<string, StationOfStop>()
  for (const row of stops.rows) {
    const top = topOf(row, rows, parent)
    const topId = top === undefined ? '' : id(top)
    let found = made.get(topId)
    if (found === undefined) {
      found = top === undefined ? circular : stationOf(top, stops, prefix, agencyZone ?? 'UTC')
      made.set(topId, found)
    }
    byStopId.set(id(row), found)
  }
  return inGroups(feed, prefix, withChangeTimes(feed, byStopId))
}

/** transfers.txt may say how long it takes to change within a station: the longest of its platforms counts. */
function withChangeTimes(
  { transfers }: Feed,
  byStopId: ReadonlyMap<string, StationOfStop>,
): ReadonlyMap<string, StationOfStop> {
  if (transfers === undefined) return byStopId
  const columns = ['from_stop_id', 'to_stop_id', 'transfer_type', 'min_transfer_time']
  const read = columns.map((column) => transfers.reader(column))
  const seconds = new Map<string, number>()
  for (const row of transfers.rows) {
    const [from = '', to = '', type, time = ''] = read.map((field) => field(row))
    const code = byStopId.get(from)?.station?.code
    const least = readWholeNumber(time)
    if (type !== '2' || least === undefined || least > maxChangeSeconds) continue
    if (code === undefined || code !== byStopId.get(to)?.station?.code) continue
    seconds.set(code, Math.max(seconds.get(code) ?? 0, least))
  }
  return changed(byStopId, (station) => {
    const changeSeconds = seconds.get(station.code)
    return changeSeconds === undefined ? station : { ...station, changeSeconds }
  })
}

/** areas.txt and stop_areas.txt: an area with several stations is a group; a station is in the first that it is listed in. */
function inGroups(
  { areas, stopAreas }: Feed,
  prefix: string,
  byStopId: ReadonlyMap<string, StationOfStop>,
): Stations {
  const groups = new Map<string, StationInput>()
  if (areas === undefined || stopAreas === undefined) return { byStopId, groups }
  const [areaOf, stopOf] = [stopAreas.reader('area_id'), stopAreas.reader('stop_id')]
  const members = new Map<string, Map<string, StationInput>>()
  const taken = new Set<string>()
  for (const row of stopAreas.rows) {
    const station = byStopId.get(stopOf(row))?.station
    if (station === undefined || taken.has(station.code)) continue
    taken.add(station.code)
    const of = members.get(areaOf(row)) ?? new Map<string, StationInput>()
    members.set(areaOf(row), of.set(station.code, station))
  }
  const groupOf = new Map<string, string>()
  const [id, nameOf] = [areas.reader('area_id'), areas.reader('area_name')]
  for (const row of areas.rows) {
    const of = [...(members.get(id(row))?.values() ?? [])]
    const name = plainText(nameOf(row), maxText)
    const [first] = of
    if (first === undefined || of.length < 2 || name === '') continue
    const code = stationCode(prefix, `area:${id(row)}`)
    const searchTerms = searchTermsOf([name]).map((term) => plainText(term, maxText))
    const { latitudeE6, longitudeE6, timeZone } = first
    const place = { latitudeE6, longitudeE6, timeZone }
    groups.set(code, { code, name, aliases: [], searchTerms, ...place })
    for (const member of of) groupOf.set(member.code, code)
  }
  const grouped = changed(byStopId, (station) => {
    const groupCode = groupOf.get(station.code)
    return groupCode === undefined ? station : { ...station, groupCode }
  })
  return { byStopId: grouped, groups }
}

/** Each station once: its stops share what is made of it. */
function changed(
  byStopId: ReadonlyMap<string, StationOfStop>,
  change: (station: StationInput) => StationInput,
): ReadonlyMap<string, StationOfStop> {
  const made = new Map<StationOfStop, StationOfStop>()
  const entries = [...byStopId].map(([stopId, of]): [string, StationOfStop] => {
    const known = made.get(of) ?? { ...of, station: of.station && change(of.station) }
    made.set(of, known)
    return [stopId, known]
  })
  return new Map(entries)
}

const circular: StationOfStop = { station: undefined, reason: 'is its own parent_station' }

/** The station of a platform: at most three steps up (boarding area, platform, station). */
function topOf(
  row: CsvRow,
  rows: ReadonlyMap<string, CsvRow>,
  parent: (row: CsvRow) => string,
): CsvRow | undefined {
  let top = row
  for (let steps = 0; steps < 4; steps++) {
    const up = rows.get(parent(top))
    if (up === undefined) return top
    top = up
  }
  return undefined
}

function stationOf(
  row: CsvRow,
  stops: CsvTable,
  prefix: string,
  agencyZone: string,
): StationOfStop {
  const read = (column: string) => stops.reader(column)(row)
  const latitudeE6 = readDegreesE6(read('stop_lat'), 90)
  const longitudeE6 = readDegreesE6(read('stop_lon'), 180)
  const name = plainText(read('stop_name'), maxText)
  const nowhere = latitudeE6 === 0 && longitudeE6 === 0
  if (latitudeE6 === undefined || longitudeE6 === undefined || nowhere) {
    return { station: undefined, reason: `has no usable stop_lat and stop_lon` }
  }
  if (name === '') return { station: undefined, reason: 'has no stop_name' }
  const zone = read('stop_timezone')
  const fareZone = plainText(read('zone_id'), maxZone)
  const station: StationInput = {
    code: stationCode(prefix, read('stop_id')),
    name,
    aliases: [],
    searchTerms: searchTermsOf([name, read('stop_code')]).map((term) => plainText(term, maxText)),
    latitudeE6,
    longitudeE6,
    ...(fareZone === '' ? {} : { zone: fareZone }),
    timeZone: zone !== '' && zone.length <= 64 && isTimeZone(zone) ? zone : agencyZone,
  }
  return { station, reason: '' }
}

function stationCode(prefix: string, stopId: string): string {
  const code = `${prefix}:${stopId}`
  if (code.length <= maxCode && plainText(code, maxCode) === code) return code
  const hash = createHash('sha256').update(code).digest('hex').slice(0, 16)
  return `${plainText(code, maxCode - 17)}~${hash}`
}

function codePrefix(feed: Feed): string {
  const { agency, feedInfo } = feed
  const publisher = feedInfo?.rows[0] && feedInfo.reader('feed_publisher_name')(feedInfo.rows[0])
  const operator = agency.rows[0] && agency.reader('agency_name')(agency.rows[0])
  const words = normaliseSearchText(publisher || operator || 'gtfs').replaceAll(' ', '-')
  return words.slice(0, 24).replace(/-$/, '') || 'gtfs'
}
