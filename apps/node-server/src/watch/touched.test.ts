import type { RowChange } from '@quorail/booking-fsm'
import { expect, test } from 'vitest'
import { loginTo, memoryServices } from '../testing/memory-services.ts'
import { demoJourney } from '../testing/sold-booking.ts'
import { everything, ofBooking, ofRun, seatsOf, touchedBy } from './touched.ts'

function thingsOf(changes: readonly RowChange[]): string[] {
  const things = new Set<string>()
  for (const change of changes) touchedBy(change, (thing) => things.add(thing))
  return [...things].sort()
}

function world() {
  const { host } = memoryServices(Date.UTC(2026, 10, 30, 8))
  const { accountId } = loginTo(host, 'ann@example.org', 'passenger')
  const { runId, fromStop, toStop, classes } = demoJourney(host)
  const changes: RowChange[] = []
  host.onRows((rows) => changes.push(...(rows ?? [])))
  const journey = { runId, fromStop, toStop, classCode: classes[0]?.classCode ?? '' }
  return { host, accountId, journey, told: () => thingsOf(changes.splice(0)) }
}

test('what a booking goes through touches it and the seats of its run, and no other run', () => {
  const { host, accountId, journey, told } = world()
  const passengers = [{ name: 'Ann' }]
  const held = host.run({ type: 'holdSeats', ...journey, passengers, seats: [] }, accountId)
  if (held.type !== 'seatsHeld') throw new Error(held.type)
  const { bookingId } = held
  const both = [ofBooking(bookingId), seatsOf(journey.runId)].sort()
  expect(told()).toEqual(both)
  host.run({ type: 'releaseHold', bookingId }, accountId)
  expect(told()).toEqual(both)
})

test('a seat that is taken out of use touches everything, because a train has many runs', () => {
  const { host, journey, told } = world()
  const staff = loginTo(host, 'staff@example.org', 'staff')
  told()
  const block = {
    type: 'blockSeats',
    runId: journey.runId,
    trainId: 0,
    fromDate: 0,
    toDate: 0,
    seats: [1],
    reason: 'other',
  } as const
  expect(host.run(block, staff.accountId).type).toBe('seatsBlocked')
  expect(told()).toContain(everything)
})

test('logging in touches nothing that is watched', () => {
  const { host, told } = world()
  loginTo(host, 'ben@example.org', 'passenger')
  expect(told()).toEqual([])
})

test('a row that is gone and does not say of which run it was touches everything', () => {
  const gone = { type: 'delete', table: 'disruptions', key: [1] } as const
  expect(thingsOf([gone])).toEqual([everything])
  const late = { type: 'delete', table: 'delays', key: [7, 1] } as const
  expect(thingsOf([late])).toEqual([ofRun(7)])
})
