import { expect, test } from 'vitest'
import { IndexTimes } from './index-times.ts'

test('each index has the time of its run', () => {
  const times = new IndexTimes(8)
  expect([times.last, times.at(1)]).toEqual([0, undefined])
  times.note(5, 7, 10)
  times.note(8, 8, 11)
  times.note(12, 20, 12)
  expect([4, 5, 7, 8, 9, 12, 20, 21].map((index) => times.at(index))).toEqual([
    ...[undefined, 10, 10, 11],
    ...[undefined, 12, 12, undefined],
  ])
  expect(times.last).toBe(20)
})

test('an entry that is written again has its later time, and those behind it none', () => {
  const times = new IndexTimes(8)
  times.note(1, 10, 1)
  times.note(11, 20, 2)
  times.note(21, 30, 3)
  times.note(16, 17, 4)
  expect([15, 16, 17, 18, 25].map((index) => times.at(index))).toEqual([
    ...[2, 4, 4],
    ...[undefined, undefined],
  ])
})

test('the oldest runs make room', () => {
  const times = new IndexTimes(3)
  for (let run = 1; run <= 10; run += 1) times.note(run, run, run * 100)
  expect([7, 8, 9, 10].map((index) => times.at(index))).toEqual([undefined, 800, 900, 1_000])
  times.note(9, 9, 5)
  expect([7, 8, 9, 10].map((index) => times.at(index))).toEqual([undefined, 800, 5, undefined])
  times.note(1, 4, 6)
  expect([1, 4, 8].map((index) => times.at(index))).toEqual([6, 6, undefined])
})
