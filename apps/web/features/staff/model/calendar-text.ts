import type { ServiceCalendar } from '@quorail/proto/quorail/booking/v1/administration_service_pb'
import { writeDate } from '@/lib/format/dates'
import { everyDay, hasDay, weekdays } from './weekdays'

/** When a train runs, in words: `Mon, Tue until 11 Dec; also on 24 Dec; not on 25 Dec`. */
export function calendarText(calendar: ServiceCalendar, today: string): string {
  const { addedDates, removedDates, fromDate, toDate } = calendar
  const days = calendar.weekdays === everyDay ? 'Daily' : weekdaysText(calendar.weekdays)
  const from = fromDate > today ? ` from ${writeDate(fromDate)}` : ''
  const regular = days === '' ? [] : [`${days}${from} until ${writeDate(toDate)}`]
  return [
    ...regular,
    ...single('also on', addedDates, today),
    ...single('not on', removedDates, today),
  ].join('; ')
}

function weekdaysText(bits: number): string {
  return weekdays.filter((_, day) => hasDay(bits, day)).join(', ')
}

/** The days to come: what is past is of no use to anybody. */
function single(words: string, dates: readonly string[], today: string): string[] {
  const ahead = dates.filter((date) => date >= today)
  return ahead.length === 0 ? [] : [`${words} ${ahead.map((date) => writeDate(date)).join(', ')}`]
}
