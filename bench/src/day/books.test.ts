import { tables, type Value } from '@quorail/booking-fsm'
import { expect, test } from 'vitest'
import { Railway } from '../fsm/railway.ts'
import { Books } from './books.ts'

const passengers = [{ name: 'P' }]
const journey = { runId: 1, fromStop: 2, toStop: 5, classCode: '2', seats: [7] }

/** A sale of one seat, and its row. */
function sold() {
  const railway = Railway.found()
  railway.must({ type: 'holdSeats', ...journey, passengers }, 1)
  const values = (changed: Record<string, Value>): Value[] =>
    (tables.find(({ name }) => name === 'bookings')?.columns ?? []).map(({ name }) => {
      const row = { booking_id: 1, run_id: 1, from_stop: 2, to_stop: 5, seats: '7', status: 'held' }
      return ({ ...row, ...changed } as Record<string, Value>)[name] ?? 0
    })
  const upsert = (changed: Record<string, Value> = {}) =>
    ({ type: 'upsert', table: 'bookings', values: values(changed) }) as const
  return { railway, upsert }
}

test('books that are in order say nothing', () => {
  const { railway, upsert } = sold()
  const books = new Books()
  books.follow(railway.state, [upsert()])
  books.checkAll(railway.state)
  expect(books.checks.runs).toBeGreaterThan(0)
})

test('a seat that two have is found, and so is one that is counted wrong', () => {
  const { railway, upsert } = sold()
  const follow =
    (...changes: ReturnType<typeof upsert>[]) =>
    () =>
      new Books().follow(railway.state, changes)
  expect(follow(upsert(), upsert({ booking_id: 2, from_stop: 4, to_stop: 6 }))).toThrow('twice')
  expect(follow(upsert({ to_stop: 6 }))).toThrow('segment 5')
  expect(follow(upsert({ status: 'confirmed' }))).toThrow('segment 2')
  expect(follow(upsert({ status: 'expired' }))).toThrow('segment 2')
})

test('money for a booking that nobody has is found', () => {
  const { railway, upsert } = sold()
  const books = new Books()
  const columns = tables.find(({ name }) => name === 'payments')?.columns ?? []
  const payment: Record<string, Value> = { payment_id: 1, booking_id: 1, status: 'captured' }
  const values = columns.map(({ name }) => payment[name] ?? 0)
  books.follow(railway.state, [upsert(), { type: 'upsert', table: 'payments', values }])
  expect(books.orphans()).toEqual([1])
  expect(() => books.checkAll(railway.state)).toThrow('orphans: 1')
})
