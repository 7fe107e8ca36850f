/** Money back without a cancellation, or without the rule of one. */
import { describe, expect, it } from 'vitest'
import {
  confirmed,
  DAY,
  done,
  MONDAY,
  must,
  type Railway,
  railway,
  refused,
  send,
} from '../test/world.ts'
import { refundAll, refundSome } from './cancelling.ts'
import { loadState } from './load.ts'
import { findBooking } from './queries/bookings.ts'
import { ledgerTotals, pendingOutbox, refundQuote } from './queries/payments.ts'
import { rowsOf, stateHash } from './snapshot.ts'
import type { Work } from './store.ts'
import type { Booking } from './things.ts'

/** Two passengers of 50.00 each, captured. */
function sold(): { world: Railway; booking: Booking; work: Work } {
  const world = railway()
  const { bookingId } = confirmed(world, world.ann, world.runId, { passengers: 2 })
  must(done(world, 2), 'done')
  const booking = world.state.bookings.get(bookingId) as Booking
  return { world, booking, work: workOn(world) }
}

function workOn(world: Railway): Work {
  return {
    state: world.state,
    changes: [],
    index: world.index,
    actor: 0,
    cluster: true,
    requestKey: '',
    contentHash: '',
    effects: 0,
    freed: undefined,
    freedLists: 0,
    subject: '',
    reason: '',
    recorded: false,
  }
}

describe('some of the fare back', () => {
  it('goes back while the booking stands, and less is left to be refunded', () => {
    const { world, booking, work } = sold()
    expect(refundSome(work, booking, [{ position: 1, amountMinor: 1_250 }], 'delay')).toBe(1_250)
    expect(booking).toMatchObject({ status: 'confirmed', refundMinor: 0 })
    expect(pendingOutbox(world.state, 9)).toMatchObject([{ kind: 'refund', amountMinor: 1_250 }])
    expect(ledgerTotals(world.state).refundsPayable).toBe(-1_250)
    expect(refundQuote(world.state, booking.bookingId, world.nowMs)?.refundMinor).toBe(8_750)
  })

  it('is at most what is left of the fare, whatever is asked', () => {
    const { booking, work } = sold()
    const twice = [
      { position: 0, amountMinor: 4_000 },
      { position: 0, amountMinor: 4_000 },
      { position: 0, amountMinor: -7 },
      { position: 6, amountMinor: 4_000 },
    ]
    expect(refundSome(work, booking, twice, 'delay')).toBe(5_000)
    expect(refundSome(work, booking, twice, 'delay')).toBe(0)
  })

  it('comes on top of what a cancelled booking gave back, up to the fare', () => {
    const { world, booking } = sold()
    world.nowMs = MONDAY + 2 * DAY
    const cancel = { type: 'cancelBooking', bookingId: booking.bookingId } as const
    const refund = { ...cancel, expectedRefundMinor: 5_000 }
    must(send(world, refund, { actor: world.ann }), 'bookingCancelled')
    const back = [{ position: 0, amountMinor: 9_999 }]
    const again = world.state.bookings.get(booking.bookingId) as Booking
    expect(refundSome(workOn(world), again, back, 'goodwill')).toBe(2_500)
    const shown = findBooking(world.state, booking.bookingId)
    expect(shown?.passengers.map((it) => it.refundMinor)).toEqual([2_500, 2_500])
    expect(shown?.owedMinor).toBe(0)
  })

  it('is withdrawn when the fare turns out not to be paid', () => {
    const world = railway()
    const { bookingId } = confirmed(world, world.ann, world.runId)
    const booking = world.state.bookings.get(bookingId) as Booking
    refundSome(workOn(world), booking, [{ position: 0, amountMinor: 100 }], 'delay')
    must(refused(world, 2), 'done')
    expect(ledgerTotals(world.state).refundsPayable + 0).toBe(0)
    expect(findBooking(world.state, bookingId)?.owedMinor).toBe(0)
  })

  it('is not given for what was never sold', () => {
    const { world, work } = sold()
    const held = { type: 'holdSeats', runId: world.runId, fromStop: 0, toStop: 1 } as const
    const passengers = [{ name: 'P' }]
    const hold = { ...held, classCode: '2', passengers, seats: [] }
    const { bookingId } = must(send(world, hold, { actor: world.bob }), 'seatsHeld')
    const booking = world.state.bookings.get(bookingId) as Booking
    expect(refundSome(work, booking, [{ position: 0, amountMinor: 1 }], 'delay')).toBe(0)
  })

  it('is in the rows', () => {
    const { world, booking, work } = sold()
    refundSome(work, booking, [{ position: 1, amountMinor: 1_250 }], 'delay')
    must(send(world, { type: 'tick' }), 'done')
    const again = loadState(rowsOf(world.state))
    expect(stateHash(again)).toBe(stateHash(world.state))
    expect(refundQuote(again, booking.bookingId, world.nowMs)?.refundMinor).toBe(8_750)
  })
})

describe('all of the fares back', () => {
  it('ends the booking without a charge, when its rule would keep half', () => {
    const { world, booking } = sold()
    world.nowMs = MONDAY + 2 * DAY
    must(send(world, { type: 'tick' }), 'done')
    const again = world.state.bookings.get(booking.bookingId) as Booking
    expect(refundAll(workOn(world), again)).toBe(10_000)
    const shown = findBooking(world.state, booking.bookingId)
    expect(shown).toMatchObject({ status: 'cancelled', refundMinor: 10_000 })
    expect(shown?.passengers.map((it) => it.refundMinor)).toEqual([5_000, 5_000])
  })

  it('leaves out what came back before', () => {
    const { booking, work } = sold()
    refundSome(work, booking, [{ position: 0, amountMinor: 1_000 }], 'delay')
    expect(refundAll(work, booking)).toBe(9_000)
  })
})
