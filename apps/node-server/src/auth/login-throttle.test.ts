import { expect, test } from 'vitest'
import { createLoginThrottle } from './login-throttle.ts'

function throttled() {
  let now = 1_000_000
  const throttle = createLoginThrottle(() => now)
  const fail = (times: number) => {
    for (let i = 0; i < times; i++) throttle.failed('a@b.c')
  }
  return { throttle, fail, advance: (ms: number) => (now += ms) }
}

test('nine failures are let through, the tenth closes the email for a quarter of an hour', () => {
  const { throttle, fail } = throttled()
  fail(9)
  expect(throttle.waitSeconds('a@b.c')).toBe(0)
  fail(1)
  expect(throttle.waitSeconds('a@b.c')).toBe(900)
  expect(throttle.waitSeconds('x@y.z')).toBe(0)
})

test('the email opens again when the failures are old, or after a success', () => {
  const { throttle, fail, advance } = throttled()
  fail(10)
  advance(15 * 60_000)
  expect(throttle.waitSeconds('a@b.c')).toBe(0)
  fail(10)
  throttle.succeeded('a@b.c')
  expect(throttle.waitSeconds('a@b.c')).toBe(0)
})
