import type { TrainCalendar } from '@quorail/booking-fsm'
import { describe, expect, it } from 'vitest'
import {
  addDays,
  dateInZone,
  daysBetween,
  dueOpenings,
  isDate,
  isTimeZone,
  runsToOpen,
  serviceDayBaseMs,
  startOfDayMs,
  weekdayOf,
} from './service-days.ts'

const iso = (ms: number) => new Date(ms).toISOString()
const calendar: TrainCalendar = {
  weekdays: 0b001_1111,
  fromDate: 20260101,
  toDate: 20991231,
  timeZone: 'Europe/Berlin',
}

const none: ReadonlySet<number> = new Set()

describe('noon minus 12 h', () => {
  it.each([
    ['an ordinary winter day', 20260115, 'Europe/Berlin', '2026-01-14T23:00:00.000Z'],
    ['an ordinary summer day', 20260715, 'Europe/Berlin', '2026-07-14T22:00:00.000Z'],
    [
      'the spring change: one hour before midnight',
      20260329,
      'Europe/Berlin',
      '2026-03-28T22:00:00.000Z',
    ],
    [
      'the autumn change: one hour after midnight',
      20261025,
      'Europe/Berlin',
      '2026-10-24T23:00:00.000Z',
    ],
    ['a half-hour zone', 20260601, 'Asia/Colombo', '2026-05-31T18:30:00.000Z'],
    [
      'west of Greenwich, spring change',
      20260308,
      'America/Los_Angeles',
      '2026-03-08T07:00:00.000Z',
    ],
    ['a change of half an hour', 20260405, 'Australia/Lord_Howe', '2026-04-04T13:30:00.000Z'],
    ['far east', 20260101, 'Pacific/Kiritimati', '2025-12-31T10:00:00.000Z'],
    ['a change at midnight', 20260906, 'America/Santiago', '2026-09-06T03:00:00.000Z'],
    ['UTC', 20260101, 'UTC', '2026-01-01T00:00:00.000Z'],
  ])('%s', (_name, date, zone, expected) => {
    expect(iso(serviceDayBaseMs(date, zone))).toBe(expected)
  })

  it('keeps the clock time of a train on the days the clock changes', () => {
    for (const date of [20260328, 20260329, 20260330, 20261024, 20261025, 20261026]) {
      const eight = serviceDayBaseMs(date, 'Europe/Berlin') + 8 * 3_600_000
      const shown = new Date(eight).toLocaleTimeString('de-DE', { timeZone: 'Europe/Berlin' })
      expect(shown).toBe('08:00:00')
    }
  })
})

describe('the first instant of a date', () => {
  it.each([
    ['an ordinary day', 20260115, 'Europe/Berlin', '2026-01-14T23:00:00.000Z'],
    ['the spring change', 20260329, 'Europe/Berlin', '2026-03-28T23:00:00.000Z'],
    ['the day behind it', 20260330, 'Europe/Berlin', '2026-03-29T22:00:00.000Z'],
    ['the autumn change', 20261025, 'Europe/Berlin', '2026-10-24T22:00:00.000Z'],
    ['the day behind it', 20261026, 'Europe/Berlin', '2026-10-25T23:00:00.000Z'],
    ['a day that begins at one', 20260906, 'America/Santiago', '2026-09-06T04:00:00.000Z'],
  ])('%s', (_name, date, zone, expected) => {
    expect(iso(startOfDayMs(date, zone))).toBe(expected)
  })
})

describe('exceptions of a calendar', () => {
  it('open a day that the weekdays leave out, and close one that they have', () => {
    const weekend = { addedDates: [20261128, 20270102], removedDates: [20261126, 20261127] }
    const open = (changed: Partial<TrainCalendar>) =>
      runsToOpen({ ...calendar, ...changed }, 20261123, 6, none).map((run) => run.serviceDate)
    expect(open({})).toEqual([20261123, 20261124, 20261125, 20261126, 20261127])
    const left = [20261123, 20261124, 20261125]
    expect(open({ exceptions: weekend })).toEqual([...left, 20261128])
    expect(open({ exceptions: weekend, toDate: 20261123 })).toEqual([20261123, 20261128])
  })
})

describe('dates', () => {
  it('reads the date in a zone', () => {
    const instant = Date.UTC(2026, 0, 1, 3)
    expect(dateInZone(instant, 'Europe/Berlin')).toBe(20260101)
    expect(dateInZone(instant, 'America/Los_Angeles')).toBe(20251231)
  })

  it('counts over months, leap days and years', () => {
    expect(addDays(20240228, 1)).toBe(20240229)
    expect(addDays(20260228, 1)).toBe(20260301)
    expect(addDays(20261231, 1)).toBe(20270101)
    expect(addDays(20260101, -1)).toBe(20251231)
    expect(daysBetween(20240228, 20240301)).toBe(2)
    expect(weekdayOf(20261122)).toBe(6)
    expect(weekdayOf(20261123)).toBe(0)
  })

  it('knows what is a date and what is a zone', () => {
    expect([20260229, 20261301, 20260100, 0, 2026].some(isDate)).toBe(false)
    expect(isDate(20240229)).toBe(true)
    expect(isTimeZone('Europe/Berlin')).toBe(true)
    expect(isTimeZone('Europe/Atlantis')).toBe(false)
  })
})

describe('runsToOpen', () => {
  it('opens the weekdays from today to the last day ahead', () => {
    const dates = runsToOpen(calendar, 20260326, 7, none).map((run) => run.serviceDate)
    expect(dates).toEqual([20260326, 20260327, 20260330, 20260331, 20260401, 20260402])
  })

  it('opens what has no run yet, also before a day that was opened by hand', () => {
    const opened = new Set([20260330, 20260402, 20260403])
    const dates = runsToOpen(calendar, 20260327, 8, opened).map((run) => run.serviceDate)
    expect(dates).toEqual([20260327, 20260331, 20260401])
    const all = new Set([...opened, ...dates])
    expect(runsToOpen(calendar, 20260327, 8, all)).toEqual([])
    expect(runsToOpen(calendar, 20260327, 10, all)).toEqual([
      { serviceDate: 20260406, baseMs: serviceDayBaseMs(20260406, 'Europe/Berlin') },
    ])
  })

  it('opens all that was missed while no leader was there, but nothing before today', () => {
    const dates = runsToOpen(calendar, 20260601, 2, new Set([20260402])).map((of) => of.serviceDate)
    expect(dates).toEqual([20260601, 20260602, 20260603])
  })

  it('stays inside the calendar', () => {
    const short = { ...calendar, weekdays: 127, fromDate: 20260328, toDate: 20260329 }
    const dates = runsToOpen(short, 20260301, 60, none).map((run) => run.serviceDate)
    expect(dates).toEqual([20260328, 20260329])
    expect(runsToOpen({ ...short, weekdays: 0 }, 20260301, 60, none)).toEqual([])
  })
})

describe('dueOpenings', () => {
  it('is one command per train with a day to open, by the date in its own zone', () => {
    const nowMs = Date.UTC(2026, 5, 1, 23)
    const days = { ...calendar, weekdays: 127 }
    // From the 1st of June, in Berlin the 2nd already, 30 days on.
    const opened = (from: number) =>
      new Set(Array.from({ length: 31 }, (_, i) => addDays(from, i)).filter((of) => of < 20260702))
    const trains = [
      { trainId: 1, calendar: days, serviceDates: opened(20260602) },
      { trainId: 2, calendar: { ...days, timeZone: 'UTC' }, serviceDates: opened(20260601) },
      { trainId: 4, calendar: { ...days, timeZone: 'No/Where' }, serviceDates: none },
    ]
    const due = dueOpenings(trains, nowMs, 30, 3)
    expect(
      due.map((command) => [command.trainId, command.runs.map((run) => run.serviceDate)]),
    ).toEqual([[1, [20260702]]])
    expect(due[0]?.byCalendar).toBe(true)
    // A cluster whose entries older programs must understand.
    expect(dueOpenings(trains, nowMs, 30, 2)[0]?.byCalendar).toBeUndefined()
  })
})
