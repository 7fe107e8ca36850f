import { expect, it } from 'vitest'
import { AppliedWaiters } from './applied-waiters.ts'

it('those who wait longer than others are told so, however many wait', () => {
  const waiters = new AppliedWaiters()
  const told: string[] = []
  waiters.add(5, 100, (error) => told.push(error?.code ?? 'applied'))
  for (let i = 0; i < 200_000; i++) waiters.add(9, Number.POSITIVE_INFINITY, () => undefined)
  waiters.expire(100)
  expect(told).toEqual(['rejected'])
  expect(waiters.count).toBe(200_000)
  waiters.add(7, 200, (error) => told.push(error?.code ?? 'applied'))
  waiters.expire(199)
  waiters.expire(200)
  expect(told).toEqual(['rejected', 'rejected'])
})
