import { expect, test } from 'vitest'
import { wallClock } from './wall-clock.ts'

test('is the machine’s, but for a test that moves it', () => {
  expect(Math.abs(wallClock({})() - Date.now())).toBeLessThan(1_000)
  const moved = wallClock({ QUORAIL_TEST_CLOCK_OFFSET_MS: '-60000' })() + 60_000
  expect(Math.abs(moved - Date.now())).toBeLessThan(1_000)
  expect(() => wallClock({ QUORAIL_TEST_CLOCK_OFFSET_MS: 'late' })).toThrow('must be a number')
})
