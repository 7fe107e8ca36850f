import { describe, expect, it } from 'vitest'
import {
  confirmed,
  DAY,
  HOLD,
  HOUR,
  held,
  hold,
  key,
  must,
  pay,
  railway,
  runs,
  send,
  stopsAt,
  train,
} from '../../test/world.ts'
import type { Command } from '../commands.ts'
import { findBooking } from '../queries/bookings.ts'
import { nextExpiryMs, occupancy, seatMap } from '../queries/seats.ts'

describe('a hold', () => {
  it('takes seats on its own segments only', () => {
    const world = railway()
    const { bookingId } = held(world, world.ann, world.runId, { from: 1, to: 3, seats: [7] })
    const free = (from: number, to: number) => seatMap(world.state, world.runId, from, to)[7]?.free
    expect([free(0, 1), free(0, 2), free(1, 3), free(2, 3), free(3, 4)]).toEqual([
      true,
      false,
      false,
      false,
      true,
    ])
    expect(occupancy(world.state, world.runId)).toMatchObject({
      capacity: 30,
      segments: [{ held: 0 }, { held: 1, sold: 0 }, { held: 1 }, { held: 0 }],
    })
    expect(findBooking(world.state, bookingId)).toMatchObject({
      accountId: world.ann,
      status: 'held',
      passengers: [{ name: 'Passenger 1', coachLabel: '2', seatLabel: '1B', priceMinor: 3_000 }],
      priceMinor: 3_000,
      currency: 'EUR',
      expiresAtMs: world.nowMs + HOLD,
      payments: [],
    })
    held(world, world.bob, world.runId, { from: 0, to: 1, seats: [7] })
    held(world, world.bob, world.runId, { from: 3, to: 4, seats: [7] })
  })

  it('names exactly the seats that are taken', () => {
    const world = railway()
    held(world, world.ann, world.runId, { seats: [6, 9] })
    const command = hold(world.runId, { from: 2, to: 3, seats: [9, 8, 6] })
    const reply = send(world, command, { actor: world.bob })
    expect(reply).toEqual({
      type: 'refused',
      code: 'seatTaken',
      seats: [9, 6],
      figure: 0,
      field: '',
    })
  })

  it('is all or none', () => {
    const world = railway()
    held(world, world.ann, world.runId, { passengers: 6 })
    for (let i = 0; i < 2; i++) held(world, world.ann, world.runId, { passengers: 6 })
    held(world, world.ann, world.runId, { passengers: 5 })
    const two = hold(world.runId, { passengers: 2 })
    expect(send(world, two, { actor: world.bob })).toMatchObject({
      code: 'notEnoughSeats',
      figure: 1,
    })
    held(world, world.bob, world.runId)
    expect(send(world, hold(world.runId), { actor: world.bob })).toMatchObject({ figure: 0 })
  })

  it('expires by log time, and its seats are free', () => {
    const world = railway()
    const { bookingId } = held(world, world.ann, world.runId, { seats: [6] })
    expect(nextExpiryMs(world.state)).toBe(world.nowMs + HOLD)
    world.nowMs += HOLD - 1
    send(world, { type: 'tick' })
    expect(findBooking(world.state, bookingId)?.status).toBe('held')
    world.nowMs += 1
    send(world, { type: 'tick' })
    expect(world.changes.map(({ table }) => table)).toEqual(['bookings', 'meta'])
    expect(findBooking(world.state, bookingId)?.status).toBe('expired')
    expect(nextExpiryMs(world.state)).toBeUndefined()
    held(world, world.bob, world.runId, { seats: [6] })
  })

  it('that is due is expired although more are due than an entry expires', () => {
    const world = railway()
    const { trainId } = must(
      send(
        world,
        train('big', { coaches: [{ label: '1', classCode: '2', rows: 200, columns: 'ABCDEFGH' }] }),
      ),
      'trainAdded',
    )
    const [runId = 0] = must(send(world, runs(trainId, 2)), 'runsAdded').runIds
    for (let i = 0; i < 1_001; i++) held(world, world.ann, runId)
    const last = held(world, world.ann, runId)
    world.nowMs += HOLD
    expect(pay(world, world.ann, last)).toMatchObject({ code: 'holdExpired' })
    expect(findBooking(world.state, last.bookingId)?.status).toBe('expired')
    expect(nextExpiryMs(world.state)).toBe(world.nowMs)
    send(world, { type: 'tick' })
    expect(nextExpiryMs(world.state)).toBeUndefined()
  })

  it('is released by its owner', () => {
    const world = railway()
    const { bookingId } = held(world, world.ann, world.runId, { seats: [6] })
    const release: Command = { type: 'releaseHold', bookingId }
    expect(send(world, release, { actor: world.bob })).toMatchObject({ code: 'bookingNotFound' })
    expect(send(world, release)).toMatchObject({ code: 'bookingNotFound' })
    must(send(world, release, { actor: world.ann }), 'done')
    expect(nextExpiryMs(world.state)).toBeUndefined()
    expect(send(world, release, { actor: world.ann })).toMatchObject({ code: 'notHeld' })
    held(world, world.bob, world.runId, { seats: [6] })
  })

  it('that is anything else is not released', () => {
    const world = railway()
    const release = (bookingId: number) =>
      send(world, { type: 'releaseHold', bookingId }, { actor: world.ann })
    const paying = held(world, world.ann, world.runId)
    pay(world, world.ann, paying)
    expect(release(paying.bookingId)).toMatchObject({ code: 'alreadyPaying' })
    const sold = confirmed(world, world.ann, world.runId)
    expect(release(sold.bookingId)).toMatchObject({ code: 'alreadyConfirmed' })
    const expectedRefundMinor = sold.priceMinor
    const { bookingId } = sold
    const cancel: Command = { type: 'cancelBooking', bookingId, expectedRefundMinor }
    must(send(world, cancel, { actor: world.ann }), 'bookingCancelled')
    expect(release(bookingId)).toMatchObject({ code: 'alreadyCancelled' })
    const old = held(world, world.ann, world.runId)
    world.nowMs += HOLD
    expect(release(old.bookingId)).toMatchObject({ code: 'holdExpired' })
    expect(release(0)).toMatchObject({ code: 'invalidField', field: 'bookingId' })
  })
})

describe('holdSeats', () => {
  it('is refused in the order of its rules', () => {
    const world = railway()
    const stops = stopsAt('A', 'B', 'C').map((stop, i) => ({
      ...stop,
      boarding: i !== 1,
      alighting: i !== 1,
    }))
    const { trainId } = must(send(world, train('IC 2', { stops })), 'trainAdded')
    const [other = 0] = must(send(world, runs(trainId, 2)), 'runsAdded').runIds
    const base = hold(world.runId)
    const wrong: [object, string, string][] = [
      [{ runId: 99 }, 'runNotFound', ''],
      [{ fromStop: 4 }, 'invalidField', 'fromStop'],
      [{ fromStop: 2, toStop: 2 }, 'invalidField', 'toStop'],
      [{ toStop: 5 }, 'invalidField', 'toStop'],
      [{ runId: other, fromStop: 1, toStop: 2 }, 'stopNotAllowed', 'fromStop'],
      [{ runId: other, fromStop: 0, toStop: 1 }, 'stopNotAllowed', 'toStop'],
      [{ classCode: '3' }, 'classNotFound', 'classCode'],
      [{ seats: [30] }, 'seatNotFound', 'seats[0]'],
      [{ seats: [5] }, 'seatInOtherClass', 'seats[0]'],
    ]
    for (const [changed, code, field] of wrong) {
      const command = { ...base, ...changed } as Command
      expect(send(world, command, { actor: world.ann })).toMatchObject({ code, field })
    }
  })

  it('is checked field by field', () => {
    const world = railway()
    const base = hold(world.runId)
    const seven = Array(7).fill({ name: 'x' })
    const wrong: [object, string, string][] = [
      [{ runId: '1' }, 'invalidField', 'runId'],
      [{ fromStop: -1 }, 'invalidField', 'fromStop'],
      [{ toStop: 121 }, 'invalidField', 'toStop'],
      [{ classCode: '' }, 'invalidField', 'classCode'],
      [{ passengers: [] }, 'invalidField', 'passengers'],
      [{ passengers: seven }, 'tooMany', 'passengers'],
      [{ passengers: [null] }, 'invalidField', 'passengers[0]'],
      [{ passengers: [{ name: '' }] }, 'invalidField', 'passengers[0].name'],
      [{ seats: [6, 7] }, 'invalidField', 'seats'],
      [{ seats: undefined }, 'invalidField', 'seats'],
      [{ seats: [2_000] }, 'invalidField', 'seats[0]'],
      [{ passengers: [{ name: 'a' }, { name: 'b' }], seats: [6, 6] }, 'invalidField', 'seats[1]'],
    ]
    for (const [changed, code, field] of wrong) {
      const command = { ...base, ...changed } as Command
      expect(send(world, command, { actor: world.ann })).toMatchObject({ code, field })
    }
  })

  it('needs an account', () => {
    const world = railway()
    expect(send(world, hold(world.runId))).toMatchObject({ code: 'notAllowed' })
    expect(send(world, hold(world.runId), { key: key('r') })).toMatchObject({ code: 'notAllowed' })
  })

  it('sells a stop until the train has left it', () => {
    const world = railway()
    world.nowMs += 2 * DAY + 6 * HOUR - 1
    held(world, world.ann, world.runId)
    world.nowMs += 1
    expect(send(world, hold(world.runId), { actor: world.ann })).toMatchObject({
      code: 'runDeparted',
    })
    held(world, world.ann, world.runId, { from: 1 })
  })

  it('ends with the names for bookings', () => {
    const world = railway()
    world.state.meta.nextBookingId = 31 ** 6
    expect(send(world, hold(world.runId), { actor: world.ann })).toMatchObject({ code: 'tooMany' })
  })
})
