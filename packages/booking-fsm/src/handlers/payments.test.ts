import { describe, expect, it } from 'vitest'
import {
  CLUSTER_ID,
  confirmed,
  DAY,
  done,
  HOLD,
  HOUR,
  held,
  key,
  must,
  pay,
  type Railway,
  railway,
  refused,
  register,
  runs,
  send,
  train,
  WINDOW,
} from '../../test/world.ts'
import type { Command } from '../commands.ts'
import { findBooking } from '../queries/bookings.ts'
import { ledgerTotals, pendingOutbox, refundQuote } from '../queries/payments.ts'
import { occupancy } from '../queries/seats.ts'

function start(bookingId: number, amountMinor: number, paymentToken = 'tok_1'): Command {
  return { type: 'startPayment', bookingId, paymentToken, amountMinor }
}
function cancel(bookingId: number, expectedRefundMinor: number): Command {
  return { type: 'cancelBooking', bookingId, expectedRefundMinor }
}
function pending(world: Railway): string[] {
  return pendingOutbox(world.state, 9).map(({ outboxId, kind }) => `${outboxId} ${kind}`)
}
/** The booking's status and its last payment's. */
function statuses(world: Railway, bookingId: number): unknown[] {
  const booking = findBooking(world.state, bookingId)
  return [booking?.status, booking?.payments.at(-1)?.status]
}
function sums(world: Railway): number[] {
  const { providerClearing, fareRevenue, refundsPayable } = ledgerTotals(world.state)
  expect(providerClearing + fareRevenue + refundsPayable).toBe(0)
  return [providerClearing, fareRevenue, refundsPayable]
}

describe('startPayment', () => {
  it('logs the intent, extends the hold and queues the authorisation', () => {
    const world = railway()
    const booking = held(world, world.ann, world.runId)
    world.nowMs += HOLD - 1
    expect(pay(world, world.ann, booking)).toEqual({
      type: 'paymentStarted',
      paymentId: 1,
      expiresAtMs: world.nowMs + WINDOW,
    })
    expect(statuses(world, booking.bookingId)).toEqual(['paying', 'authorising'])
    expect(pendingOutbox(world.state, 9)).toEqual([
      {
        outboxId: 1,
        key: `${CLUSTER_ID}-${world.index}-0`,
        kind: 'authorise',
        paymentId: 1,
        bookingId: booking.bookingId,
        amountMinor: 5_000,
        currency: 'EUR',
        paymentToken: 'tok_1',
        providerReference: '',
      },
    ])
  })

  it('never shortens a hold, and extends it once', () => {
    const world = railway()
    const booking = held(world, world.ann, world.runId)
    const first = must(pay(world, world.ann, booking), 'paymentStarted')
    expect(first.expiresAtMs).toBe(world.nowMs + HOLD)
    refused(world, 1)
    world.nowMs += HOLD - 1
    const second = must(pay(world, world.ann, booking), 'paymentStarted')
    expect(second.expiresAtMs).toBe(first.expiresAtMs)
  })

  it('is refused for what can not be paid', () => {
    const world = railway()
    const { ann: actor } = world
    const booking = held(world, actor, world.runId)
    const { bookingId } = booking
    expect(send(world, start(bookingId, 5_000), { actor: world.bob })).toMatchObject({
      code: 'bookingNotFound',
    })
    expect(send(world, start(bookingId, 4_999), { actor })).toMatchObject({
      code: 'priceChanged',
      figure: 5_000,
    })
    const wrong: [Command, string][] = [
      [start(0, 5_000), 'bookingId'],
      [start(bookingId, -1), 'amountMinor'],
      [start(bookingId, 5_000, ''), 'paymentToken'],
      [start(bookingId, 5_000, '4242424242424242'), 'paymentToken'],
      [start(bookingId, 5_000, '4242-4242-4242-4242'), 'paymentToken'],
    ]
    for (const [command, field] of wrong) {
      expect(send(world, command, { actor })).toMatchObject({ code: 'invalidField', field })
    }
    must(pay(world, actor, booking), 'paymentStarted')
    expect(pay(world, actor, booking)).toMatchObject({ code: 'alreadyPaying' })
    done(world, 1)
    expect(pay(world, actor, booking)).toMatchObject({ code: 'alreadyConfirmed' })
    send(world, cancel(bookingId, 5_000), { actor })
    expect(pay(world, actor, booking)).toMatchObject({ code: 'alreadyCancelled' })
    const released = held(world, actor, world.runId)
    send(world, { type: 'releaseHold', bookingId: released.bookingId }, { actor })
    expect(pay(world, actor, released)).toMatchObject({ code: 'notHeld' })
    const late = held(world, actor, world.runId)
    world.nowMs += HOLD
    expect(pay(world, actor, late)).toMatchObject({ code: 'holdExpired' })
  })

  it('is refused after departure, and after twenty payments', () => {
    const world = railway()
    world.nowMs += 2 * DAY + 6 * HOUR - 1
    const booking = held(world, world.ann, world.runId)
    world.nowMs += 1
    expect(pay(world, world.ann, booking)).toMatchObject({ code: 'runDeparted' })
    const other = held(world, world.ann, world.runId, { from: 1 })
    for (let i = 1; i <= 20; i++) {
      must(pay(world, world.ann, other), 'paymentStarted')
      refused(world, i)
    }
    expect(pay(world, world.ann, other)).toMatchObject({ code: 'tooMany', figure: 20 })
  })
})

describe('recordOutcome', () => {
  it('confirms, captures, and the ledger balances', () => {
    const world = railway()
    const booking = held(world, world.ann, world.runId)
    pay(world, world.ann, booking)
    must(done(world, 1), 'done')
    expect(statuses(world, booking.bookingId)).toEqual(['confirmed', 'authorised'])
    expect(pendingOutbox(world.state, 9)).toMatchObject([
      { outboxId: 2, kind: 'capture', amountMinor: 5_000, providerReference: 'ref-1' },
    ])
    expect(sums(world)).toEqual([0, 0, 0])
    must(done(world, 2), 'done')
    expect(statuses(world, booking.bookingId)).toEqual(['confirmed', 'captured'])
    expect(sums(world)).toEqual([5_000, -5_000, 0])
    expect(pending(world)).toEqual([])
    expect(occupancy(world.state, world.runId)?.segments[0]).toMatchObject({ sold: 1, held: 0 })
    world.nowMs += DAY
    send(world, { type: 'tick' })
    expect(statuses(world, booking.bookingId)).toEqual(['confirmed', 'captured'])
  })

  it('gives a declined booking back to its hold', () => {
    const world = railway()
    const booking = held(world, world.ann, world.runId)
    pay(world, world.ann, booking)
    must(refused(world, 1), 'done')
    expect(findBooking(world.state, booking.bookingId)).toMatchObject({
      status: 'held',
      expiresAtMs: world.nowMs + HOLD,
      payments: [{ status: 'declined', declineReason: 'no funds' }],
    })
    pay(world, world.ann, booking)
    done(world, 2)
    expect(statuses(world, booking.bookingId)).toEqual(['confirmed', 'authorised'])
  })

  it('takes the seats again when the hold has expired and they are free', () => {
    const world = railway()
    const booking = held(world, world.ann, world.runId, { seats: [6, 7] })
    pay(world, world.ann, booking)
    world.nowMs += HOLD
    must(done(world, 1), 'done')
    expect(statuses(world, booking.bookingId)).toEqual(['confirmed', 'authorised'])
    expect(occupancy(world.state, world.runId)?.segments[0]).toMatchObject({ sold: 2, held: 0 })
  })

  it('voids when one of the seats is gone', () => {
    const world = railway()
    const booking = held(world, world.ann, world.runId, { seats: [6, 7] })
    pay(world, world.ann, booking)
    world.nowMs += HOLD
    held(world, world.bob, world.runId, { from: 3, seats: [7] })
    must(done(world, 1), 'done')
    expect(statuses(world, booking.bookingId)).toEqual(['expired', 'voiding'])
    expect(pending(world)).toEqual(['2 void'])
    must(done(world, 2), 'done')
    expect(statuses(world, booking.bookingId)).toEqual(['expired', 'voided'])
    expect(sums(world)).toEqual([0, 0, 0])
  })

  it('voids when the train has left; the void may lapse by itself', () => {
    const world = railway()
    world.nowMs += 2 * DAY + 6 * HOUR - 1
    const booking = held(world, world.ann, world.runId)
    pay(world, world.ann, booking)
    world.nowMs += HOLD
    must(done(world, 1), 'done')
    expect(statuses(world, booking.bookingId)).toEqual(['expired', 'voiding'])
    must(refused(world, 2, 'gone'), 'done')
    expect(statuses(world, booking.bookingId)).toEqual(['expired', 'voided'])
  })

  it('voids for a due hold although more are due than an entry expires', () => {
    const world = railway()
    world.nowMs += 2 * DAY + 6 * HOUR - 1
    const coaches = [{ label: '1', classCode: '2', rows: 200, columns: 'ABCDEF' }]
    const { trainId } = must(send(world, train('big', { coaches })), 'trainAdded')
    const [runId = 0] = must(send(world, runs(trainId, 3)), 'runsAdded').runIds
    for (let i = 0; i < 1_001; i++) held(world, world.ann, runId)
    const booking = held(world, world.ann, world.runId)
    pay(world, world.ann, booking)
    world.nowMs += HOLD
    must(done(world, 1), 'done')
    expect(statuses(world, booking.bookingId)).toEqual(['expired', 'voiding'])
  })

  it('declines after expiry without waking the hold', () => {
    const world = railway()
    const booking = held(world, world.ann, world.runId)
    pay(world, world.ann, booking)
    world.nowMs += HOLD
    must(refused(world, 1), 'done')
    expect(statuses(world, booking.bookingId)).toEqual(['expired', 'declined'])
  })

  it('counts once', () => {
    const world = railway()
    const booking = held(world, world.ann, world.runId)
    pay(world, world.ann, booking)
    must(done(world, 1), 'done')
    expect(done(world, 1)).toMatchObject({ code: 'outboxResolved' })
    expect(world.changes.map(({ table }) => table)).toEqual(['meta'])
    expect(refused(world, 1)).toMatchObject({ code: 'outboxResolved' })
    expect(done(world, 3)).toMatchObject({ code: 'outboxNotFound' })
    expect(statuses(world, booking.bookingId)).toEqual(['confirmed', 'authorised'])
  })

  it('is the cluster’s, its payment provider’s included', () => {
    const world = railway()
    pay(world, world.ann, held(world, world.ann, world.runId))
    const outcome = { type: 'done', providerReference: 'r' } as const
    const command: Command = { type: 'recordOutcome', outboxId: 1, outcome }
    const operator = register(world, 'op@example.org', 'operator')
    expect(send(world, command, { actor: operator })).toMatchObject({ code: 'notAllowed' })
    expect(send(world, command, { key: key('r') })).toMatchObject({ code: 'notAllowed' })
    const webhook = key('evt_1', { principal: 'p:sandbox' })
    must(send(world, command, { key: webhook }), 'done')
    must(send(world, command, { key: webhook }), 'done')
  })

  it('is checked field by field', () => {
    const world = railway()
    const wrong: [object, string][] = [
      [{ outboxId: 0 }, 'outboxId'],
      [{ outcome: null }, 'outcome'],
      [{ outcome: { type: 'maybe' } }, 'outcome.type'],
      [{ outcome: { type: 'done', providerReference: '' } }, 'outcome.providerReference'],
      [{ outcome: { type: 'refused' } }, 'outcome.reason'],
    ]
    for (const [changed, field] of wrong) {
      const command = { type: 'recordOutcome', outboxId: 1, ...changed } as Command
      expect(send(world, command)).toMatchObject({ code: 'invalidField', field })
    }
  })
})

describe('a refused capture', () => {
  it('cancels the booking, because no money came', () => {
    const world = railway()
    const { bookingId } = confirmed(world, world.ann, world.runId)
    must(refused(world, 2), 'done')
    expect(findBooking(world.state, bookingId)).toMatchObject({
      status: 'cancelled',
      refundMinor: 0,
      payments: [{ status: 'declined', declineReason: 'no funds' }],
    })
    expect(occupancy(world.state, world.runId)?.segments[0]).toMatchObject({ sold: 0, held: 0 })
    expect(sums(world)).toEqual([0, 0, 0])
  })

  it('withdraws the refund of a booking that was cancelled meanwhile', () => {
    const world = railway()
    const { bookingId } = confirmed(world, world.ann, world.runId)
    must(send(world, cancel(bookingId, 5_000), { actor: world.ann }), 'bookingCancelled')
    expect(pending(world)).toEqual(['2 capture'])
    expect(sums(world)).toEqual([0, 5_000, -5_000])
    must(refused(world, 2), 'done')
    expect(pending(world)).toEqual([])
    expect(sums(world)).toEqual([0, 0, 0])
    expect(findBooking(world.state, bookingId)).toMatchObject({
      refundMinor: 0,
      payments: [{ status: 'declined', refundPending: false, refundedMinor: 0 }],
    })
    expect(done(world, 3)).toMatchObject({ code: 'outboxResolved' })
  })
})

describe('cancelBooking', () => {
  it('frees the seats and pays back after the capture', () => {
    const world = railway()
    const { bookingId } = confirmed(world, world.ann, world.runId, { seats: [6] })
    expect(send(world, cancel(bookingId, 5_000), { actor: world.ann })).toEqual({
      type: 'bookingCancelled',
      refundMinor: 5_000,
    })
    held(world, world.bob, world.runId, { seats: [6] })
    expect(pending(world)).toEqual(['2 capture'])
    expect(done(world, 3)).toMatchObject({ code: 'notAllowed', field: 'outboxId' })
    done(world, 2)
    expect(pendingOutbox(world.state, 9)).toMatchObject([
      { outboxId: 3, kind: 'refund', amountMinor: 5_000, providerReference: 'ref-1' },
    ])
    expect(findBooking(world.state, bookingId)?.payments).toMatchObject([
      { status: 'captured', refundPending: true, refundedMinor: 0 },
    ])
    done(world, 3)
    expect(findBooking(world.state, bookingId)?.payments).toMatchObject([
      { status: 'captured', refundPending: false, refundedMinor: 5_000 },
    ])
    expect(sums(world)).toEqual([0, 0, 0])
  })

  it('pays by the bands of the rule: all until a day before, then half', () => {
    const world = railway()
    const { bookingId } = confirmed(world, world.ann, world.runId)
    const departure = world.nowMs + 2 * DAY + 6 * HOUR
    const quoteAt = (nowMs: number) => {
      const quote = refundQuote(world.state, bookingId, nowMs)
      return [quote?.refundMinor, quote?.validUntilMs]
    }
    expect(quoteAt(departure - DAY - 1)).toEqual([5_000, departure - DAY])
    expect(quoteAt(departure - DAY)).toEqual([2_500, departure])
    expect(quoteAt(departure)).toEqual([undefined, undefined])
    world.nowMs = departure - DAY
    expect(send(world, cancel(bookingId, 5_000), { actor: world.ann })).toMatchObject({
      code: 'refundChanged',
      figure: 2_500,
    })
    must(send(world, cancel(bookingId, 2_500), { actor: world.ann }), 'bookingCancelled')
    done(world, 2)
    done(world, 3)
    expect(sums(world)).toEqual([2_500, -2_500, 0])
  })

  it('keeps to the rule the booking was sold under', () => {
    const world = railway()
    const { bookingId } = confirmed(world, world.ann, world.runId)
    send(world, { type: 'setRefundRule', validFromMs: 0, bands: [] })
    expect(refundQuote(world.state, bookingId, world.nowMs)?.refundMinor).toBe(5_000)
    const later = confirmed(world, world.ann, world.runId)
    expect(refundQuote(world.state, later.bookingId, world.nowMs)).toMatchObject({ refundMinor: 0 })
    const outbox = pending(world)
    must(send(world, cancel(later.bookingId, 0), { actor: world.ann }), 'bookingCancelled')
    expect(pending(world)).toEqual(outbox)
  })

  it('leaves a refused refund as a debt', () => {
    const world = railway()
    const { bookingId } = confirmed(world, world.ann, world.runId)
    send(world, cancel(bookingId, 5_000), { actor: world.ann })
    done(world, 2)
    refused(world, 3, 'card closed')
    expect(sums(world)).toEqual([5_000, 0, -5_000])
    expect(findBooking(world.state, bookingId)?.payments).toMatchObject([
      { refundPending: false, refundedMinor: 0, declineReason: 'card closed' },
    ])
  })

  it('is for one’s own confirmed booking, before departure', () => {
    const world = railway()
    const { bookingId } = confirmed(world, world.ann, world.runId)
    const staff = register(world, 'staff@example.org', 'staff')
    for (const actor of [0, world.bob, staff]) {
      expect(send(world, cancel(bookingId, 5_000), { actor })).toMatchObject({
        code: 'bookingNotFound',
      })
    }
    const { ann: actor } = world
    const other = held(world, actor, world.runId)
    expect(send(world, cancel(other.bookingId, 0), { actor })).toMatchObject({
      code: 'notConfirmed',
    })
    expect(send(world, cancel(bookingId, -1), { actor })).toMatchObject({
      field: 'expectedRefundMinor',
    })
    world.nowMs += 2 * DAY + 6 * HOUR
    expect(send(world, cancel(bookingId, 2_500), { actor })).toMatchObject({ code: 'runDeparted' })
    world.nowMs = 0
    const again = railway()
    const mine = confirmed(again, again.ann, again.runId)
    send(again, cancel(mine.bookingId, 5_000), { actor: again.ann })
    expect(send(again, cancel(mine.bookingId, 5_000), { actor: again.ann })).toMatchObject({
      code: 'alreadyCancelled',
    })
  })
})
