import { mustBeStaff } from '../actors.ts'
import type { AddTrain, Coach, TrainCalendar } from '../commands.ts'
import { mustBeOpen, stationFor } from '../imports.ts'
import { layoutOf } from '../inventory/layout.ts'
import { copySeating } from '../inventory/seat-properties.ts'
import { refuse } from '../refusal.ts'
import type { Reply } from '../replies.ts'
import { type Work, writeRow } from '../store.ts'
import type { Train } from '../things.ts'
import { addTrain as keepTrain } from '../timetable.ts'
import { checkTrain } from './train-checks.ts'

export function addTrain(work: Work, command: AddTrain): Reply {
  const { state } = work
  const { importId, number, name, stops, coaches, calendar } = command
  const refusal = checkTrain(command) ?? mustBeStaff(work) ?? mustBeOpen(state, importId)
  if (refusal !== undefined) return refusal
  const isLater =
    calendar?.exceptions !== undefined || coaches.some(({ seating }) => seating !== undefined)
  if (isLater && state.meta.featureLevel < 2) {
    return refuse('featureNotActive', { figure: 2 })
  }
  const stationIds: number[] = []
  for (const [i, { stationCode }] of stops.entries()) {
    const station = stationFor(state, stationCode, importId)
    if (station === undefined) {
      return refuse('stationNotFound', { field: `stops[${i}].stationCode` })
    }
    stationIds.push(station.stationId)
  }
  const kept = coaches.map(coachFrom)
  const train: Train = {
    hashLow: 0,
    hashHigh: 0,
    trainId: state.meta.nextTrainId++,
    number,
    name,
    stationIds,
    stops: stops.map((it) => ({
      arrivalSeconds: it.arrivalSeconds,
      departureSeconds: it.departureSeconds,
      distanceMetres: it.distanceMetres,
      boarding: it.boarding,
      alighting: it.alighting,
    })),
    coaches: kept,
    calendar: calendar && calendarOf(calendar),
    importId: importId ?? 0,
    layout: layoutOf(kept),
    runs: [],
    serviceDates: new Set(),
  }
  keepTrain(state, train)
  writeRow(work, 'trains', train)
  return { type: 'trainAdded', trainId: train.trainId }
}

export function coachFrom({ label, classCode, rows, columns, seating }: Coach): Coach {
  const plain = { label, classCode, rows, columns }
  return seating === undefined ? plain : { ...plain, seating: copySeating(seating) }
}

/** A copy; no exceptions are none. */
export function calendarOf({
  weekdays,
  fromDate,
  toDate,
  timeZone,
  exceptions,
}: TrainCalendar): TrainCalendar {
  const { addedDates, removedDates } = exceptions ?? { addedDates: [], removedDates: [] }
  const calendar = { weekdays, fromDate, toDate, timeZone }
  if (addedDates.length + removedDates.length === 0) return calendar
  return {
    ...calendar,
    exceptions: { addedDates: [...addedDates], removedDates: [...removedDates] },
  }
}
