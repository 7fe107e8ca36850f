import { addDays, dateToUtcMs, weekdayOf } from '../service-days.ts'
import type { Feed } from './feed.ts'
import type { LeftOut } from './feed-problem.ts'
import { readDate } from './field-values.ts'

/** On which days the services of a feed run. */
export interface Services {
  /** Dates as yyyymmdd, by service id. */
  readonly dates: ReadonlyMap<string, ReadonlySet<number>>
  /** Services that can not be read; their trips are left out for this reason. */
  readonly broken: ReadonlyMap<string, LeftOut>
}

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
/** Calendars reach decades ahead; nobody sells those days. */
const maxDays = 366 * 100

/** calendar.txt gives weekdays in a window; calendar_dates.txt adds and removes single days. */
export function readServices(feed: Feed): Services {
  const dates = new Map<string, Set<number>>()
  const broken = new Map<string, LeftOut>()
  const datesOf = (id: string) => {
    const found = dates.get(id) ?? new Set<number>()
    dates.set(id, found)
    return found
  }
  const { calendar, calendarDates } = feed
  if (calendar !== undefined) {
    const [id, start, end] = ['service_id', 'start_date', 'end_date'].map((c) => calendar.reader(c))
    const flags = weekdays.map((day) => calendar.reader(day))
    for (const row of calendar.rows) {
      const service = id?.(row) ?? ''
      const [from, to] = [readDate(start?.(row) ?? ''), readDate(end?.(row) ?? '')]
      const runs = flags.map((flag) => flag(row))
      const days = datesOf(service)
      let reason = ''
      if (from === undefined) reason = `start_date '${start?.(row)}' is not a date`
      else if (to === undefined) reason = `end_date '${end?.(row)}' is not a date`
      else if (runs.some((flag) => flag !== '0' && flag !== '1')) {
        reason = `a weekday is neither 0 nor 1`
      } else if (to < from) reason = `end_date is before start_date`
      else if (dateToUtcMs(to) - dateToUtcMs(from) > maxDays * 86_400_000) {
        reason = `runs for more than a century`
      } else {
        for (let date = from; date <= to; date = addDays(date, 1)) {
          if (runs[weekdayOf(date)] === '1') days.add(date)
        }
      }
      if (reason !== '') broken.set(service, { file: calendar.file, line: row.line, reason })
    }
  }
  if (calendarDates !== undefined) {
    const read = ['service_id', 'date', 'exception_type'].map((c) => calendarDates.reader(c))
    for (const row of calendarDates.rows) {
      const [service = '', day = '', type = ''] = read.map((field) => field(row))
      const date = readDate(day)
      const days = datesOf(service)
      let reason = ''
      if (date === undefined) reason = `date '${day}' is not a date`
      else if (type === '1') days.add(date)
      else if (type === '2') days.delete(date)
      else reason = `exception_type '${type}' is neither 1 nor 2`
      if (reason !== '') broken.set(service, { file: calendarDates.file, line: row.line, reason })
    }
  }
  return { dates, broken }
}
