import { isVisible } from '../imports.ts'
import { slipsAllowed, slipsBetween } from '../search/typos.ts'
import type { BookingState } from '../state.ts'
import type { Station } from '../things.ts'
import type { StationView } from '../views.ts'

/**
 * By normalised text: stations of which a word begins with it first, then those that only contain
 * it; by name within each. Where there is none, those of which a word begins with something like it.
 */
export function searchStations(state: BookingState, text: string, limit: number): StationView[] {
  const exact = ranked(state, ({ haystack }) => rankOf(haystack, text))
  const most = text.includes('\n') ? 0 : slipsAllowed(text.length)
  const found =
    exact.length > 0 || most === 0
      ? exact
      : ranked(state, ({ haystack }) => slipsIn(haystack, text, most))
  found.sort((a, b) => a.rank - b.rank || compareNames(a.station, b.station))
  return found.slice(0, Math.max(limit, 0)).map(({ station }) => stationView(station))
}

export function findStation(state: BookingState, code: string): StationView | undefined {
  const station = state.stationByCode.get(code)
  return station && stationView(station)
}

export function getStation(state: BookingState, stationId: number): StationView | undefined {
  const station = state.stations.get(stationId)
  return station !== undefined && isVisible(state, station.importId)
    ? stationView(station)
    : undefined
}

interface Ranked {
  readonly rank: number
  readonly station: Station
}

function ranked(state: BookingState, rank: (station: Station) => number | undefined): Ranked[] {
  const found: Ranked[] = []
  for (const station of state.stations.values()) {
    const of = rank(station)
    if (of === undefined || !isVisible(state, station.importId)) continue
    found.push({ rank: of, station })
  }
  return found
}

/** The least slips with which a word begins with the text. */
function slipsIn(haystack: string, text: string, most: number): number | undefined {
  let least: number | undefined
  for (let at = 0; at < haystack.length; at++) {
    if (!WORD_BORDERS.includes(haystack.charAt(at))) continue
    const line = haystack.indexOf('\n', at + 1)
    const end = line < 0 ? haystack.length : line
    const allowed = least === undefined ? most : least - 1
    const slips = slipsBetween(text, haystack, at + 1, end, allowed)
    if (slips !== undefined) least = slips
    if (least === 0) break
  }
  return least
}

/** 0: a word begins with the text; 1: it is somewhere else; undefined: nowhere. */
function rankOf(haystack: string, text: string): number | undefined {
  // A line's end is no part of a term, so a text with one is nowhere.
  if (text.includes('\n')) return undefined
  let at = haystack.indexOf(text)
  if (at < 0) return undefined
  for (; at >= 0; at = haystack.indexOf(text, at + 1)) {
    if (WORD_BORDERS.includes(haystack.charAt(at - 1)) || text === '') return 0
  }
  return 1
}

/** What stands before a word; each term of a station begins on a line of its own. */
const WORD_BORDERS = "\n -–/(.,'"

function compareNames(a: Station, b: Station): number {
  if (a.data.name !== b.data.name) return a.data.name < b.data.name ? -1 : 1
  return a.stationId - b.stationId
}

/** Where a station does not say how long a change of trains takes. */
export const DEFAULT_CHANGE_SECONDS = 300

function stationView({ stationId, code, data }: Station): StationView {
  const { name, aliases, latitudeE6, longitudeE6, timeZone, groupCode, zone } = data
  const changeSeconds = data.changeSeconds ?? DEFAULT_CHANGE_SECONDS
  const place = { latitudeE6, longitudeE6, timeZone }
  return { stationId, code, name, aliases, ...place, groupCode, changeSeconds, zone }
}
