import { expect, test } from 'vitest'
import { linear, logarithmic, tickText } from './scale.ts'

test.each([
  [9_870, [0, 2_500, 5_000, 7_500, 10_000]],
  [2_000, [0, 500, 1_000, 1_500, 2_000]],
  [0.7, [0, 0.2, 0.4, 0.6, 0.8]],
  [0, [0, 0.25]],
])('up to %d in round steps, and never past the end', (most, ticks) => {
  const scale = linear(most, 100, 300)
  expect(scale.ticks).toEqual(ticks)
  expect(scale.at(0)).toBe(100)
  expect(scale.at(ticks.at(-1) ?? 0)).toBeCloseTo(300)
  expect(scale.at(most)).toBeLessThanOrEqual(300 + 1e-9)
})

test('decades, equally far apart', () => {
  const scale = logarithmic(0.6, 72, 200, 0)
  expect(scale.ticks).toEqual([0.1, 1, 10, 100])
  expect([0.1, 1, 10, 100].map((value) => Math.round(scale.at(value)))).toEqual([200, 133, 67, 0])
  expect(() => logarithmic(0, 1, 0, 1)).toThrow('a logarithm of 0')
})

test('text of a tick', () => {
  expect([0.2, 2.5, 100, 10_000].map(tickText)).toEqual(['0.2', '2.5', '100', '10,000'])
})
