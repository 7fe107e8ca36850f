import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadPacked } from '../../test/load-packed.ts'
import {
  confirmed,
  done,
  held,
  hold,
  must,
  pay,
  type Railway,
  railway,
  send,
} from '../../test/world.ts'
import { loadState, StateLoader } from '../load.ts'
import { findBooking } from '../queries/bookings.ts'
import type { Row, Value } from '../rows.ts'
import { RowPacker } from '../shelf/row-packer.ts'
import { rowsOf, stateHash } from '../snapshot.ts'
import type { BookingState } from '../state.ts'

/** Bookings of all kinds: paid, held, gone, of a trip, and one that somebody has left. */
function sold(): Railway {
  const world = railway()
  const { bookingId } = confirmed(world, world.ann, world.runId, { passengers: 3 })
  must(done(world, 2), 'done')
  const by = { actor: world.ann }
  const offer = { type: 'offerRefund', bookingId, passengers: [1] } as const
  const { offerId } = must(send(world, offer, by), 'refundOffered')
  const accept = { type: 'acceptRefund', bookingId, offerId, payLater: true } as const
  must(send(world, accept, by), 'bookingCancelled')
  const trip = {
    type: 'holdTrip',
    legs: [0, 1].map((fromStop) => ({
      ...{ runId: world.runId, fromStop, toStop: fromStop + 1, classCode: '2', seats: [9] },
    })),
    passengers: [{ name: 'Łukasz' }],
  } as const
  const { tripId, priceMinor } = must(send(world, trip, by), 'tripHeld')
  must(pay(world, world.ann, { bookingId: tripId, priceMinor, seats: [] }), 'paymentStarted')
  must(done(world, 3), 'done')
  const left = held(world, world.bob, world.runId).bookingId
  must(send(world, { type: 'releaseHold', bookingId: left }, { actor: world.bob }), 'done')
  held(world, world.bob, world.runId)
  confirmed(world, world.bob, world.runId, { seats: [20, 21] })
  return world
}

function expectSame(actual: BookingState, expected: BookingState): void {
  expect(stateHash(actual)).toBe(stateHash(expected))
  expect(rowsOf(actual)).toEqual(rowsOf(expected))
}

const stateOf = (load: () => BookingState): BookingState | undefined => {
  try {
    return load()
  } catch {
    return undefined
  }
}

describe('rows that were packed on another thread', () => {
  it.each([1, 2, 100])('give the same state, in portions of %i', (portion) => {
    const { state, runId } = sold()
    const loaded = loadPacked(rowsOf(state), portion)
    expectSame(loaded, state)
    expect([...loaded.bookings.idsOnRun(runId)]).toEqual([...state.bookings.idsOnRun(runId)])
    for (const { bookingId } of [...state.bookings.values()])
      expect(findBooking(loaded, bookingId)).toEqual(findBooking(state, bookingId))
  })

  it('give a state that goes on like any other', () => {
    const live = sold()
    const loaded = { ...live, state: loadPacked(rowsOf(live.state), 2) }
    for (const world of [live, loaded]) {
      must(send(world, hold(world.runId, { passengers: 3 }), { actor: world.bob }), 'seatsHeld')
      must(send(world, { type: 'tick' }), 'done')
    }
    expectSame(loaded.state, live.state)
  })

  it('find a booking by its request, and refuse seats that are taken', () => {
    const world = railway()
    const key = {
      ...{ principal: 'a:1', method: 'HoldSeats', requestId: 'r'.repeat(22) },
      contentHash: 'ab'.repeat(32),
    }
    const ask = hold(world.runId, { seats: [6, 7] })
    const first = must(send(world, ask, { actor: world.ann, key }), 'seatsHeld')
    must(pay(world, world.ann, { ...first, seats: [] }), 'paymentStarted')
    must(done(world, 1), 'done')
    must(done(world, 2), 'done')
    const loaded = { ...world, state: loadPacked(rowsOf(world.state), 9) }
    expect(loaded.state.bookings.isPacked(first.bookingId)).toBe(true)
    const again = send(loaded, ask, { actor: world.ann, key })
    expect(again).toMatchObject({ bookingId: first.bookingId })
    expect(send(loaded, ask, { actor: world.bob })).toMatchObject({ type: 'refused' })
  })

  it('are never taken where the same rows one by one would be refused, or mean something else', () => {
    const rows = rowsOf(sold().state)
    const packed = rows.flatMap(({ table }, at) =>
      /^(bookings|payments)$/.test(table) ? [at] : [],
    )
    const value: fc.Arbitrary<Value> = fc.oneof(
      fc.integer({ min: -12, max: 40 }),
      fc.integer({ min: -1_000, max: 50_000 }),
      fc.constantFrom(
        null,
        '',
        'x',
        '6',
        '6,',
        '6,7',
        ' 6',
        '-1',
        '[]',
        '["P"]',
        '{}',
        '9'.repeat(20),
      ),
      fc.constantFrom('held', 'paying', 'confirmed', 'cancelled', 'waiting', 'bogus'),
    )
    const change = fc.record({ row: fc.constantFrom(...packed), column: fc.nat(22), value })
    let accepted = 0
    fc.assert(
      fc.property(change, fc.integer({ min: 1, max: 9 }), ({ row, column, value }, portion) => {
        const { table, values } = rows[row] as Row
        const changed = { table, values: values.with(column % values.length, value) }
        const damaged = rows.with(row, changed)
        const quick = stateOf(() => loadPacked(damaged, portion))
        if (quick === undefined) return
        accepted++
        expectSame(quick, loadState(damaged))
      }),
      { numRuns: 300 },
    )
    expect(accepted).toBeGreaterThan(30)
  })

  it('must come in order, of this cluster, and be such as can be packed', () => {
    const { state } = sold()
    const rows = rowsOf(state)
    const bookings = rows.filter(({ table }) => table === 'bookings')
    const first = bookings[0]?.values ?? []
    const packer = new RowPacker('bookings', '9,2,3,4')
    packer.add(first)
    const portion = packer.take()
    if (portion === undefined) throw new Error('nothing was packed')
    expect(() => packer.add(first)).toThrow('bookings 1: can not be packed')
    expect(() => packer.add(first.with(0, 2).with(1, 1.5))).toThrow('column 2 can not be packed')
    expect(() => packer.add(first.with(0, 3).with(7, 'x'.repeat(1 << 20)))).toThrow('bookings 3')
    const loader = new StateLoader()
    for (const row of rows.filter(({ table }) => table === 'meta')) loader.add(row)
    expect(() => loader.addPacked(portion)).toThrow('bookings: of another cluster')
    const late = new StateLoader()
    late.add(bookings[1] as Row)
    expect(() => late.addPacked(portion)).toThrow('rows before it were out of order')
  })
})
