import { expect, test } from 'vitest'
import { median, medianRatio, percentile, percentilesOf } from './statistics.ts'

test('the median is the middle, whatever the order', () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([10, 9, 1, 2])).toBe(5.5)
  expect(median([7])).toBe(7)
})

test('one mad round does not move the median', () => {
  expect(median([100, 101, 99, 100, 1_000_000])).toBe(100)
})

test('numbers are ordered as numbers, not as words', () => {
  expect(median([9, 10, 11])).toBe(10)
})

test('nothing has no median and no percentile', () => {
  expect(() => median([])).toThrow(RangeError)
  expect(() => percentile(new Float64Array(), 0.5)).toThrow(RangeError)
  expect(percentilesOf([])).toBeUndefined()
})

test('a percentile is a value that was measured: the nearest rank', () => {
  const hundred = Float64Array.from({ length: 100 }, (_, i) => i + 1)
  expect(percentile(hundred, 0.5)).toBe(50)
  expect(percentile(hundred, 0.99)).toBe(99)
  expect(percentile(hundred, 0.999)).toBe(100)
  expect(percentile(hundred, 0)).toBe(1)
  expect(percentile(hundred, 1)).toBe(100)
})

test('percentiles are of all rounds together, not averages of each round’s', () => {
  const calm = new Float64Array(99).fill(1)
  const slow = new Float64Array([1000])
  expect(percentilesOf([calm, slow])).toEqual({
    ...{ count: 100, p50: 1, p90: 1, p99: 1, p999: 1000, max: 1000 },
  })
})

test('ratios are taken round by round: what slows both down is not seen', () => {
  expect(medianRatio([10, 100, 30], [5, 50, 15])).toBe(2)
  expect(() => medianRatio([1], [1, 2])).toThrow('as many rounds')
})
