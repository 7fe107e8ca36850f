import type { TrainCalendar } from '../commands.ts'
import { coachesOf } from '../consist/run-consist.ts'
import { arrivalMs, departureMs } from '../fares.ts'
import { isVisible, mayRun } from '../imports.ts'
import type { BookingState } from '../state.ts'
import type { Run, Train } from '../things.ts'
import type { JourneyView, RunView, TrainView } from '../views.ts'
import { lateAtStop } from './delays.ts'
import { stretchView } from './stretch.ts'

export interface RunQuery {
  readonly trainId?: number | undefined
  /** Service dates as yyyymmdd, inclusive. */
  readonly fromDate: number
  readonly toDate: number
  readonly limit: number
}

/** Undefined also while its import is open. */
export function findRun(state: BookingState, runId: number): RunView | undefined {
  const run = state.runs.get(runId)
  return run !== undefined && isVisible(state, run.importId) ? runView(state, run) : undefined
}

/** The part of a run between two of its stops, without offers. Undefined also while its import is open. */
export function findJourney(
  state: BookingState,
  runId: number,
  fromStop: number,
  toStop: number,
): JourneyView | undefined {
  const run = state.runs.get(runId)
  if (run === undefined || !isVisible(state, run.importId)) return undefined
  const { stops } = run.train
  if (stops[fromStop] === undefined || stops[toStop] === undefined || toStop <= fromStop)
    return undefined
  return {
    ...stretchView(state, run, fromStop, toStop),
    stopsBetween: toStop - fromStop - 1,
    classes: [],
  }
}

/** By number, then id. */
export function listTrains(state: BookingState): TrainView[] {
  return [...state.trains.values()]
    .filter((train) => isVisible(state, train.importId))
    .sort((a, b) => compare(a.number, b.number) || a.trainId - b.trainId)
    .map((train) => trainView(state, train))
}

/** A train whose days are opened by its calendar, and the days that have a run already, or will by an open import. */
export interface CalendarTrain {
  readonly trainId: number
  readonly calendar: TrainCalendar
  readonly serviceDates: ReadonlySet<number>
}

export function calendarTrains(state: BookingState): CalendarTrain[] {
  const found: CalendarTrain[] = []
  for (const { trainId, calendar, importId, runs } of state.trains.values()) {
    if (calendar === undefined || !isVisible(state, importId)) continue
    const taken = runs.filter((run) => mayRun(state, run))
    const serviceDates = new Set(taken.map(({ serviceDate }) => serviceDate))
    found.push({ trainId, calendar, serviceDates })
  }
  return found
}

/** By its id, or the one added last under a number; with how many runs it has. */
export function findTrain(
  state: BookingState,
  asked: number | string,
): (TrainView & { readonly runs: number }) | undefined {
  const train = typeof asked === 'number' ? state.trains.get(asked) : state.trainByNumber.get(asked)
  if (train === undefined || !isVisible(state, train.importId)) return undefined
  const runs = train.runs.filter(({ importId }) => isVisible(state, importId)).length
  return { ...trainView(state, train), runs }
}

/** By service date, then first departure, then id. */
export function listRuns(state: BookingState, query: RunQuery): RunView[] {
  const { trainId, fromDate, toDate, limit } = query
  const candidates =
    trainId === undefined ? state.runs.values() : (state.trains.get(trainId)?.runs ?? [])
  const runs: Run[] = []
  for (const run of candidates) {
    const { serviceDate, importId } = run
    if (serviceDate < fromDate || serviceDate > toDate || !isVisible(state, importId)) continue
    runs.push(run)
  }
  runs.sort(compareRuns)
  return runs.slice(0, Math.max(limit, 0)).map((run) => runView(state, run))
}

function runView(state: BookingState, run: Run): RunView {
  const { train } = run
  return {
    runId: run.runId,
    trainId: train.trainId,
    trainNumber: train.number,
    trainName: train.name,
    serviceDate: run.serviceDate,
    stops: train.stops.map((stop, position) => ({
      stationId: train.stationIds[position] as number,
      arrivalMs: arrivalMs(run, position),
      departureMs: departureMs(run, position),
      distanceMetres: stop.distanceMetres,
      boarding: stop.boarding,
      alighting: stop.alighting,
      ...lateAtStop(state, run, position),
    })),
    coaches: coachesOf(state, run),
    cancelled: run.cancelled,
    goesTo: run.goesTo,
  }
}

function trainView(state: BookingState, train: Train): TrainView {
  let lastServiceDate = 0
  for (const run of train.runs) {
    if (isVisible(state, run.importId)) lastServiceDate = Math.max(lastServiceDate, run.serviceDate)
  }
  const { trainId, number, name, stationIds, coaches, calendar } = train
  return { trainId, number, name, stationIds, coaches, calendar, lastServiceDate }
}

function compareRuns(a: Run, b: Run): number {
  return a.serviceDate - b.serviceDate || departureMs(a, 0) - departureMs(b, 0) || a.runId - b.runId
}

/** By code units: the same on every machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
