import {
  type BookingState,
  findStation,
  findTrain,
  type RunInput,
  type TrainTimesView,
  trainTimes,
} from '@quorail/booking-fsm'
import type { AddRunsRequest } from '@quorail/proto/quorail/booking/v1/administration_service_pb'
import { invalidField } from '../errors/door-errors.ts'
import {
  addDays,
  daysBetween,
  isTimeZone,
  serviceDayBaseMs,
  weekdayOf,
} from '../timetable/service-days.ts'
import { dateNumber } from './timetable-answers.ts'

/** The runs that are asked for, each at its instant. */
export function runsByHand(
  state: BookingState,
  { trainId, fromDate, toDate, weekdays }: AddRunsRequest,
): RunInput[] {
  const train = findTrain(state, Number(trainId))
  if (train === undefined) throw invalidField('train_id', 'There is no such train.')
  const timeZone = train.calendar?.timeZone
  const zones = timeZone === undefined ? zonesOf(state, train.trainId) : [timeZone]
  return datesOf(fromDate, toDate, weekdays).map((serviceDate) => {
    const instants = new Set(zones.map((zone) => serviceDayBaseMs(serviceDate, zone)))
    const [baseMs] = instants
    if (baseMs === undefined || instants.size > 1) throw uncertainZone()
    return { serviceDate, baseMs }
  })
}

/**
 * The zones in which the times of an imported train may be meant: those of its stations that give every run that it
 * has its instant. Its feed knew the one; nothing else keeps it.
 */
export function zonesOf(state: BookingState, trainId: number): string[] {
  const [train] = trainTimes(state, { afterTrainId: trainId - 1, fromDate: 0, limit: 1 })
  if (train === undefined || train.runs.length === 0) return []
  const zones = train.stops.map((stop) => findStation(state, stop.stationCode)?.timeZone ?? '')
  return [...new Set(zones)].filter((zone) => isTimeZone(zone) && givesAll(train, zone))
}

function givesAll({ runs }: TrainTimesView, zone: string): boolean {
  return runs.every(({ serviceDate, baseMs }) => serviceDayBaseMs(serviceDate, zone) === baseMs)
}

const uncertainZone = () =>
  invalidField(
    'train_id',
    'This train was imported, and its runs do not say for certain in which time zone its times are meant: open these days by importing its feed.',
  )

function datesOf(fromText: string, toText: string, weekdays: number): number[] {
  const from = dateNumber(fromText, 'from_date')
  const to = dateNumber(toText, 'to_date')
  if (to < from) throw invalidField('to_date', 'The last day lies before the first.')
  if (daysBetween(from, to) > 366) throw invalidField('to_date', 'At most 366 days at a time.')
  const dates: number[] = []
  for (let date = from; date <= to; date = addDays(date, 1)) {
    if (weekdays === 0 || (weekdays >> weekdayOf(date)) & 1) dates.push(date)
  }
  if (dates.length === 0) throw invalidField('weekdays', 'None of these days is in the range.')
  return dates
}
