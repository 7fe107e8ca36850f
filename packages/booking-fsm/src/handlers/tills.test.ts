/** Selling to others: tills, agents' shares, customers. */
import { describe, expect, it } from 'vitest'
import {
  confirmed,
  DAY,
  done,
  held,
  must,
  type Railway,
  railway,
  register,
  send,
} from '../../test/world.ts'
import { loadState } from '../load.ts'
import { customerOf, tillOf } from '../queries/agents.ts'
import { findBooking } from '../queries/bookings.ts'
import { ledgerReport } from '../queries/ledger.ts'
import { ledgerTotals, pendingOutbox, pendingPayOuts, refundQuote } from '../queries/payments.ts'
import type { Reply } from '../replies.ts'
import { rowsOf, stateHash } from '../snapshot.ts'

const code = (reply: Reply): string => must(reply, 'refused').code

function counter(): Railway & { readonly agent: number } {
  const world = railway()
  const agent = register(world, 'agent@example.org', 'agent')
  must(send(world, { type: 'openTill', floatMinor: 1_000 }, { actor: agent }), 'tillOpened')
  return { ...world, agent }
}
function pay(world: Railway, actor: number, bookingId: number, amountMinor: number): Reply {
  const sale = { bookingId, amountMinor, means: 'cash', reference: '' } as const
  return send(world, { type: 'payAtCounter', ...sale }, { actor })
}
function sold(world: Railway, actor: number): { bookingId: number; priceMinor: number } {
  const booking = held(world, actor, world.runId)
  must(pay(world, actor, booking.bookingId, booking.priceMinor), 'done')
  return booking
}
function cancelled(world: Railway, actor: number, bookingId: number): number {
  const quote = refundQuote(world.state, bookingId, world.nowMs)
  const expectedRefundMinor = quote?.refundMinor ?? 0
  const cancel = { type: 'cancelBooking', bookingId, expectedRefundMinor } as const
  must(send(world, cancel, { actor }), 'bookingCancelled')
  return expectedRefundMinor
}
const again = (world: Railway): void => {
  expect(stateHash(loadState(rowsOf(world.state).toReversed()))).toBe(stateHash(world.state))
  expect(ledgerReport(world.state, 0, 1_000).orphans).toEqual([])
}

describe('what is paid at a counter', () => {
  it('is sold at once, and the provider is not asked', () => {
    const world = counter()
    const { bookingId, priceMinor } = sold(world, world.agent)
    expect(findBooking(world.state, bookingId)?.status).toBe('confirmed')
    expect(pendingOutbox(world.state, 9)).toEqual([])
    const totals = { providerClearing: 0, cashInTills: 1_000 + priceMinor, cashInSafe: -1_000 }
    expect(ledgerTotals(world.state)).toMatchObject(totals)
    expect(tillOf(world.state, world.agent)?.cashMinor).toBe(1_000 + priceMinor)
    again(world)
  })

  it('is at its price, on one’s own hold, with a till that is open', () => {
    const world = counter()
    const { bookingId, priceMinor } = held(world, world.agent, world.runId)
    expect(code(pay(world, world.agent, bookingId, priceMinor + 1))).toBe('priceChanged')
    const other = register(world, 'other@example.org', 'agent')
    expect(code(pay(world, other, bookingId, priceMinor))).toBe('tillNotOpen')
    must(send(world, { type: 'openTill', floatMinor: 0 }, { actor: other }), 'tillOpened')
    expect(code(pay(world, other, bookingId, priceMinor))).toBe('bookingNotFound')
    expect(code(pay(world, world.ann, bookingId, priceMinor))).toBe('notAllowed')
  })

  it('goes back out of a till, of the agent’s own sales, as far as there is cash', () => {
    const world = counter()
    const { bookingId, priceMinor } = sold(world, world.agent)
    const refund = cancelled(world, world.agent, bookingId)
    expect(pendingOutbox(world.state, 9)).toEqual([])
    const [due] = pendingPayOuts(world.state, 9)
    const { outboxId = 0 } = due ?? {}
    expect(due?.amountMinor).toBe(refund)
    // The provider's word does not count: it knows nothing of it.
    expect(code(done(world, outboxId))).toBe('notAllowed')
    const payOut = (actor: number) =>
      send(world, { type: 'payOut', outboxId, reference: '' }, { actor })
    const [other, staff] = [
      register(world, 'other@example.org', 'agent'),
      register(world, 'staff@example.org', 'staff'),
    ]
    for (const actor of [other, staff]) {
      must(send(world, { type: 'openTill', floatMinor: refund - 1 }, { actor }), 'tillOpened')
    }
    expect(code(payOut(other))).toBe('outboxNotFound')
    expect(code(payOut(staff))).toBe('tillTooLow')
    must(payOut(world.agent), 'done')
    expect(code(payOut(world.agent))).toBe('outboxNotFound')
    expect(tillOf(world.state, world.agent)?.cashMinor).toBe(1_000 + priceMinor - refund)
    expect(findBooking(world.state, bookingId)?.payments[0]).toMatchObject({
      refundedMinor: refund,
      refundPending: false,
    })
    expect(ledgerTotals(world.state).refundsPayable).toBe(0)
    again(world)
  })
})

describe('a shift', () => {
  it('is one at a time, and ends with what is missing or too much', () => {
    const world = counter()
    const by = { actor: world.agent }
    expect(code(send(world, { type: 'openTill', floatMinor: 0 }, by))).toBe('tillOpen')
    const { priceMinor } = sold(world, world.agent)
    expect(code(send(world, { type: 'deleteAccount', accountId: world.agent }, by))).toBe(
      'tillOpen',
    )
    const counted = send(world, { type: 'closeTill', countedMinor: priceMinor }, by)
    expect(counted).toMatchObject({ expectedMinor: priceMinor + 1_000, differenceMinor: -1_000 })
    expect(ledgerTotals(world.state)).toMatchObject({
      cashInTills: 0,
      cashInSafe: priceMinor - 1_000,
      cashDifferences: 1_000,
    })
    expect(code(send(world, { type: 'closeTill', countedMinor: 0 }, by))).toBe('tillNotOpen')
    expect(must(send(world, { type: 'openTill', floatMinor: 0 }, by), 'tillOpened').tillId).toBe(2)
    again(world)
  })

  it('is ended by who sells no more', () => {
    const world = counter()
    const role = { type: 'setRole', accountId: world.agent, role: 'passenger' } as const
    must(send(world, role), 'done')
    const close = { type: 'closeTill', countedMinor: 1_000 } as const
    must(send(world, close, { actor: world.agent }), 'tillClosed')
  })
})

describe('an agent', () => {
  const rule = { type: 'setAgentRule', validFromMs: 0, maxOpenHolds: 0 } as const

  it('has the share of the rule in force when it was held, less what goes back', () => {
    const world = counter()
    must(send(world, { ...rule, accountId: 0, commissionBasisPoints: 1_000 }), 'done')
    const booking = held(world, world.agent, world.runId)
    world.nowMs += 1_000
    const later = { ...rule, validFromMs: world.nowMs, accountId: world.agent }
    must(send(world, { ...later, commissionBasisPoints: 2_000 }), 'done')
    must(pay(world, world.agent, booking.bookingId, booking.priceMinor), 'done')
    const earned = (booking.priceMinor * 10) / 100
    expect(ledgerTotals(world.state).commissionPayable).toBe(-earned)
    const refund = cancelled(world, world.agent, booking.bookingId)
    const { outboxId = 0 } = pendingPayOuts(world.state, 1)[0] ?? {}
    const payOut = { type: 'payOut', outboxId, reference: '' } as const
    must(send(world, payOut, { actor: world.agent }), 'done')
    const back = Math.round((earned * refund) / booking.priceMinor)
    expect(ledgerTotals(world.state).commissionPayable).toBe(back - earned)
    again(world)
  })

  it('has a share of what a customer pays by card, too, when it is taken', () => {
    const world = counter()
    must(send(world, { ...rule, accountId: 0, commissionBasisPoints: 1_000 }), 'done')
    const { priceMinor } = confirmed(world, world.agent, world.runId)
    expect(ledgerTotals(world.state).commissionPayable).toBe(0)
    must(done(world, world.state.meta.nextOutboxId - 1), 'done')
    expect(ledgerTotals(world.state).commissionPayable).toBe(-priceMinor / 10)
  })

  it('holds no more at once than the rule says', () => {
    const world = counter()
    const most = { ...rule, accountId: world.agent, maxOpenHolds: 1, commissionBasisPoints: 0 }
    must(send(world, most), 'done')
    const { bookingId } = held(world, world.agent, world.runId)
    const hold = { runId: world.runId, fromStop: 0, toStop: 1, classCode: '2', seats: [] }
    const more = { type: 'holdSeats', ...hold, passengers: [{ name: 'P' }] } as const
    expect(code(send(world, more, { actor: world.agent }))).toBe('tooManyHolds')
    must(send(world, { type: 'releaseHold', bookingId }, { actor: world.agent }), 'done')
    must(send(world, more, { actor: world.agent }), 'seatsHeld')
    world.nowMs += DAY
  })

  it('says whom a booking is for, of one’s own bookings', () => {
    const world = counter()
    const { bookingId } = held(world, world.agent, world.runId)
    const name = { type: 'nameCustomer', bookingId, displayName: 'Cora', email: '' } as const
    expect(code(send(world, name, { actor: world.ann }))).toBe('notAllowed')
    must(send(world, name, { actor: world.agent }), 'done')
    must(send(world, { ...name, email: 'cora@example.org' }, { actor: world.agent }), 'done')
    expect(customerOf(world.state, bookingId)).toEqual({
      displayName: 'Cora',
      email: 'cora@example.org',
    })
    const foreign = held(world, world.ann, world.runId).bookingId
    const other = { ...name, bookingId: foreign }
    expect(code(send(world, other, { actor: world.agent }))).toBe('bookingNotFound')
    again(world)
  })
})
