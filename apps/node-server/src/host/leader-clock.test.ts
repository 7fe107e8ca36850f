import { expect, test } from 'vitest'
import { LeaderClock } from './leader-clock.ts'

function clock(wallMs: number) {
  const time = { monotonicMs: 0, wallMs }
  const leader = new LeaderClock(
    () => time.monotonicMs,
    () => time.wallMs,
  )
  return { time, leader }
}

test('a wall clock that is set while the node leads moves nothing', () => {
  const { time, leader } = clock(10_000)
  expect(leader.stamp(1, 0)).toBe(10_000)
  Object.assign(time, { monotonicMs: 50, wallMs: 1_000_000 })
  expect(leader.stamp(1, 10_000)).toBe(10_050)
  Object.assign(time, { monotonicMs: 60, wallMs: 0 })
  expect(leader.stamp(1, 10_050)).toBe(10_060)
})

test('never goes back from one term to the next', () => {
  const { time, leader } = clock(10_000)
  expect(leader.stamp(1, 0)).toBe(10_000)
  time.wallMs = 4_000
  expect(leader.stamp(3, 10_500)).toBe(10_500)
})

test('time does not stand still when the state moves ahead of the first stamp of the term', () => {
  // This node's wall clock is a minute behind, and it made its first stamp of the term while the
  // last entries of the leader before were still on their way into its state.
  const { time, leader } = clock(40_000)
  expect(leader.stamp(2, 30_000)).toBe(40_000)
  time.monotonicMs = 10
  expect(leader.stamp(2, 100_000)).toBe(100_000)
  time.monotonicMs = 1_010
  expect(leader.stamp(2, 100_000)).toBe(101_000)
})
