import { describe, expect, it } from 'vitest'
import {
  confirmed,
  DAY,
  done,
  type Held,
  must,
  type Railway,
  railway,
  refused,
  register,
  send,
} from '../../test/world.ts'
import type { Command } from '../commands.ts'
import { loadState } from '../load.ts'
import { findBooking } from '../queries/bookings.ts'
import { listChargebacks } from '../queries/chargebacks.ts'
import { ledgerReport } from '../queries/ledger.ts'
import { ledgerTotals, pendingOutbox } from '../queries/payments.ts'
import { rowsOf, stateHash } from '../snapshot.ts'

const refusedWith = (code: string, more = {}) =>
  expect.objectContaining({ type: 'refused', code, ...more })

interface Sale {
  readonly world: Railway
  readonly booking: Held
  readonly staff: number
}
/** Two passengers for 5,000 each, captured. */
function sale(): Sale {
  const world = railway()
  const staff = register(world, 'st@example.org', 'staff')
  const booking = confirmed(world, world.ann, world.runId, { passengers: 2 })
  must(done(world, world.state.meta.nextOutboxId - 1), 'done')
  return { world, booking, staff }
}
function taken({ booking }: Sale, amountMinor = 10_000, reference = 'dispute-1'): Command {
  const { bookingId } = booking
  return { type: 'recordChargeback', bookingId, reference, amountMinor, reason: 'fraudulent' }
}
const settled = (won: boolean): Command => ({
  type: 'settleChargeback',
  reference: 'dispute-1',
  won,
})
function cancel(
  { world, booking: { bookingId } }: Sale,
  payLater = false,
  passengers: readonly number[] = [],
): number {
  const by = { actor: world.ann }
  const offer = send(world, { type: 'offerRefund', bookingId, passengers }, by)
  const { offerId } = must(offer, 'refundOffered')
  const accept: Command = { type: 'acceptRefund', bookingId, offerId, payLater }
  return must(send(world, accept, { actor: world.ann }), 'bookingCancelled').refundMinor
}
const answerLast = ({ world }: Sale) => must(done(world, world.state.meta.nextOutboxId - 1), 'done')
const shown = ({ world, booking }: Sale) => findBooking(world.state, booking.bookingId)
const totals = ({ world }: Sale) => ledgerTotals(world.state)

describe('a chargeback', () => {
  it('is money in dispute: the booking and its tickets stand', () => {
    const sold = sale()
    const { world, booking, staff } = sold
    must(send(world, taken(sold), { actor: staff }), 'done')
    expect(shown(sold)).toMatchObject({ status: 'confirmed', owedMinor: 0 })
    expect(totals(sold)).toMatchObject({ providerClearing: 0, chargebacks: 10_000 })
    const { bookingId } = booking
    expect(listChargebacks(world.state, 9)).toMatchObject([
      { bookingId, amountMinor: 10_000, status: 'open', settledAtMs: 0 },
    ])
    expect(ledgerReport(world.state, 0, 99).orphans).toEqual([])
    const loaded = loadState(rowsOf(world.state))
    expect(stateHash(loaded)).toEqual(stateHash(world.state))
    expect(loaded.chargedBack).toEqual(world.state.chargedBack)
  })

  it('counts once, however often the provider tells of it', () => {
    const sold = sale()
    for (let times = 0; times < 3; times++) must(send(sold.world, taken(sold, 4_000)), 'done')
    expect(totals(sold)).toMatchObject({ providerClearing: 6_000, chargebacks: 4_000 })
    expect(send(sold.world, taken(sold, 5_000))).toEqual(refusedWith('chargebackDiffers'))
  })

  it('takes no more than what is left of the payment', () => {
    const sold = sale()
    must(send(sold.world, taken(sold, 4_000)), 'done')
    const second = taken(sold, 6_001, 'dispute-2')
    expect(send(sold.world, second)).toEqual(refusedWith('chargebackTooHigh', { figure: 6_000 }))
    must(send(sold.world, taken(sold, 6_000, 'dispute-2')), 'done')
  })

  it('takes nothing of a refund that is on its way', () => {
    const sold = sale()
    const refund = cancel(sold)
    const left = refusedWith('chargebackTooHigh', { figure: 10_000 - refund })
    expect(send(sold.world, taken(sold))).toEqual(left)
  })

  it('is for staff and the cluster, of what a card has paid', () => {
    const sold = sale()
    const { world } = sold
    expect(send(world, taken(sold), { actor: world.ann })).toEqual(refusedWith('notAllowed'))
    expect(send(world, settled(true), { actor: world.ann })).toEqual(refusedWith('notAllowed'))
    expect(send(world, settled(true))).toEqual(refusedWith('chargebackNotFound'))
  })
})

describe('a refund after it', () => {
  it('sends nothing that the bank has given back already', () => {
    const sold = sale()
    must(send(sold.world, taken(sold)), 'done')
    expect(cancel(sold)).toBeGreaterThan(0)
    expect(pendingOutbox(sold.world.state, 9)).toEqual([])
    const pay: Command = { type: 'payRefund', bookingId: sold.booking.bookingId }
    expect(send(sold.world, pay)).toEqual(refusedWith('nothingOwed'))
    expect(ledgerReport(sold.world.state, 0, 99).orphans).toEqual([])
  })

  it('sends the rest when the bank took a part', () => {
    const sold = sale()
    must(send(sold.world, taken(sold, 2_000)), 'done')
    const refund = cancel(sold)
    expect(pendingOutbox(sold.world.state, 9)).toMatchObject([{ amountMinor: refund - 2_000 }])
    answerLast(sold)
    expect(shown(sold)?.owedMinor).toBe(0)
  })

  it('is owed again when the dispute is won', () => {
    const sold = sale()
    must(send(sold.world, taken(sold)), 'done')
    const refund = cancel(sold)
    must(send(sold.world, settled(true), { actor: sold.staff }), 'done')
    expect(totals(sold)).toMatchObject({ providerClearing: 10_000, chargebacks: 0 })
    expect(shown(sold)?.owedMinor).toBe(refund)
    const pay: Command = { type: 'payRefund', bookingId: sold.booking.bookingId }
    must(send(sold.world, pay), 'refundQueued')
    answerLast(sold)
    expect(totals(sold)).toMatchObject({ providerClearing: 10_000 - refund, refundsPayable: 0 })
  })

  it('is the bank’s when the dispute is lost', () => {
    const sold = sale()
    const refund = cancel(sold, true)
    must(send(sold.world, taken(sold)), 'done')
    must(send(sold.world, settled(false)), 'done')
    must(send(sold.world, settled(false)), 'done')
    expect(send(sold.world, settled(true))).toEqual(refusedWith('chargebackDiffers'))
    expect(totals(sold)).toMatchObject({
      ...{ providerClearing: 0, chargebacks: 0, chargebackLosses: 10_000 },
      refundsPayable: -refund,
    })
    expect(shown(sold)?.owedMinor).toBe(0)
  })

  it('that the provider refused is the bank’s, too', () => {
    const sold = sale()
    expect(cancel(sold, false, [0])).toBe(5_000)
    must(send(sold.world, taken(sold, 5_000)), 'done')
    must(refused(sold.world, sold.world.state.meta.nextOutboxId - 1), 'done')
    expect(shown(sold)?.owedMinor).toBe(0)
    must(send(sold.world, settled(true)), 'done')
    expect(shown(sold)?.owedMinor).toBe(5_000)
  })
})

it('keeps a booking out of the archive while it is in dispute', () => {
  const sold = sale()
  const { world } = sold
  must(send(world, taken(sold)), 'done')
  world.nowMs += 60 * DAY
  const archive: Command = { type: 'archiveRun', runId: world.runId, belowBookingId: 0 }
  expect(must(send(world, archive), 'runArchived').left).toBe(1)
  must(send(world, settled(false)), 'done')
  expect(must(send(world, archive), 'runArchived').left).toBe(0)
  expect(send(world, taken(sold, 1, 'dispute-2'))).toEqual(refusedWith('bookingArchived'))
  const { bookingId } = sold.booking
  const more = { passengers: [0], amountMinor: 1, reason: 'goodwill', note: 'x' } as const
  const override: Command = { type: 'overrideRefund', bookingId, ...more }
  expect(send(world, override, { actor: sold.staff })).toEqual(refusedWith('bookingArchived'))
})
