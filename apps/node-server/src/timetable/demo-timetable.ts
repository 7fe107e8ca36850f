import type {
  AddRuns,
  AddTrain,
  Command,
  PutStations,
  SetFareRule,
  SetRefundRule,
  TrainCalendar,
  TrainStop,
} from '@quorail/booking-fsm'
import { demoConsists, demoStations, trackMetres } from './demo-network.ts'
import { type DemoTrain, demoTrains } from './demo-trains.ts'
import { searchTermsOf } from './normalise-search-text.ts'
import { addDays, dateInZone, runsToOpen } from './service-days.ts'

/** The demo timetable as commands: the data of a cluster that has been founded and is empty. */
export const demoDaysAhead = 30
const lastDate = 20991231
const hourMs = 3_600_000

export interface DemoMoment {
  readonly nowMs: number
  /** IANA zone in which the demo's trains run. */
  readonly timeZone: string
}

/** The fare table of the demo, and of imports that bring none. */
export const defaultFareRule: SetFareRule = {
  type: 'setFareRule',
  validFromMs: 0,
  classes: [
    { classCode: '1', baseMinor: 500, perThousandKilometresMinor: 22_000 },
    { classCode: '2', baseMinor: 300, perThousandKilometresMinor: 14_000 },
  ],
}

/** Everything until 24 h before departure, half until departure, nothing after it. */
export const defaultRefundRule: SetRefundRule = {
  type: 'setRefundRule',
  validFromMs: 0,
  bands: [
    { untilBeforeDepartureMs: 24 * hourMs, refundBasisPoints: 10_000 },
    { untilBeforeDepartureMs: 0, refundBasisPoints: 5_000 },
  ],
}

function stationsCommand(timeZone: string): PutStations {
  return {
    type: 'putStations',
    importId: undefined,
    stations: demoStations.map((station) => ({
      ...station,
      searchTerms: searchTermsOf([station.name, ...station.aliases, station.code]),
      timeZone,
    })),
  }
}

function secondsOf(time: string): number {
  const [hours, minutes] = time.split(':').map(Number)
  return (hours ?? 0) * 3_600 + (minutes ?? 0) * 60
}

function stopsOf(train: DemoTrain): TrainStop[] {
  const stops: TrainStop[] = []
  let before: string | undefined
  let distanceMetres = 0
  for (const [at, line] of train.stops.entries()) {
    const [stationCode = '', arrival = '', departure = arrival] = line.split(' ')
    if (before !== undefined) distanceMetres += trackMetres(before, stationCode)
    stops.push({
      stationCode,
      arrivalSeconds: secondsOf(arrival),
      departureSeconds: secondsOf(departure),
      distanceMetres,
      boarding: at < train.stops.length - 1,
      alighting: at > 0,
    })
    before = stationCode
  }
  return stops
}

function trainCommands(train: DemoTrain, today: number, timeZone: string): [AddTrain, AddRuns] {
  const calendar: TrainCalendar = {
    weekdays: train.weekdays,
    fromDate: today,
    toDate: lastDate,
    timeZone,
  }
  const { number, name } = train
  const add: AddTrain = {
    type: 'addTrain',
    importId: undefined,
    number,
    name,
    stops: stopsOf(train),
    coaches: demoConsists[train.consist],
    calendar,
  }
  const runs = runsToOpen(calendar, today, demoDaysAhead, new Set())
  return [add, { type: 'addRuns', importId: undefined, trainId: 0, trainNumber: number, runs }]
}

/** Fares, refunds, stations, trains and their runs from today to 30 days ahead, in this order. */
export function demoCommands({ nowMs, timeZone }: DemoMoment): Command[] {
  const today = dateInZone(nowMs, timeZone)
  return [
    defaultFareRule,
    defaultRefundRule,
    stationsCommand(timeZone),
    ...demoTrains.flatMap((train) => trainCommands(train, today, timeZone)),
  ]
}

/** A run that the demo sells, from its first stop to its last, until so many seats are free. */
export interface DemoFill {
  readonly trainNumber: string
  readonly serviceDate: number
  /** Counted over both classes. */
  readonly leaveFree: number
}

/** The runs of tomorrow that a new demo fills by buying: one almost full, one full. */
export function demoFillPlan({ nowMs, timeZone }: DemoMoment): DemoFill[] {
  const serviceDate = addDays(dateInZone(nowMs, timeZone), 1)
  return demoTrains.flatMap(({ number: trainNumber, leaveFreeTomorrow }) =>
    leaveFreeTomorrow === undefined
      ? []
      : [{ trainNumber, serviceDate, leaveFree: leaveFreeTomorrow }],
  )
}
