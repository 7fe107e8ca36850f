import { expect, it } from 'vitest'
import { calendarHas } from './calendar-days.ts'

const always = { weekdays: 127, fromDate: 19000101, toDate: 99991231, timeZone: 'UTC' }

it('a calendar knows the day of the week of every date', () => {
  for (let at = Date.UTC(1900, 0, 1); at < Date.UTC(2501, 0, 1); at += 86_400_000) {
    const day = new Date(at)
    const date = day.getUTCFullYear() * 10_000 + (day.getUTCMonth() + 1) * 100 + day.getUTCDate()
    const monday = 1 << ((day.getUTCDay() + 6) % 7)
    if (!calendarHas({ ...always, weekdays: monday }, date)) expect(date).toBe('on its weekday')
    if (calendarHas({ ...always, weekdays: 127 - monday }, date)) expect(date).toBe('on no other')
  }
})

it('single days are added outside its dates, too, and removed', () => {
  const exceptions = { addedDates: [20261129, 20270301], removedDates: [20261124] }
  const calendar = { ...always, weekdays: 31, fromDate: 20261123, toDate: 20261130, exceptions }
  const has = (date: number) => calendarHas(calendar, date)
  expect([20261122, 20261123, 20261124, 20261125, 20261128].map(has)).toEqual([
    ...[false, true, false, true],
    false,
  ])
  expect([20261129, 20261130, 20261201, 20270301].map(has)).toEqual([true, true, false, true])
})
