import { mustBeStaff } from '../actors.ts'
import { checkLength, firstInvalid, isInt, isObject, isText } from '../checks.ts'
import type { PutStations, StationInput } from '../commands.ts'
import { checkImportId, mustBeOpen, stationFor } from '../imports.ts'
import { invalid, refuse } from '../refusal.ts'
import type { Refusal, Reply } from '../replies.ts'
import type { BookingState } from '../state.ts'
import { deleteRow, type Work, writeRow } from '../store.ts'
import type { Import, Station, StationChange, StationData } from '../things.ts'
import { addStation, createStation, setStationData } from '../timetable.ts'

export function putStations(work: Work, command: PutStations): Reply {
  const { state } = work
  const { importId, stations } = command
  const refusal =
    checkStations(command) ??
    mustBeStaff(work) ??
    mustBeOpen(state, importId) ??
    checkLevel(state, stations) ??
    checkGroups(state, command)
  if (refusal !== undefined) return refusal
  const imported = importId === undefined ? undefined : state.imports.get(importId)
  for (const input of stations) {
    const data = dataOf(input)
    // A direct command also meets the open import's new stations: their code is spoken for.
    const known = stationFor(state, input.code, state.openImport?.importId)
    if (known === undefined) createNew(work, input.code, data, importId ?? 0)
    else if (imported === undefined) replace(work, known, data)
    else if (known.importId === importId) update(work, known, data)
    else stageChange(work, imported, known, data)
  }
  return { type: 'done' }
}

function createNew(work: Work, code: string, data: StationData, importId: number): void {
  const stationId = work.state.meta.nextStationId++
  const station = createStation({ stationId, code, data, importId })
  addStation(work.state, station)
  writeRow(work, 'stations', station)
}

/** New data at once. A station that was waiting for an import is visible from here on. */
function replace(work: Work, station: Station, data: StationData): void {
  const { state } = work
  const { openImport } = state
  if (openImport?.staged.stations.delete(station) === true) {
    station.importId = 0
    state.stationByCode.set(station.code, station)
    // What the import brought is not lost: it comes with the commit.
    writeChange(work, openImport, station.stationId, station.data)
  }
  update(work, station, data)
}

function update(work: Work, station: Station, data: StationData): void {
  setStationData(work.state, station, data)
  writeRow(work, 'stations', station)
}

/** New data for a visible station, with the import's commit; the same data needs no change. */
function stageChange(work: Work, imported: Import, station: Station, data: StationData): void {
  const { importId, staged } = imported
  const { stationId } = station
  const earlier = staged.changes.get(stationId)
  if (isSame(station.data, data)) {
    if (earlier === undefined) return
    staged.changes.delete(stationId)
    deleteRow(work, 'station_changes', earlier, [importId, stationId])
    return
  }
  writeChange(work, imported, stationId, data)
}

function writeChange(work: Work, imported: Import, stationId: number, data: StationData): void {
  const { importId, staged } = imported
  const earlier = staged.changes.get(stationId)
  const change: StationChange = earlier ?? { hashLow: 0, hashHigh: 0, importId, stationId, data }
  change.data = data
  staged.changes.set(stationId, change)
  writeRow(work, 'station_changes', change)
}

function isSame(a: StationData, b: StationData): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

/** A copy, always with the same order of fields. */
function dataOf(input: StationInput): StationData {
  return {
    name: input.name,
    aliases: [...input.aliases],
    searchTerms: [...input.searchTerms],
    latitudeE6: input.latitudeE6,
    longitudeE6: input.longitudeE6,
    timeZone: input.timeZone,
    groupCode: input.groupCode ?? '',
    changeSeconds: input.changeSeconds,
    zone: input.zone ?? '',
  }
}

/** Nodes of level 1 do not know these fields. */
function checkLevel(
  { meta }: BookingState,
  stations: readonly StationInput[],
): Refusal | undefined {
  const later = stations.some(
    ({ groupCode = '', changeSeconds, zone = '' }) =>
      groupCode !== '' || changeSeconds !== undefined || zone !== '',
  )
  return later && meta.featureLevel < 2 ? refuse('featureNotActive', { figure: 2 }) : undefined
}

/** A group's own station is there already, or comes with the same command. */
function checkGroups(
  state: BookingState,
  { importId, stations }: PutStations,
): Refusal | undefined {
  const coming = new Set(stations.map(({ code }) => code))
  for (const [i, { groupCode = '' }] of stations.entries()) {
    if (groupCode === '' || coming.has(groupCode)) continue
    if (stationFor(state, groupCode, importId) === undefined) {
      return refuse('stationNotFound', { field: `stations[${i}].groupCode` })
    }
  }
  return undefined
}

function checkStations({ importId, stations }: PutStations): Refusal | undefined {
  const refusal = checkImportId(importId) ?? checkLength(stations, 1, 1_000, 'stations')
  if (refusal !== undefined) return refusal
  const seen = new Set<string>()
  for (const [i, station] of stations.entries()) {
    const refused = checkStation(station, `stations[${i}]`, seen)
    if (refused !== undefined) return refused
    seen.add(station.code)
  }
  return undefined
}

function checkStation(
  station: StationInput,
  field: string,
  seen: ReadonlySet<string>,
): Refusal | undefined {
  if (!isObject(station)) return invalid(field)
  const it = station as StationInput
  return (
    firstInvalid([
      [isText(it.code, 1, 64) && !seen.has(it.code), `${field}.code`],
      [isText(it.name, 1, 200), `${field}.name`],
    ]) ??
    checkTexts(it.aliases, 20, `${field}.aliases`) ??
    checkTexts(it.searchTerms, 64, `${field}.searchTerms`) ??
    firstInvalid([
      [isInt(it.latitudeE6, -90_000_000, 90_000_000), `${field}.latitudeE6`],
      [isInt(it.longitudeE6, -180_000_000, 180_000_000), `${field}.longitudeE6`],
      [isText(it.timeZone, 1, 64), `${field}.timeZone`],
      [isOptional(it.groupCode, 64) && it.groupCode !== it.code, `${field}.groupCode`],
      [
        it.changeSeconds === undefined || isInt(it.changeSeconds, 0, 86_400),
        `${field}.changeSeconds`,
      ],
      [isOptional(it.zone, 16), `${field}.zone`],
    ])
  )
}

function isOptional(text: unknown, max: number): boolean {
  return text === undefined || isText(text, 0, max)
}

function checkTexts(texts: readonly string[], max: number, field: string): Refusal | undefined {
  const length = checkLength(texts, 0, max, field)
  if (length !== undefined) return length
  return firstInvalid([...texts].map((text, i) => [isText(text, 1, 200), `${field}[${i}]`]))
}
