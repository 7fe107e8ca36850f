import { describe, expect, it } from 'vitest'
import { confirmed, done, held, must, pay, type Railway, railway, send } from '../../test/world.ts'
import type { Payment } from '../things.ts'
import { ledgerReport } from './ledger.ts'

/** Sold and captured, cancelled and refunded, held, paying: one of each. */
function busy(): Railway {
  const world = railway()
  const { ann, runId, state } = world
  const last = () => state.meta.nextOutboxId - 1
  confirmed(world, ann, runId)
  must(done(world, last()), 'done')
  const { bookingId, priceMinor } = confirmed(world, ann, runId)
  must(done(world, last()), 'done')
  const cancel = { type: 'cancelBooking', bookingId, expectedRefundMinor: priceMinor } as const
  must(send(world, cancel, { actor: ann }), 'bookingCancelled')
  must(done(world, last()), 'done')
  held(world, ann, runId)
  must(pay(world, ann, held(world, ann, runId)), 'paymentStarted')
  return world
}

const paymentOf = ({ state }: Railway, bookingId: number) =>
  state.bookings.get(bookingId)?.payments[0] as Payment
const found = ({ state }: Railway) =>
  ledgerReport(state, 0, 100).orphans.map(({ why, bookingId }) => [why, bookingId])

describe('a report of the ledger', () => {
  it('has every account, and no orphan where all has its reason', () => {
    const report = ledgerReport(busy().state, 0, 100)
    expect(report).toMatchObject({ orphans: [], nextAfterBookingId: 0 })
    expect(report.totals).toMatchObject({ providerClearing: 5_000, fareRevenue: -5_000 })
  })

  it('is read in portions', () => {
    const { state } = busy()
    expect(ledgerReport(state, 0, 3).nextAfterBookingId).toBe(3)
    expect(ledgerReport(state, 3, 3).nextAfterBookingId).toBe(0)
    expect(ledgerReport(state, 99, 3)).toMatchObject({ orphans: [], nextAfterBookingId: 0 })
  })

  it('finds money for what was not sold', () => {
    const world = busy()
    paymentOf(world, 4).status = 'captured'
    expect(found(world)).toEqual([['notSold', 4]])
  })

  it('finds a sale that nobody paid', () => {
    const world = busy()
    paymentOf(world, 1).status = 'declined'
    expect(found(world)).toEqual([['notPaid', 1]])
  })

  it('finds a refund that was not agreed, and one above the payment', () => {
    const world = busy()
    paymentOf(world, 1).refundedMinor = 100
    expect(found(world)).toEqual([['refundedTooMuch', 1]])
    paymentOf(world, 1).refundedMinor = 5_100
    const { orphans } = ledgerReport(world.state, 0, 100)
    expect(orphans.map((it) => it.amountMinor)).toEqual([100, 5_100])
  })

  it('finds a second payment', () => {
    const world = busy()
    const booking = world.state.bookings.get(1)
    if (booking === undefined) throw new Error('no booking')
    booking.payments = [...booking.payments, { ...paymentOf(world, 1), paymentId: 77 }]
    expect(found(world)).toEqual([['paidTwice', 1]])
  })
})
