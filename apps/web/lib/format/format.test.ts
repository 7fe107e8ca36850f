import { timestampFromMs } from '@bufbuild/protobuf/wkt'
import { describe, expect, it } from 'vitest'
import { addDays, isDate, localToday, writeDate } from './dates'
import { isId } from './id'
import { formatMoney, timesParty } from './money'
import {
  dateIn,
  dayOffset,
  formatDay,
  formatDuration,
  formatLongDay,
  formatTime,
  plural,
  speakDuration,
  toMs,
} from './time'

describe('money', () => {
  it.each([
    [4250n, 'EUR', '€42.50'],
    [5n, 'EUR', '€0.05'],
    [0n, 'EUR', '€0.00'],
    [-1999n, 'EUR', '-€19.99'],
    [1500n, 'JPY', 'JP¥1,500'],
    [9_007_199_254_740_993n, 'EUR', '€90,071,992,547,409.93'],
  ])('writes %s %s as %s', (minor, currency, text) => {
    expect(formatMoney({ minor, currency })).toBe(text)
  })

  it('is nothing where there is no amount', () => {
    expect(formatMoney(undefined)).toBe('')
  })

  it('multiplies for a party', () => {
    expect(timesParty({ minor: 1890n, currency: 'EUR' }, 3).minor).toBe(5670n)
  })
})

describe('time', () => {
  const night = Date.parse('2026-11-22T23:30:00Z')

  it('goes by the clock of the station', () => {
    expect(formatTime(night, 'Europe/Lisbon')).toBe('23:30')
    expect(formatTime(night, 'Asia/Colombo')).toBe('05:00')
    expect(formatTime(Date.parse('2026-11-22T00:05:00Z'), 'UTC')).toBe('00:05')
  })

  it('names the day at the station', () => {
    expect(formatDay(night, 'UTC')).toBe('Sun 22 Nov')
    expect(formatLongDay(night, 'Asia/Colombo')).toBe('Monday 23 November 2026')
    expect(dateIn(night, 'Asia/Colombo')).toBe('2026-11-23')
  })

  it('counts days by the calendars of both stations', () => {
    expect(dayOffset(night, 'UTC', night + 2 * 3_600_000, 'UTC')).toBe(1)
    expect(dayOffset(night, 'UTC', night + 60_000, 'UTC')).toBe(0)
    expect(dayOffset(night, 'UTC', night + 60_000, 'Asia/Colombo')).toBe(1)
  })

  it('shows UTC where a feed names a zone nobody knows', () => {
    expect(formatTime(night, 'Mars/Olympus')).toBe('23:30')
  })

  it('writes and speaks durations', () => {
    expect(formatDuration(93 * 60_000)).toBe('1 h 33')
    expect(formatDuration(45 * 60_000)).toBe('45 min')
    expect(formatDuration(120 * 60_000)).toBe('2 h 00')
    expect(speakDuration(61 * 60_000)).toBe('1 hour 1 minute')
    expect(speakDuration(0)).toBe('0 minutes')
  })

  it('reads timestamps', () => {
    expect(toMs(timestampFromMs(night + 7))).toBe(night + 7)
    expect(toMs(undefined)).toBe(0)
  })

  it('counts in words', () => {
    expect(plural(1, 'seat')).toBe('1 seat')
    expect(plural(2, 'coach', 'coaches')).toBe('2 coaches')
  })
})

describe('dates', () => {
  it('knows a date that exists', () => {
    expect(isDate('2028-02-29')).toBe(true)
    expect(isDate('2026-02-29')).toBe(false)
    expect(isDate('26-2-1')).toBe(false)
  })

  it('steps over months and clock changes', () => {
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01')
    expect(addDays('2026-03-30', -2)).toBe('2026-03-28')
  })

  it('writes a date without a zone', () => {
    expect(writeDate('2026-11-22')).toBe('Sun 22 Nov')
    expect(writeDate('2026-11-22', 'long')).toBe('Sunday 22 November 2026')
    expect(localToday(new Date(2026, 0, 5))).toBe('2026-01-05')
  })

  it('knows an id', () => {
    expect(['1', '42'].every(isId)).toBe(true)
    expect(['0', '-1', '1.5', '', 'x', '1'.repeat(19)].some(isId)).toBe(false)
  })
})
