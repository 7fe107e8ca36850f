import { applyEntry, type BookingState } from '@quorail/booking-fsm'
import { expect, test } from 'vitest'
import { Railway } from '../fsm/railway.ts'
import { watchInvariants } from './invariants.ts'

const journey = { runId: 1, fromStop: 2, toStop: 5, classCode: '2', seats: [7] }

function hold(railway: Railway) {
  const entry = railway.entry({ type: 'holdSeats', ...journey, passengers: [{ name: 'P' }] }, 1)
  return { entry, ...applyEntry(railway.state, entry) }
}

test('what is in order is looked at and said nothing of', async () => {
  const railway = Railway.found()
  const invariants = await watchInvariants(railway.state)
  const { entry, reply, changes } = hold(railway)
  expect(reply.type).toBe('seatsHeld')
  invariants.follow(railway.state, entry, reply, changes)
  invariants.checkAll(railway.state)
  expect(invariants.looks).toEqual({ entries: 1, states: 1 })
})

test('an entry that changed more than its rows say is found, by the number of an invariant', async () => {
  const railway = Railway.found()
  const invariants = await watchInvariants(railway.state)
  const { entry, reply, changes } = hold(railway)
  const fewer = changes.filter(({ table }) => table !== 'bookings')
  const check = (state: BookingState) => {
    invariants.follow(state, entry, reply, fewer)
    invariants.checkAll(state)
  }
  expect(() => check(railway.state)).toThrow(/^[A-Z]+\d+: /)
})
