import { describe, expect, it } from 'vitest'
import { onRecord, viewsOfArchive } from '../../test/archive.ts'
import {
  DAY,
  done,
  HOLD,
  HOUR,
  held,
  MONDAY,
  must,
  type Railway,
  railway,
  refused,
  register,
  send,
} from '../../test/world.ts'
import type { Command, IssueVoucher } from '../commands.ts'
import { loadState } from '../load.ts'
import { findBooking } from '../queries/bookings.ts'
import { ledgerReport } from '../queries/ledger.ts'
import { ledgerTotals } from '../queries/payments.ts'
import { listVouchers } from '../queries/vouchers.ts'
import { rowsOf, stateHash } from '../snapshot.ts'

const code = '1'.repeat(64)

function voucher(world: Railway, changed: Partial<IssueVoucher> = {}): IssueVoucher {
  return {
    type: 'issueVoucher',
    codeHash: code,
    amountMinor: 2_000,
    basisPoints: 0,
    maximumMinor: 0,
    minimumMinor: 0,
    validFromMs: world.nowMs,
    validToMs: world.nowMs + 30 * DAY,
    once: false,
    accountId: 0,
    reason: 'goodwill',
    ...changed,
  }
}

function issue(world: Railway, changed: Partial<IssueVoucher> = {}): number {
  return must(send(world, voucher(world, changed)), 'voucherIssued').voucherId
}

function apply(world: Railway, bookingId: number, actor = world.ann, codeHash = code) {
  return send(world, { type: 'applyVoucher', bookingId, codeHash }, { actor })
}

/** 50.00 each, of which the voucher pays 20.00. */
function heldWith(world: Railway, passengers = 1): number {
  const { bookingId } = held(world, world.ann, world.runId, { passengers })
  must(apply(world, bookingId), 'voucherApplied')
  return bookingId
}

function start(world: Railway, bookingId: number, amountMinor: number, actor = world.ann) {
  const pay = { type: 'startPayment', bookingId, paymentToken: 'tok', amountMinor } as const
  return send(world, pay, { actor })
}

/** Authorised and captured: 30.00 by card. */
function paid(world: Railway, passengers = 1): number {
  const bookingId = heldWith(world, passengers)
  must(start(world, bookingId, passengers * 5_000 - 2_000), 'paymentStarted')
  done(world, world.state.meta.nextOutboxId - 1)
  done(world, world.state.meta.nextOutboxId - 1)
  return bookingId
}

function cancel(world: Railway, bookingId: number, expectedRefundMinor: number) {
  const command = { type: 'cancelBooking', bookingId, expectedRefundMinor } as const
  return must(send(world, command, { actor: world.ann }), 'bookingCancelled')
}

const left = (world: Railway, at = 0) => listVouchers(world.state, 0, 10)[at]?.leftMinor

function wellKept(world: Railway): void {
  expect(ledgerReport(world.state, 0, 100).orphans).toEqual([])
  const totals = ledgerTotals(world.state)
  expect(Object.values(totals).reduce((sum, it) => sum + it, 0)).toBe(0)
  expect(stateHash(loadState(rowsOf(world.state)))).toBe(stateHash(world.state))
}

describe('a voucher', () => {
  it('pays a part, the card the rest, and the ledger has both', () => {
    const world = railway()
    issue(world)
    expect(ledgerTotals(world.state)).toMatchObject({
      voucherLiability: -2_000,
      voucherCost: 2_000,
    })
    const { bookingId } = held(world, world.ann, world.runId)
    expect(apply(world, bookingId)).toMatchObject({ voucherMinor: 2_000, dueMinor: 3_000 })
    expect(start(world, bookingId, 5_000)).toMatchObject({ code: 'priceChanged', figure: 3_000 })
    must(start(world, bookingId, 3_000), 'paymentStarted')
    done(world, 1)
    done(world, 2)
    expect(ledgerTotals(world.state)).toMatchObject({
      providerClearing: 3_000,
      fareRevenue: -5_000,
      voucherLiability: 0,
      voucherCost: 2_000,
    })
    expect(findBooking(world.state, bookingId)?.voucher?.status).toBe('redeemed')
    wellKept(world)
  })

  it('pays all: nothing is asked of the provider', () => {
    const world = railway()
    issue(world, { amountMinor: 9_000 })
    const { bookingId } = held(world, world.ann, world.runId)
    expect(apply(world, bookingId)).toMatchObject({ voucherMinor: 5_000, dueMinor: 0 })
    expect(start(world, bookingId, 0)).toMatchObject({ code: 'nothingToPay' })
    must(send(world, { type: 'confirmBooking', bookingId }, { actor: world.ann }), 'done')
    expect(ledgerTotals(world.state)).toMatchObject({
      fareRevenue: -5_000,
      voucherLiability: -4_000,
    })
    cancel(world, bookingId, 5_000)
    expect(left(world)).toBe(9_000)
    expect(world.state.effects.size).toBe(0)
    expect(ledgerTotals(world.state).voucherLiability).toBe(-9_000)
    wellKept(world)
  })

  it('has back its share of what goes back, to the minor unit, however often something does', () => {
    const world = railway()
    issue(world)
    const bookingId = paid(world, 3)
    const offer = { type: 'offerRefund', bookingId } as const
    for (const [at, all] of [
      [0, 667],
      [1, 1_333],
      [2, 2_000],
    ] as const) {
      const asked = send(world, { ...offer, passengers: [at] }, { actor: world.ann })
      const { offerId } = must(asked, 'refundOffered')
      const accept = { type: 'acceptRefund', bookingId, offerId, payLater: false } as const
      must(send(world, accept, { actor: world.ann }), 'bookingCancelled')
      expect(findBooking(world.state, bookingId)?.voucher?.refundedMinor).toBe(all)
    }
    expect(left(world)).toBe(2_000)
    expect(findBooking(world.state, bookingId)?.owedMinor).toBe(0)
    for (const id of [...world.state.effects.keys()]) done(world, id)
    expect(ledgerTotals(world.state)).toMatchObject({ providerClearing: 0, refundsPayable: 0 })
    wellKept(world)
  })

  it('is set aside for the hold, and free when that ends or it is taken back', () => {
    const world = railway()
    issue(world)
    const bookingId = heldWith(world)
    expect(left(world)).toBe(0)
    const second = held(world, world.bob, world.runId).bookingId
    expect(apply(world, second, world.bob)).toMatchObject({ code: 'voucherUsedUp' })
    must(send(world, { type: 'removeVoucher', bookingId }, { actor: world.ann }), 'done')
    must(apply(world, second, world.bob), 'voucherApplied')
    expect(apply(world, second, world.bob)).toMatchObject({ code: 'voucherApplied' })
    world.nowMs += HOLD
    must(send(world, { type: 'tick' }), 'done')
    expect(left(world)).toBe(2_000)
    wellKept(world)
  })

  it('is not there twice: who pays late without it is charged nothing', () => {
    const world = railway()
    issue(world)
    const late = heldWith(world)
    must(start(world, late, 3_000), 'paymentStarted')
    world.nowMs += HOLD
    const other = held(world, world.bob, world.runId, { seats: [20] }).bookingId
    must(apply(world, other, world.bob), 'voucherApplied')
    done(world, 1)
    expect(findBooking(world.state, late)?.payments[0]?.status).toBe('voiding')
    must(send(world, { type: 'releaseHold', bookingId: other }, { actor: world.bob }), 'done')
    const again = heldWith(world)
    must(start(world, again, 3_000), 'paymentStarted')
    world.nowMs += HOLD
    done(world, 3)
    expect(findBooking(world.state, again)).toMatchObject({ status: 'confirmed' })
    wellKept(world)
  })

  it('is good again when the card did not pay in the end', () => {
    const world = railway()
    issue(world)
    const bookingId = heldWith(world)
    must(start(world, bookingId, 3_000), 'paymentStarted')
    done(world, 1)
    cancel(world, bookingId, 5_000)
    refused(world, 2)
    expect(left(world)).toBe(2_000)
    expect(ledgerTotals(world.state)).toMatchObject({ refundsPayable: 0, voucherLiability: -2_000 })
    wellKept(world)
  })

  it('expires: what is left is not owed any more; what comes back later is good for 90 days', () => {
    const world = railway()
    issue(world, { validToMs: world.nowMs + HOUR })
    const bookingId = paid(world)
    issue(world, { codeHash: '2'.repeat(64), amountMinor: 700, validToMs: world.nowMs + HOUR })
    world.nowMs += HOUR
    must(send(world, { type: 'tick' }), 'done')
    expect(left(world, 1)).toBe(0)
    expect(ledgerTotals(world.state)).toMatchObject({ voucherLiability: 0, voucherCost: 2_000 })
    const second = held(world, world.ann, world.runId).bookingId
    expect(apply(world, second)).toMatchObject({ code: 'voucherNotValid' })
    cancel(world, bookingId, 5_000)
    expect(listVouchers(world.state, 0, 1)[0]).toMatchObject({
      leftMinor: 2_000,
      validToMs: world.nowMs + 90 * DAY,
    })
    wellKept(world)
  })

  it('can be a share of the price, up to a sum, and be for one booking only', () => {
    const world = railway()
    issue(world, { amountMinor: 0, basisPoints: 2_500, maximumMinor: 1_000, once: true })
    const bookingId = held(world, world.ann, world.runId).bookingId
    expect(apply(world, bookingId)).toMatchObject({ voucherMinor: 1_000, dueMinor: 4_000 })
    const second = held(world, world.bob, world.runId).bookingId
    expect(apply(world, second, world.bob)).toMatchObject({ code: 'voucherUsedUp' })
    must(start(world, bookingId, 4_000), 'paymentStarted')
    done(world, 1)
    done(world, 2)
    expect(ledgerTotals(world.state)).toMatchObject({ voucherCost: 1_000, fareRevenue: -5_000 })
    cancel(world, bookingId, 5_000)
    must(apply(world, second, world.bob), 'voucherApplied')
    wellKept(world)
  })

  it('is for its owner, from its time on, for large enough sums', () => {
    const world = railway()
    const own = '3'.repeat(64)
    issue(world, { accountId: world.bob, codeHash: own })
    issue(world, { minimumMinor: 5_001, validFromMs: world.nowMs + 60_000 })
    const { bookingId } = held(world, world.ann, world.runId)
    expect(apply(world, bookingId, world.ann, own)).toMatchObject({ code: 'voucherNotFound' })
    expect(apply(world, bookingId)).toMatchObject({ code: 'voucherNotValid' })
    world.nowMs += 60_000
    expect(apply(world, bookingId)).toMatchObject({ code: 'voucherMinimum', figure: 5_001 })
    expect(apply(world, bookingId, world.bob)).toMatchObject({ code: 'bookingNotFound' })
  })

  it('is given out by staff, under a code of its own', () => {
    const world = railway()
    const staff = register(world, 'staff@example.org', 'staff')
    expect(send(world, voucher(world), { actor: world.ann })).toMatchObject({ code: 'notAllowed' })
    must(send(world, voucher(world), { actor: staff }), 'voucherIssued')
    expect(send(world, voucher(world))).toMatchObject({ code: 'voucherCodeTaken' })
    for (const [changed, field] of [
      [{ amountMinor: 0 }, 'basisPoints'],
      [{ basisPoints: 1 }, 'basisPoints'],
      [{ validToMs: world.nowMs }, 'validToMs'],
    ] as const) {
      const wrong = voucher(world, { codeHash: '9'.repeat(64), ...changed })
      expect(send(world, wrong)).toMatchObject({ code: 'invalidField', field })
    }
  })
})

it('what it paid stays with it when the booking is archived, and its staff give another voucher', () => {
  const world = railway()
  const staff = register(world, 'st@example.org', 'staff')
  issue(world)
  const bookingId = paid(world)
  const before = findBooking(world.state, bookingId)
  world.nowMs = MONDAY + 40 * DAY
  const records = onRecord(world, () => {
    const archive = { type: 'archiveRun', runId: world.runId, belowBookingId: 0 } as const
    expect(must(send(world, archive), 'runArchived')).toMatchObject({ left: 0, gone: true })
  })
  const [found] = viewsOfArchive(rowsOf(world.state), records, [bookingId])
  expect(found).toMatchObject({ voucher: before?.voucher, pnr: before?.pnr })
  wellKept(world)
  world.state = loadState(rowsOf(world.state))
  expect(left(world)).toBe(0)
  const complaint: Command = {
    ...{ type: 'overrideRefund', bookingId, passengers: [0], amountMinor: 100 },
    ...{ reason: 'medical', note: 'A broken leg.' },
  }
  expect(send(world, complaint, { actor: staff })).toMatchObject({ code: 'bookingArchived' })
})
