import {
  type AddRuns,
  type CalendarTrain,
  calendarHas,
  type RunInput,
  type TrainCalendar,
} from '@quorail/booking-fsm'

/**
 * Service days. A timetable's times count from "noon minus 12 h" of the service day in the train's
 * zone: midnight on most days, 23:00 or 01:00 on the days the clock changes, so that a train at
 * 08:00 leaves at 08:00 on those days too. Dates are yyyymmdd numbers.
 */
const hourMs = 3_600_000
const dayMs = 24 * hourMs

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    formats.set(timeZone, format)
  }
  return format
}

/** Whether this machine's time-zone database knows the name. */
export function isTimeZone(timeZone: string): boolean {
  try {
    formatOf(timeZone)
    return true
  } catch {
    return false
  }
}

/** What the clocks in the zone show at an instant, as if it were UTC. */
function wallClockMs(instantMs: number, timeZone: string): number {
  const part: Record<string, number> = {}
  for (const { type, value } of formatOf(timeZone).formatToParts(instantMs)) {
    part[type] = Number(value)
  }
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

function instantOfNoon(serviceDate: number, timeZone: string): number {
  const wanted = dateToUtcMs(serviceDate) + 12 * hourMs
  let instant = wanted
  // The first round finds the offset of a nearby instant, the second that of noon itself.
  for (let round = 0; round < 3; round++) {
    const shown = wallClockMs(instant, timeZone)
    if (shown === wanted) return instant
    instant += wanted - shown
  }
  return instant
}

/** The UTC instant of "noon minus 12 h" of a service day in a zone. */
export function serviceDayBaseMs(serviceDate: number, timeZone: string): number {
  return instantOfNoon(serviceDate, timeZone) - 12 * hourMs
}

/** When the wall calendar in the zone turns to the date: its first instant, whatever its clocks show then. */
export function startOfDayMs(date: number, timeZone: string): number {
  const key = `${date} ${timeZone}`
  const known = starts.get(key)
  if (known !== undefined) return known
  // A caller who asks for all of history gets it day by day.
  if (starts.size >= 10_000) starts.clear()
  const start = findStartOfDay(date, timeZone)
  starts.set(key, start)
  return start
}

const starts = new Map<string, number>()

function findStartOfDay(date: number, timeZone: string): number {
  const noon = instantOfNoon(date, timeZone)
  // No zone changes its clocks by more than a few hours a day: the date begins within this window.
  let [before, within] = [noon - 36 * hourMs, noon]
  while (within - before > 1) {
    const middle = Math.floor((before + within) / 2)
    if (dateInZone(middle, timeZone) < date) before = middle
    else within = middle
  }
  return within
}

/** The date that a calendar on the wall in the zone shows. */
export function dateInZone(instantMs: number, timeZone: string): number {
  return dateOfUtcMs(wallClockMs(instantMs, timeZone))
}

/** Midnight UTC of a date: a measure to count days by, not an instant of the railway. */
export function dateToUtcMs(date: number): number {
  return Date.UTC(Math.floor(date / 10_000), (Math.floor(date / 100) % 100) - 1, date % 100)
}

export function dateOfUtcMs(utcMs: number): number {
  const date = new Date(utcMs)
  return date.getUTCFullYear() * 10_000 + (date.getUTCMonth() + 1) * 100 + date.getUTCDate()
}

/** Whether the number names a day: 20260230 does not. */
export function isDate(date: number): boolean {
  return date >= 19700101 && date <= 29991231 && dateOfUtcMs(dateToUtcMs(date)) === date
}

export function addDays(date: number, days: number): number {
  return dateOfUtcMs(dateToUtcMs(date) + days * dayMs)
}

export function daysBetween(from: number, to: number): number {
  return (dateToUtcMs(to) - dateToUtcMs(from)) / dayMs
}

/** 0 = Monday … 6 = Sunday. */
export function weekdayOf(date: number): number {
  return (new Date(dateToUtcMs(date)).getUTCDay() + 6) % 7
}

/**
 * The runs of a train that are not open yet, from today up to `daysAhead` days from today, on the days of its
 * calendar: whatever days behind them were opened by hand.
 */
export function runsToOpen(
  calendar: TrainCalendar,
  todayInZone: number,
  daysAhead: number,
  opened: ReadonlySet<number>,
): RunInput[] {
  const runs: RunInput[] = []
  const last = addDays(todayInZone, daysAhead)
  for (let date = todayInZone; date <= last; date = addDays(date, 1)) {
    if (opened.has(date) || !calendarHas(calendar, date)) continue
    runs.push({ serviceDate: date, baseMs: serviceDayBaseMs(date, calendar.timeZone) })
  }
  return runs
}

/** The commands that are due now: one per train that has a day to open. Empty most of the time. */
export function dueOpenings(
  trains: Iterable<CalendarTrain>,
  nowMs: number,
  daysAhead: number,
  featureLevel: number,
): AddRuns[] {
  const due: AddRuns[] = []
  for (const { trainId, calendar, serviceDates } of trains) {
    if (!isTimeZone(calendar.timeZone)) continue
    const today = dateInZone(nowMs, calendar.timeZone)
    const runs = runsToOpen(calendar, today, daysAhead, serviceDates)
    if (runs.length === 0) continue
    // The calendar may be another one when this is applied.
    const byCalendar = featureLevel >= 3 ? true : undefined
    const add = { type: 'addRuns', importId: undefined, trainNumber: '' } as const
    due.push({ ...add, trainId, runs, byCalendar })
  }
  return due
}
