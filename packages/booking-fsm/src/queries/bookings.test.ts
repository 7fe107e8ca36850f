import { expect, it } from 'vitest'
import { confirmed, held, pay, railway } from '../../test/world.ts'
import { bookingsOf, findBooking, findBookingByPnr } from './bookings.ts'
import { pendingOutbox } from './payments.ts'
import { findRun } from './runs.ts'
import { occupancy, seatMap } from './seats.ts'

it('bookings are found by id, PNR and account, newest first', () => {
  const world = railway()
  const first = held(world, world.ann, world.runId)
  held(world, world.bob, world.runId)
  const third = held(world, world.ann, world.runId)
  const booking = findBooking(world.state, third.bookingId)
  expect(findBookingByPnr(world.state, booking?.pnr ?? '')).toEqual(booking)
  expect(findBookingByPnr(world.state, '2222222')).toBeUndefined()
  expect(findBooking(world.state, 99)).toBeUndefined()
  const ids = (limit: number) => bookingsOf(world.state, world.ann, limit).map((it) => it.bookingId)
  expect(ids(9)).toEqual([third.bookingId, first.bookingId])
  expect(ids(1)).toEqual([third.bookingId])
  expect(bookingsOf(world.state, 99, 9)).toEqual([])
})

it('pendingOutbox is bounded and in order of ids', () => {
  const world = railway()
  for (let i = 0; i < 3; i++) pay(world, world.ann, held(world, world.ann, world.runId))
  expect(pendingOutbox(world.state, 2).map((it) => it.outboxId)).toEqual([1, 2])
})

it('the seat map paints every seat, in order', () => {
  const world = railway()
  confirmed(world, world.ann, world.runId, { classCode: '1', seats: [1] })
  const seats = seatMap(world.state, world.runId, 0, 1)
  expect(seats.map((it) => it.seat)).toEqual(Array.from({ length: 30 }, (_, i) => i))
  expect(seats[1]).toEqual({
    seat: 1,
    coachLabel: '1',
    classCode: '1',
    label: '1B',
    row: 1,
    column: 'B',
    free: false,
    properties: ['aisle'],
    residual: 0,
    offered: false,
  })
  expect(seats[29]).toMatchObject({ coachLabel: '3', label: '3D', free: true })
  expect(seatMap(world.state, world.runId, 1, 1)).toEqual([])
  expect(seatMap(world.state, 99, 0, 1)).toEqual([])
  expect(occupancy(world.state, 99)).toBeUndefined()
  expect(findRun(world.state, 99)).toBeUndefined()
})
