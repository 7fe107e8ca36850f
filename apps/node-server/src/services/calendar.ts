import type { TrainCalendar } from '@quorail/booking-fsm'
import type { ServiceCalendar } from '@quorail/proto/quorail/booking/v1/administration_service_pb'
import { invalidField } from '../errors/door-errors.ts'
import { dateText } from '../mapping/views.ts'
import { dateNumber } from './timetable-answers.ts'

/** The days on which a train runs. Without any, runs are opened by hand, and the zone of its times is kept. */
export function calendarOf(asked: ServiceCalendar | undefined, timeZone: string): TrainCalendar {
  if (asked === undefined) {
    return { weekdays: 0, fromDate: 19700101, toDate: 29991231, timeZone }
  }
  const { weekdays } = asked
  const fromDate = dateNumber(asked.fromDate, 'calendar.from_date')
  const toDate = dateNumber(asked.toDate, 'calendar.to_date')
  if (toDate < fromDate) {
    throw invalidField('calendar.to_date', 'The last day lies before the first.')
  }
  const addedDates = datesOf(asked.addedDates, 'calendar.added_dates')
  const removedDates = datesOf(asked.removedDates, 'calendar.removed_dates')
  const both = asked.removedDates.findIndex((date) => asked.addedDates.includes(date))
  if (both >= 0) {
    const field = `calendar.removed_dates[${both}]`
    throw invalidField(field, 'This day is among the added ones too: say one of the two.')
  }
  if (weekdays === 0 && addedDates.length === 0) {
    throw invalidField(
      'calendar.weekdays',
      'Say the days of the week, or single days that are added.',
    )
  }
  const calendar = { weekdays, fromDate, toDate, timeZone }
  if (addedDates.length + removedDates.length === 0) return calendar
  return { ...calendar, exceptions: { addedDates, removedDates } }
}

/** As the staff's pages show it; nothing of a train whose runs are opened by hand. */
export function calendarMessage(calendar: TrainCalendar | undefined) {
  const { weekdays, fromDate, toDate, exceptions } = calendar ?? { weekdays: 0 }
  const addedDates = exceptions?.addedDates.map(dateText) ?? []
  if (weekdays === 0 && addedDates.length === 0) return {}
  const removedDates = exceptions?.removedDates.map(dateText) ?? []
  const [from, to] = [dateText(fromDate ?? 0), dateText(toDate ?? 0)]
  return { calendar: { weekdays, fromDate: from, toDate: to, addedDates, removedDates } }
}

/** Ascending, as the log wants them. */
function datesOf(texts: readonly string[], field: string): number[] {
  return texts.map((text, i) => dateNumber(text, `${field}[${i}]`)).sort((a, b) => a - b)
}
