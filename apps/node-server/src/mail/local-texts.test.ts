import { expect, test } from 'vitest'
import { localTime, moneyText } from './local-texts.ts'

test('times are those on the clocks of the place, in winter and in summer', () => {
  const winter = Date.UTC(2026, 0, 15, 23, 30)
  const summer = Date.UTC(2026, 6, 15, 22, 30)
  expect(localTime(winter, 'Europe/Lisbon')).toBe('Thu, 15 Jan 2026, 23:30')
  expect(localTime(winter, 'Europe/Berlin')).toBe('Fri, 16 Jan 2026, 00:30')
  expect(localTime(summer, 'Europe/Berlin')).toBe('Thu, 16 Jul 2026, 00:30')
  expect(localTime(summer, 'Asia/Kolkata', { nameZone: true })).toContain('04:00 GMT+5:30')
})

test('the night on which clocks go back has two 02:30, told apart by the zone', () => {
  const first = Date.UTC(2026, 9, 25, 0, 30)
  const text = (at: number) => localTime(at, 'Europe/Berlin', { nameZone: true })
  expect(text(first)).toContain('02:30 CEST')
  expect(text(first + 3_600_000)).toContain('02:30 CET')
})

test('a zone that is none is told as UTC', () => {
  expect(localTime(0, 'Nowhere/Here')).toBe('Thu, 1 Jan 1970, 00:00 UTC')
})

test('money by the minor digits of its currency, exactly', () => {
  expect(moneyText(1_234, 'EUR')).toBe('€12.34')
  expect(moneyText(5, 'EUR')).toBe('€0.05')
  expect(moneyText(-5, 'EUR')).toBe('-€0.05')
  expect(moneyText(1_234, 'JPY')).toBe('JP¥1,234')
  expect(moneyText(1_234, 'KWD')).toContain('1.234')
  expect(moneyText(9_007_199_254_740_991, 'EUR')).toBe('€90,071,992,547,409.91')
})
