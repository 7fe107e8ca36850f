/** Stations, trains, runs, and the imports they may stand under. */

import type { Coach } from '../commands.ts'
import { createImport } from '../imports.ts'
import { layoutOf } from '../inventory/layout.ts'
import { type PackedSeating, unpackSeating } from '../inventory/seat-properties.ts'
import type { BookingState } from '../state.ts'
import type {
  Hashed,
  ImportStatus,
  StationChange,
  StationData,
  StopTimes,
  Train,
} from '../things.ts'
import { addRun, addStation, addTrain, createStation } from '../timetable.ts'
import { type Cursor, int, list, optionalInt, optionalText, required, text } from './cursor.ts'

export function loadImport(state: BookingState, row: Cursor): Hashed {
  const [importId, source, status] = [int(row), text(row), text(row) as ImportStatus]
  const imported = createImport({
    importId,
    source,
    status,
    begunAtMs: int(row),
    endedAtMs: int(row),
  })
  state.imports.set(importId, imported)
  if (status === 'open') state.openImport = imported
  if (status === 'aborting') state.aborting.push(imported)
  return imported
}

export function loadStation(state: BookingState, row: Cursor): Hashed {
  const [stationId, code, first] = [int(row), text(row), stationData(row)]
  const importId = optionalInt(row)
  const data = { ...first, ...laterStationData(row) }
  const station = createStation({ stationId, code, data, importId })
  addStation(state, station)
  return station
}

export function loadStationChange(state: BookingState, row: Cursor): Hashed {
  const [importId, stationId] = [int(row), int(row)]
  const change: StationChange = {
    hashLow: 0,
    hashHigh: 0,
    importId,
    stationId,
    data: { ...stationData(row), ...laterStationData(row) },
  }
  required(state.imports.get(importId), row).staged.changes.set(stationId, change)
  return change
}

export function loadTrain(state: BookingState, row: Cursor): Train {
  const [trainId, number, name] = [int(row), text(row), text(row)]
  const stops = list<[number, number, number, number, number]>(row)
  const coaches = coachesFrom(list(row))
  const train: Train = {
    hashLow: 0,
    hashHigh: 0,
    trainId,
    number,
    name,
    stationIds: stops.map(([stationId]) => stationId),
    stops: stops.map(
      ([, arrivalSeconds, departureSeconds, distanceMetres, flags]): StopTimes => ({
        arrivalSeconds,
        departureSeconds,
        distanceMetres,
        boarding: (flags & 1) !== 0,
        alighting: (flags & 2) !== 0,
      }),
    ),
    coaches,
    calendar: calendarOf(optionalText(row)),
    importId: optionalInt(row),
    layout: layoutOf(coaches),
    runs: [],
    serviceDates: new Set(),
  }
  addTrain(state, train)
  return train
}

type PackedCoach = readonly [string, string, number, string, PackedSeating?]

export function coachesFrom(packed: readonly PackedCoach[]): Coach[] {
  return packed.map(([label, classCode, rows, columns, seating]): Coach => {
    const plain = { label, classCode, rows, columns }
    return seating === undefined ? plain : { ...plain, seating: unpackSeating(seating) }
  })
}

export function loadRun(state: BookingState, row: Cursor): Hashed {
  const runId = int(row)
  const train = required(state.trains.get(int(row)), row)
  const own = state.consist.own.get(runId)
  const run = {
    hashLow: 0,
    hashHigh: 0,
    runId,
    train,
    serviceDate: int(row),
    baseMs: int(row),
    importId: optionalInt(row),
    layout: own === undefined ? train.layout : layoutOf(own.coaches),
    cancelled: false,
    goesTo: 0,
    inventory: undefined,
  }
  addRun(state, run)
  return run
}

function calendarOf(json: string): Train['calendar'] {
  if (json === '') return undefined
  const [weekdays, fromDate, toDate, timeZone, addedDates, removedDates] = JSON.parse(json) as [
    number,
    number,
    number,
    string,
    number[]?,
    number[]?,
  ]
  const calendar = { weekdays, fromDate, toDate, timeZone }
  if (addedDates === undefined || removedDates === undefined) return calendar
  return { ...calendar, exceptions: { addedDates, removedDates } }
}

type LaterStationData = Pick<StationData, 'groupCode' | 'changeSeconds' | 'zone'>

/** In the order in which the handler makes it: it is compared as text. */
function laterStationData(row: Cursor): LaterStationData {
  const groupCode = optionalText(row)
  // 0 is a time like others, so null must stay apart from it.
  const changeSeconds = row.values[row.at] === null ? undefined : int(row)
  if (changeSeconds === undefined) row.at++
  return { groupCode, changeSeconds, zone: optionalText(row) }
}

function stationData(row: Cursor): Omit<StationData, keyof LaterStationData> {
  return {
    name: text(row),
    aliases: list<string>(row),
    searchTerms: list<string>(row),
    latitudeE6: int(row),
    longitudeE6: int(row),
    timeZone: text(row),
  }
}
