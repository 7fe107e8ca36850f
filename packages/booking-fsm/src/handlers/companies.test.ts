/** Companies that book on account, and their invoices. */
import { describe, expect, it } from 'vitest'
import { DAY, held, must, type Railway, railway, register, send } from '../../test/world.ts'
import { loadState } from '../load.ts'
import { findCompany } from '../queries/companies.ts'
import { ledgerReport } from '../queries/ledger.ts'
import { ledgerTotals, pendingOutbox, refundQuote } from '../queries/payments.ts'
import type { Reply } from '../replies.ts'
import type { Value } from '../rows.ts'
import { rowsOf, stateHash } from '../snapshot.ts'

const code = (reply: Reply): string => must(reply, 'refused').code
const who = { name: 'Dampf AG', taxId: 'CHE-1', address: 'Gleis 1' }

function companyWith(creditLimitMinor: number): Railway & { readonly companyId: number } {
  const world = railway()
  const terms = { creditLimitMinor, paymentTermMs: 30 * DAY }
  const set = { type: 'setCompany', companyId: 0, ...who, ...terms } as const
  const { companyId } = must(send(world, set), 'companySet')
  const member = { companyId, accountId: world.ann, role: 'booker' } as const
  must(send(world, { type: 'setMember', ...member }), 'done')
  return { ...world, companyId }
}
function pay(world: Railway, bookingId: number, amountMinor: number, actor = world.ann): Reply {
  return send(world, { type: 'payOnAccount', companyId: 1, bookingId, amountMinor }, { actor })
}
function sold(world: Railway): { bookingId: number; priceMinor: number } {
  const booking = held(world, world.ann, world.runId)
  must(pay(world, booking.bookingId, booking.priceMinor), 'done')
  return booking
}
function cancelled(world: Railway, bookingId: number): number {
  const expectedRefundMinor = refundQuote(world.state, bookingId, world.nowMs)?.refundMinor ?? 0
  const cancel = { type: 'cancelBooking', bookingId, expectedRefundMinor } as const
  must(send(world, cancel, { actor: world.ann }), 'bookingCancelled')
  return expectedRefundMinor
}
/** Rows of a record that are written by the next entries, until nothing is left to do. */
function invoiced(world: Railway): Readonly<Record<string, readonly (readonly Value[])[]>> {
  must(send(world, { type: 'issueInvoice', companyId: 1 }), 'done')
  const lines: (readonly Value[])[] = []
  const issued: (readonly Value[])[] = []
  for (let entry = 0; entry < 5; entry++) {
    must(send(world, { type: 'tick' }), 'done')
    for (const change of world.changes) {
      if (change.type === 'delete') continue
      if (change.table === 'invoice_lines') lines.push(change.values)
      if (change.table === 'issued_invoices') issued.push(change.values)
    }
  }
  return { lines, issued }
}
const again = (world: Railway): void => {
  expect(stateHash(loadState(rowsOf(world.state).toReversed()))).toBe(stateHash(world.state))
  expect(ledgerReport(world.state, 0, 1_000).orphans).toEqual([])
}

describe('a company', () => {
  it('owes what its bookers buy, and never more than its limit', () => {
    const world = companyWith(10_000)
    const first = held(world, world.ann, world.runId)
    const second = held(world, world.ann, world.runId)
    must(pay(world, first.bookingId, first.priceMinor), 'done')
    const limit = { ...who, creditLimitMinor: first.priceMinor * 2 - 1, paymentTermMs: DAY }
    must(send(world, { type: 'setCompany', companyId: 1, ...limit }), 'companySet')
    const refusal = must(pay(world, second.bookingId, second.priceMinor), 'refused')
    expect([refusal.code, refusal.figure]).toEqual(['creditExceeded', first.priceMinor - 1])
    expect(findCompany(world.state, 1)?.owedMinor).toBe(first.priceMinor)
    expect(ledgerTotals(world.state)).toMatchObject({
      receivables: first.priceMinor,
      providerClearing: 0,
    })
    expect(pendingOutbox(world.state, 9)).toEqual([])
    again(world)
  })

  it('is booked for by its bookers and admins; admins say who they are', () => {
    const world = companyWith(1_000_000)
    const { bookingId, priceMinor } = held(world, world.bob, world.runId)
    expect(code(pay(world, bookingId, priceMinor, world.bob))).toBe('notAllowed')
    const member = { type: 'setMember', companyId: 1, accountId: world.bob } as const
    const by = { actor: world.ann }
    expect(code(send(world, { ...member, role: 'booker' }, by))).toBe('notAllowed')
    must(send(world, { ...member, accountId: world.ann, role: 'admin' }), 'done')
    must(send(world, { ...member, role: 'traveller' }, by), 'done')
    expect(code(pay(world, bookingId, priceMinor, world.bob))).toBe('notAllowed')
    must(send(world, { ...member, role: 'booker' }, by), 'done')
    must(pay(world, bookingId, priceMinor, world.bob), 'done')
    again(world)
  })

  it('owes less at once when a booking is cancelled', () => {
    const world = companyWith(1_000_000)
    const { bookingId, priceMinor } = sold(world)
    const refund = cancelled(world, bookingId)
    expect(findCompany(world.state, 1)?.owedMinor).toBe(priceMinor - refund)
    expect(ledgerTotals(world.state).refundsPayable).toBe(0)
    again(world)
  })

  it('has a thousand members at most', () => {
    const world = companyWith(0)
    const company = world.state.companies.get(1)
    for (let id = 1_000; company !== undefined && company.members.size < 1_000; id++) {
      company.members.set(id, {
        hashLow: 0,
        hashHigh: 0,
        companyId: 1,
        accountId: id,
        role: 'booker',
      })
    }
    const one = {
      companyId: 1,
      accountId: register(world, 'x@example.org'),
      role: 'booker',
    } as const
    expect(code(send(world, { type: 'setMember', ...one }))).toBe('tooMany')
  })
})

describe('an invoice', () => {
  it('has all that was sold and given back, in portions, and then its number: without gaps', () => {
    const world = companyWith(100_000_000)
    const { bookingId, priceMinor } = sold(world)
    const refund = cancelled(world, bookingId)
    const item = world.state.companyItems.get(1)
    // More than are written in two entries.
    for (let itemId = 3; item !== undefined && itemId <= 250; itemId++) {
      world.state.companyItems.set(itemId, { ...item, itemId, amountMinor: 0, taxMinor: 0 })
    }
    const { lines = [], issued } = invoiced(world)
    expect(lines.map(([, line]) => line)).toEqual(Array.from({ length: 250 }, (_, i) => i + 1))
    expect(issued).toHaveLength(1)
    expect(issued?.[0]?.[9]).toBe(priceMinor - refund)
    expect(world.state.companyItems.size).toBe(0)
  })

  it('is written one at a time', () => {
    const world = companyWith(1_000_000)
    sold(world)
    const item = world.state.companyItems.get(1)
    for (let itemId = 2; item !== undefined && itemId <= 250; itemId++) {
      world.state.companyItems.set(itemId, { ...item, itemId })
    }
    must(send(world, { type: 'issueInvoice', companyId: 1 }), 'done')
    expect(code(send(world, { type: 'issueInvoice', companyId: 1 }))).toBe('invoiceOpen')
  })

  it('says what the company was when it was issued, and is paid in parts', () => {
    const world = companyWith(1_000_000)
    const { priceMinor } = sold(world)
    const { lines, issued } = invoiced(world)
    expect(lines).toHaveLength(1)
    expect(issued?.[0]?.slice(0, 6)).toEqual([1, 1, 1, 'Dampf AG', 'CHE-1', 'Gleis 1'])
    const pays = (amountMinor: number) =>
      send(world, {
        type: 'recordInvoicePayment',
        invoiceId: 1,
        amountMinor,
        reference: 'bank',
      })
    must(pays(1), 'done')
    expect(code(pays(priceMinor))).toBe('tooMuchPaid')
    expect(findCompany(world.state, 1)?.openInvoices).toMatchObject([{ paidMinor: 1 }])
    must(pays(priceMinor - 1), 'done')
    expect(code(pays(1))).toBe('invoiceNotFound')
    expect(findCompany(world.state, 1)?.owedMinor).toBe(0)
    expect(ledgerTotals(world.state)).toMatchObject({ receivables: 0, bank: priceMinor })
    expect(code(send(world, { type: 'issueInvoice', companyId: 1 }))).toBe('nothingToInvoice')
    sold(world)
    expect(invoiced(world).issued?.[0]?.[0]).toBe(2)
    again(world)
  })

  it('that is overdue ends the credit until it is paid; what was given back makes a credit note', () => {
    const world = companyWith(1_000_000)
    const terms = { ...who, creditLimitMinor: 1_000_000, paymentTermMs: 0 }
    must(send(world, { type: 'setCompany', companyId: 1, ...terms }), 'companySet')
    const { bookingId, priceMinor } = sold(world)
    invoiced(world)
    const next = held(world, world.ann, world.runId)
    expect(code(pay(world, next.bookingId, next.priceMinor))).toBe('invoiceOverdue')
    const paid = { invoiceId: 1, amountMinor: priceMinor, reference: 'bank' }
    must(send(world, { type: 'recordInvoicePayment', ...paid }), 'done')
    const refund = cancelled(world, bookingId)
    const { issued } = invoiced(world)
    expect(issued?.[0]?.[9]).toBe(-refund)
    expect(findCompany(world.state, 1)).toMatchObject({ owedMinor: -refund, openInvoices: [] })
    must(pay(world, next.bookingId, next.priceMinor), 'done')
    again(world)
  })
})
