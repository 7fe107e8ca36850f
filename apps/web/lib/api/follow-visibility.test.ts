import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { followVisibility } from './follow-visibility'

let visibility = 'visible'
const show = (state: string) => {
  visibility = state
  document.dispatchEvent(new Event('visibilitychange'))
}

beforeEach(() => {
  vi.useFakeTimers()
  vi.spyOn(document, 'visibilityState', 'get').mockImplementation(
    () => visibility as DocumentVisibilityState,
  )
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

it('ends the stream of a tab that nobody looks at, not at the first glance away', () => {
  const watches = { pause: vi.fn(), resume: vi.fn() }
  followVisibility(watches)
  show('hidden')
  vi.advanceTimersByTime(1_000)
  show('visible')
  vi.advanceTimersByTime(60_000)
  expect(watches.pause).not.toHaveBeenCalled()
  show('hidden')
  vi.advanceTimersByTime(60_000)
  expect(watches.pause).toHaveBeenCalledTimes(1)
  show('visible')
  expect(watches.resume).toHaveBeenCalledTimes(2)
})
