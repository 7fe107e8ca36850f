import { describe, expect, it } from 'vitest'
import { loadPacked } from '../test/load-packed.ts'
import { confirmed, done, held, hold, must, pay, railway, send } from '../test/world.ts'
import { loadState } from './load.ts'
import { findBooking } from './queries/bookings.ts'
import { rowsOf, stateHash } from './snapshot.ts'
import { tables } from './tables.ts'

describe('loadState', () => {
  it('gives the hash and the behaviour of the live state', () => {
    const live = railway()
    confirmed(live, live.ann, live.runId, { seats: [6, 7] })
    must(send(live, hold(live.runId), { actor: live.bob }), 'seatsHeld')
    const loaded = { ...live, state: loadState(rowsOf(live.state)) }
    expect(stateHash(loaded.state)).toBe(stateHash(live.state))
    for (const world of [live, loaded]) {
      must(done(world, 2), 'done')
      must(send(world, hold(world.runId, { passengers: 3 }), { actor: world.bob }), 'seatsHeld')
    }
    expect(rowsOf(loaded.state)).toEqual(rowsOf(live.state))
    expect(stateHash(loaded.state)).toBe(stateHash(live.state))
  })

  it('gives what an earlier version has written: tables that came later are empty, hashes are the same', () => {
    const live = railway()
    const { bookingId } = confirmed(live, live.ann, live.runId, { passengers: 3 })
    must(done(live, 2), 'done')
    const cancel = { type: 'cancelBooking', bookingId, expectedRefundMinor: 15_000 } as const
    must(send(live, cancel, { actor: live.ann }), 'bookingCancelled')
    must(send(live, hold(live.runId), { actor: live.bob }), 'seatsHeld')
    const later = ['cancelled_passengers', 'refund_offers', 'counters']
    expect(rowsOf(live.state).filter(({ table }) => later.includes(table))).toEqual([])
    // Recorded before those tables were there, and any feature level but the first, which has no audit.
    const rows = rowsOf(live.state)
      .filter(({ table }) => table !== 'audit_head')
      .map(({ table, values }) => ({
        table,
        values: table === 'meta' ? values.with(3, 1) : values,
      }))
    expect(stateHash(loadState(rows))).toBe('9566a26d5393b216')
  })

  it('gives an empty state from no rows', () => {
    expect(stateHash(loadState([]))).toBe('0000000000000000')
  })

  it('names the row that can not be one of ours', () => {
    expect(() => loadState([{ table: 'runs', values: [1, 7, 20261123, 0, null] }])).toThrow(
      'runs 1: column 2 can not be loaded',
    )
    expect(() => loadState([{ table: 'runs', values: [1] }])).toThrow('runs: a row of 1 values')
  })
})

it.each(['bookings', 'payments'])(
  'an id in %s that was never given out is refused, and not counted up to',
  (table) => {
    const live = railway()
    confirmed(live, live.ann, live.runId, { seats: [6, 7] })
    const rows = rowsOf(live.state)
    for (const id of [3_000_000_000, 2_000_000_000, 2, 1.5, 0, -1]) {
      const damaged = rows.map((row) =>
        row.table === table ? { table, values: row.values.with(0, id) } : row,
      )
      const says = `${table} ${id}: this id was not given out, the next one is 2`
      expect(() => loadState(damaged), says).toThrow(says)
      if (Number.isInteger(id) && id > 0 && id <= 2_000_000_000) {
        expect(() => loadPacked(damaged, 1), says).toThrow(says)
      }
    }
  },
)

it('a trip of bookings that were never given out is refused', () => {
  const live = railway()
  confirmed(live, live.ann, live.runId, { seats: [6, 7] })
  const trip = { table: 'trips', values: [3_000_000_000, 3_000_000_001] }
  expect(() => loadState([...rowsOf(live.state), trip])).toThrow('trips 3000000000: this id was')
})

it('loadState takes rows in any order', () => {
  const live = railway()
  confirmed(live, live.ann, live.runId, { seats: [6, 7] })
  must(send(live, hold(live.runId), { actor: live.bob }), 'seatsHeld')
  const rows = rowsOf(live.state)
  const byTable = [...rows].sort((a, b) => order(a.table) - order(b.table))
  for (const turned of [
    byTable,
    byTable.toReversed(),
    [...byTable.slice(7), ...byTable.slice(0, 7)],
  ]) {
    expect(stateHash(loadState(turned))).toBe(stateHash(live.state))
  }
})

it('loadState takes a trip, who has left and an open offer in any order, each with its booking', () => {
  const live = railway()
  const leg = (fromStop: number) =>
    ({ runId: live.runId, fromStop, toStop: fromStop + 1, classCode: '2', seats: [6, 7] }) as const
  const passengers = [{ name: 'P' }, { name: 'Q' }]
  const by = { actor: live.ann }
  const { tripId: bookingId, priceMinor } = must(
    send(live, { type: 'holdTrip', legs: [leg(0), leg(1), leg(2)], passengers }, by),
    'tripHeld',
  )
  must(pay(live, live.ann, { bookingId, priceMinor, seats: [] }), 'paymentStarted')
  must(done(live, 1), 'done')
  must(done(live, 2), 'done')
  const offer = { type: 'offerRefund', bookingId: 2, passengers: [0] } as const
  const { offerId } = must(send(live, offer, by), 'refundOffered')
  must(
    send(live, { type: 'acceptRefund', bookingId: 2, offerId, payLater: true }, by),
    'bookingCancelled',
  )
  must(send(live, { ...offer, passengers: [1] }, by), 'refundOffered')
  // The seat is somebody else's by now.
  held(live, live.bob, live.runId, { from: 1, to: 2, seats: [6] })
  const second = findBooking(live.state, 2)
  expect(second).toMatchObject({
    tripId: 1,
    tripBookingIds: [1, 2, 3],
    refundOffer: { passengers: [1] },
  })
  const rows = rowsOf(live.state)
  const byTable = [...rows].sort((a, b) => order(a.table) - order(b.table))
  for (const turned of [rows, byTable, byTable.toReversed()]) {
    const loaded = loadState(turned)
    expect(stateHash(loaded)).toBe(stateHash(live.state))
    expect(rowsOf(loaded)).toEqual(rows)
    expect(findBooking(loaded, 2)).toEqual(second)
  }
  expect(() =>
    loadState(rows.filter(({ table, values }) => table !== 'bookings' || values[0] !== 3)),
  ).toThrow('trips 1: its legs do not go together')
  expect(() =>
    loadState(rows.filter(({ table }) => !['bookings', 'payments', 'trips'].includes(table))),
  ).toThrow('somebody has left booking 2, which is not there')
})

function order(name: string): number {
  return tables.findIndex((table) => table.name === name)
}
