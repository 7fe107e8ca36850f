import { expect, test } from 'vitest'
import { longestGap } from './gaps.ts'

test('the longest time without an answer, in whatever order they are listed', () => {
  expect(longestGap(Float64Array.of(40, 10, 12, 90), 5, 100)).toBe(50)
})

test('what was before and after does not count, and both ends do', () => {
  expect(longestGap(Float64Array.of(1, 50, 300), 10, 80)).toBe(40)
  expect(longestGap(Float64Array.of(20), 10, 80)).toBe(60)
  expect(longestGap(Float64Array.of(), 10, 80)).toBe(70)
})
