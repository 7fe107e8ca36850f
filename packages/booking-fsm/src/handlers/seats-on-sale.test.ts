/** Seats off sale, quotas, wishes: what they do to a hold, and what must be true whatever happens. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { special } from '../../test/fuzz/seats.ts'
import {
  confirmed,
  DAY,
  done,
  HOLD,
  HOUR,
  held,
  hold,
  MONDAY,
  must,
  pay,
  type Railway,
  railway,
  register,
  runs,
  send,
  train,
} from '../../test/world.ts'
import type { BlockSeats, HoldSeats, QuotaPool, SeatPreferences, SetQuotas } from '../commands.ts'
import { loadState } from '../load.ts'
import { findBooking } from '../queries/bookings.ts'
import { poolsOf } from '../queries/inventory.ts'
import { seatMap } from '../queries/seats.ts'
import { rowsOf } from '../snapshot.ts'

const block = (runId: number, ...seats: number[]): BlockSeats => ({
  ...{ type: 'blockSeats', runId, trainId: 0, fromDate: 0, toDate: 0, reason: 'technicalFailure' },
  seats,
})
const pool = (code: string, capacity: number, changed: Partial<QuotaPool> = {}): QuotaPool => ({
  ...{ code, capacity, roles: [], passengerTypes: [], releaseBeforeDepartureMs: 0 },
  ...changed,
})
const quotas = (runId: number, ...pools: QuotaPool[]): SetQuotas => ({
  ...{ type: 'setQuotas', runId, trainId: 0, fromDate: 0, classCode: '2' },
  pools,
})
const free = (world: Railway, from = 0, to = 4) =>
  seatMap(world.state, world.runId, from, to)
    .filter((seat) => seat.free && seat.classCode === '2')
    .map(({ seat }) => seat)

describe('seats off sale', () => {
  it('are sold to nobody, until they are on sale again', () => {
    const world = railway()
    const { runId, ann } = world
    const { blockId } = must(send(world, block(runId, 6, 7)), 'seatsBlocked')
    const asked = send(world, hold(runId, { seats: [6] }), { actor: ann })
    expect(asked).toMatchObject({ code: 'seatTaken', seats: [6] })
    expect(held(world, ann, runId).seats).toEqual([8])
    expect(send(world, block(runId, 7, 9))).toMatchObject({ code: 'seatBlocked', seats: [7] })
    expect(send(world, block(runId, 8))).toMatchObject({
      code: 'seatTaken',
      seats: [8],
      figure: runId,
    })
    must(send(world, { type: 'unblockSeats', blockId, reason: 'other' }), 'done')
    expect(held(world, ann, runId, { seats: [6, 7] }).seats).toEqual([6, 7])
    expect(send(world, { type: 'unblockSeats', blockId, reason: 'other' })).toMatchObject({
      code: 'blockNotFound',
    })
  })

  it('are off on the runs of a train that are opened later, and after loading', () => {
    const world = railway()
    const { trainId, ann } = world
    const dates = { runId: 0, trainId, fromDate: 20261125, toDate: 20261127 }
    must(send(world, { ...block(0, 6), ...dates }), 'seatsBlocked')
    const { runIds } = must(send(world, runs(trainId, 3, 5)), 'runsAdded')
    world.state = loadState(rowsOf(world.state))
    const [later = 0, behind = 0] = runIds
    const taken = { code: 'seatTaken', seats: [6] }
    for (const runId of [world.runId, later]) {
      expect(send(world, hold(runId, { seats: [6] }), { actor: ann })).toMatchObject(taken)
    }
    held(world, ann, behind, { seats: [6] })
  })

  it('are for staff, with a reason, and a refusal changes nothing', () => {
    const world = railway()
    const rows = rowsOf(world.state).filter(({ table }) => table !== 'meta')
    const by = { actor: world.ann }
    expect(send(world, block(world.runId, 6), by)).toMatchObject({ code: 'notAllowed' })
    const noReason = { ...block(world.runId, 6), reason: 'because' } as unknown as BlockSeats
    expect(send(world, noReason)).toMatchObject({ code: 'invalidField', field: 'reason' })
    const minus = { ...block(world.runId, 6), fromDate: -0 }
    expect(send(world, minus)).toMatchObject({ code: 'invalidField', field: 'fromDate' })
    expect(send(world, block(world.runId, 30))).toMatchObject({ code: 'seatNotFound' })
    expect(send(world, block(99, 6))).toMatchObject({ code: 'runNotFound' })
    expect(rowsOf(world.state).filter(({ table }) => table !== 'meta')).toEqual(rows)
  })
})

describe('quotas', () => {
  it('keep places for some: their own pool first, then what is general', () => {
    const world = railway()
    const { runId, ann } = world
    must(send(world, quotas(runId, pool('family', 2), pool('desk', 20))), 'done')
    const from = (out: string, passengers: number) =>
      send(world, { ...(hold(runId, { passengers }) as HoldSeats), pool: out }, { actor: ann })
    const first = must(from('family', 2), 'seatsHeld').bookingId
    expect(findBooking(world.state, first)?.pool).toBe('family')
    const second = must(from('family', 1), 'seatsHeld').bookingId
    expect(findBooking(world.state, second)?.pool).toBe('')
    expect(from('', 2)).toMatchObject({ code: 'quotaExhausted', figure: 1 })
    must(from('', 1), 'seatsHeld')
    expect(from('family', 1)).toMatchObject({ code: 'quotaExhausted', figure: 0 })
    expect(poolsOf(world.state, runId, world.nowMs)?.map(({ used }) => used)).toEqual([2, 0])
    must(send(world, { type: 'releaseHold', bookingId: first }, { actor: ann }), 'done')
    expect(poolsOf(world.state, runId, world.nowMs)?.map(({ used }) => used)).toEqual([0, 0])
  })

  it('count by segment', () => {
    const world = railway()
    const { runId, ann } = world
    must(send(world, quotas(runId, pool('family', 1), pool('desk', 23))), 'done')
    const leg = (from: number, to: number) =>
      send(world, { ...(hold(runId, { from, to }) as HoldSeats), pool: 'family' }, { actor: ann })
    must(leg(0, 2), 'seatsHeld')
    must(leg(2, 4), 'seatsHeld')
    expect(leg(1, 3)).toMatchObject({ code: 'quotaExhausted' })
  })

  it('are general at their time, to the millisecond', () => {
    const world = railway()
    const { runId, ann } = world
    const kept = pool('all', 24, { releaseBeforeDepartureMs: 2 * HOUR })
    must(send(world, quotas(runId, kept)), 'done')
    const release = MONDAY + 2 * DAY + 4 * HOUR
    world.nowMs = release - 1
    expect(send(world, hold(runId), { actor: ann })).toMatchObject({ code: 'quotaExhausted' })
    world.nowMs = release
    must(send(world, hold(runId), { actor: ann }), 'seatsHeld')
  })

  it('are for the roles and types they name', () => {
    const world = railway()
    const { runId, ann } = world
    const clerk = register(world, 'clerk@example.org', 'staff')
    must(send(world, quotas(runId, pool('desk', 2, { roles: ['staff'] }))), 'done')
    const asked: HoldSeats = { ...(hold(runId) as HoldSeats), pool: 'desk' }
    expect(send(world, asked, { actor: ann })).toMatchObject({ code: 'poolNotAllowed' })
    must(send(world, asked, { actor: clerk }), 'seatsHeld')
    const other = { ...asked, pool: 'none' }
    expect(send(world, other, { actor: ann })).toMatchObject({ code: 'poolNotFound' })
  })

  it('are not set over what is sold, and move between pools', () => {
    const world = railway()
    const { runId, ann } = world
    confirmed(world, ann, runId, { passengers: 3 })
    const all = quotas(runId, pool('all', 22))
    expect(send(world, all)).toMatchObject({ code: 'quotaInUse', figure: runId })
    expect(send(world, quotas(runId, pool('all', 25)))).toMatchObject({
      code: 'tooMany',
      figure: 24,
    })
    must(send(world, quotas(runId, pool('all', 21))), 'done')
    const move = {
      type: 'moveQuota',
      runId,
      classCode: '2',
      fromPool: 'all',
      toPool: '',
      count: 2,
    } as const
    expect(send(world, { ...move, fromPool: '', toPool: 'all' })).toMatchObject({
      code: 'quotaInUse',
    })
    must(send(world, move), 'done')
    must(send(world, hold(runId, { passengers: 2 }), { actor: ann }), 'seatsHeld')
    expect(send(world, { ...move, toPool: 'none' })).toMatchObject({ code: 'poolNotFound' })
  })

  it('hold for a late payment too: a full pool is not overdrawn', () => {
    const world = railway()
    const { runId, ann, bob } = world
    must(send(world, quotas(runId, pool('family', 1), pool('desk', 23))), 'done')
    const asked: HoldSeats = { ...(hold(runId) as HoldSeats), pool: 'family' }
    const late = must(send(world, asked, { actor: ann }), 'seatsHeld')
    must(pay(world, ann, late), 'paymentStarted')
    const outboxId = world.state.meta.nextOutboxId - 1
    world.nowMs += 2 * HOLD
    must(send(world, { ...asked, seats: [20] }, { actor: bob }), 'seatsHeld')
    must(done(world, outboxId), 'done')
    expect(findBooking(world.state, late.bookingId)?.status).toBe('expired')
  })
})

describe('wishes', () => {
  /** Seats 0 to 3 have a table and quiet, 4 and 6 are wheelchair places, 5 and 7 beside them; 8 to 13 follow. */
  function quiet() {
    const world = railway()
    const { trainId } = must(send(world, train('Q', { coaches: special })), 'trainAdded')
    const [runId = 0] = must(send(world, runs(trainId, 2)), 'runsAdded').runIds
    const ask = (count: number, changed: Partial<SeatPreferences>) =>
      send(
        world,
        {
          ...(hold(runId, { passengers: count }) as HoldSeats),
          preferences: { required: [], wished: [], apart: false, wheelchairPlaces: 0, ...changed },
        },
        { actor: world.ann },
      )
    return { world, runId, ask }
  }

  it('are met as far as may be, and refuse nobody', () => {
    const { ask } = quiet()
    expect(ask(1, { wished: ['window', 'table'] })).toMatchObject({ seats: [0] })
    expect(ask(1, { wished: ['upperBerth'] })).toMatchObject({ type: 'seatsHeld' })
    expect(ask(1, { required: ['upperBerth'] })).toMatchObject({
      code: 'notEnoughSeats',
      figure: 0,
    })
  })

  it('keep a group in a bay, then in rows', () => {
    const { world, runId } = quiet()
    // A bay on either side of the aisle is two rows deep: seats 0 and 2, 1 and 3.
    expect(held(world, world.ann, runId, { passengers: 2 }).seats).toEqual([0, 2])
    expect(held(world, world.bob, runId, { passengers: 3 }).seats).toEqual([8, 9, 10])
  })

  it('give wheelchair places to those who ask, with the others beside them', () => {
    const { world, runId, ask } = quiet()
    const chosen = send(world, hold(runId, { seats: [4] }), { actor: world.ann })
    expect(chosen).toMatchObject({ code: 'seatNotOffered', field: 'seats[0]' })
    expect(ask(2, { wheelchairPlaces: 1 })).toMatchObject({ seats: [4, 5] })
    expect(ask(2, { wheelchairPlaces: 2 })).toMatchObject({ code: 'notEnoughSeats', figure: 1 })
    const seats = seatMap(world.state, runId, 0, 4)
    expect(seats[6]).toMatchObject({
      free: true,
      offered: false,
      properties: ['window', 'aisle', 'wheelchair'],
    })
  })
})

describe('availability', () => {
  const journey = fc.tuple(fc.nat(3), fc.nat(3)).map(([a, b]): [number, number] => {
    const from = Math.min(a, b)
    return [from, Math.max(a, b) + 1]
  })

  it('never grows by taking a seat off sale, nor by going further', () => {
    fc.assert(
      fc.property(fc.array(journey, { maxLength: 20 }), journey, fc.nat(23), (sold, asked, off) => {
        const world = railway()
        for (const [from, to] of sold)
          send(world, hold(world.runId, { from, to }), { actor: world.ann })
        const [from, to] = asked
        const before = free(world, from, to)
        if (from > 0) expect(free(world, from - 1, to).length).toBeLessThanOrEqual(before.length)
        if (to < 4) expect(free(world, from, to + 1).length).toBeLessThanOrEqual(before.length)
        send(world, block(world.runId, 6 + off))
        const after = free(world, from, to)
        expect(after.every((seat) => before.includes(seat))).toBe(true)
        expect(before.length - after.length).toBeLessThanOrEqual(1)
      }),
      { numRuns: 40 },
    )
  })

  it('is what going through all bookings gives', () => {
    fc.assert(
      fc.property(fc.array(journey, { maxLength: 25 }), journey, (sold, [from, to]) => {
        const world = railway()
        for (const [start, end] of sold) {
          send(world, hold(world.runId, { from: start, to: end }), { actor: world.ann })
        }
        const all = Array.from({ length: 24 }, (_, i) => 6 + i)
        const taken = [...world.state.bookings.values()]
          .filter((booking) => booking.fromStop < to && from < booking.toStop)
          .flatMap(({ seats }) => seats)
        expect(free(world, from, to)).toEqual(all.filter((seat) => !taken.includes(seat)))
      }),
      { numRuns: 40 },
    )
  })
})
