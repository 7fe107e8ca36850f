/** On which days a train runs by its calendar. */
import type { TrainCalendar } from './commands.ts'

/** By its weekdays between its dates, but for single days that are added or removed. */
export function calendarHas(calendar: TrainCalendar, serviceDate: number): boolean {
  const { weekdays, fromDate, toDate, exceptions } = calendar
  if (exceptions?.addedDates.includes(serviceDate)) return true
  if (exceptions?.removedDates.includes(serviceDate)) return false
  const isWithin = serviceDate >= fromDate && serviceDate <= toDate
  return isWithin && ((weekdays >> weekdayOf(serviceDate)) & 1) === 1
}

/** Of a date as yyyymmdd, in the Gregorian calendar whenever it is: 0 = Monday … 6 = Sunday. */
function weekdayOf(date: number): number {
  const [day, month] = [date % 100, Math.floor(date / 100) % 100]
  // Years from March to February: the leap day is their last one.
  const isEarly = month < 3
  const year = Math.floor(date / 10_000) - (isEarly ? 1 : 0)
  const monthsFromMarch = isEarly ? month + 9 : month - 3
  const days = Math.floor((153 * monthsFromMarch + 2) / 5) + day - 1
  const leapDays = Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400)
  // The first of March in the year 0 was a Wednesday.
  return (2 + year * 365 + leapDays + days) % 7
}
