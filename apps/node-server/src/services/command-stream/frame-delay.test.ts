import { expect, test } from 'vitest'
import { FrameDelay } from './frame-delay.ts'

test('a frame has waited as long as it took more time than the quickest, whatever the clocks say', () => {
  const delay = new FrameDelay()
  // The sender's clock is 5,000,000 ahead, and the way takes 2 at least.
  const sentAt = (ms: number) => 5_000_000 + ms
  expect(delay.of(sentAt(0), 7)).toBe(0)
  expect(delay.of(sentAt(10), 12)).toBe(0)
  expect(delay.of(sentAt(20), 27)).toBe(5)
  expect(delay.of(sentAt(30), 3_032)).toBe(3_000)
})

test('clocks that drift apart do not make frames look late', () => {
  const delay = new FrameDelay()
  // A tenth of a per mille: 6 ms in a minute.
  let worst = 0
  for (let now = 1_000; now < 20 * 60_000; now += 1_000)
    worst = Math.max(worst, delay.of(now * 0.9999, now))
  expect(worst).toBeLessThan(10)
  const nextDay = 24 * 3_600_000
  expect(delay.of(nextDay * 0.9999, nextDay)).toBe(0)
})

test('without a clock nothing has waited', () => {
  const delay = new FrameDelay()
  for (const sent of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
    expect(delay.of(sent, 1_000)).toBe(0)
  expect(delay.of(10, 1_000)).toBe(0)
})
