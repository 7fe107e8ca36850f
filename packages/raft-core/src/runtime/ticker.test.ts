import { describe, expect, it } from 'vitest'
import type { Clock } from '../ports.ts'
import { Ticker } from './ticker.ts'

/** A clock whose only timer is fired by hand, at whatever time it has become. */
class LateClock implements Clock {
  time = 0
  delay = 0
  #callback: () => void = () => undefined

  now(): number {
    return this.time
  }

  setTimer(delayMs: number, callback: () => void) {
    this.delay = delayMs
    this.#callback = callback
    return { cancel: () => undefined }
  }

  defer(callback: () => void): void {
    callback()
  }

  fireAt(time: number): void {
    this.time = time
    this.#callback()
  }
}

describe('Ticker', () => {
  it('counts from its origin, so that late timers do not add up', () => {
    const clock = new LateClock()
    const ticker = new Ticker(clock, 10, 50, () => undefined)
    let ticks = 0
    for (let time = 13; time < 1000; time += 13) {
      clock.fireAt(time)
      ticks += ticker.take()
    }
    expect(ticks).toBe(98)
    expect(clock.time + clock.delay).toBe(990)
  })

  it('makes up for ticks that were missed, but not for more than the most', () => {
    const clock = new LateClock()
    const ticker = new Ticker(clock, 10, 50, () => undefined)
    clock.fireAt(200)
    expect(ticker.take()).toBe(20)
    clock.fireAt(60_000)
    expect(ticker.take()).toBe(50)
    clock.fireAt(60_010)
    expect(ticker.take()).toBe(1)
  })

  it('adds up what was not taken, within the same limit', () => {
    const clock = new LateClock()
    const ticker = new Ticker(clock, 10, 50, () => undefined)
    clock.fireAt(300)
    clock.fireAt(600)
    expect(ticker.take()).toBe(50)
  })

  it('is silent once it is stopped', () => {
    const clock = new LateClock()
    let calls = 0
    const ticker = new Ticker(clock, 10, 50, () => calls++)
    ticker.stop()
    clock.fireAt(500)
    expect(calls).toBe(0)
  })

  it('says nothing when its timer fires before a tick has passed, and counts that tick later', () => {
    const clock = new LateClock()
    let calls = 0
    const ticker = new Ticker(clock, 10, 50, () => calls++)
    clock.fireAt(4)
    expect([calls, ticker.take(), clock.time + clock.delay]).toEqual([0, 0, 10])
    clock.fireAt(10)
    expect([calls, ticker.take()]).toEqual([1, 1])
  })
})
