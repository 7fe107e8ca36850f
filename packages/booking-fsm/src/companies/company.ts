/** Companies: what they owe, and what stands on no invoice yet. */

import type { MemberRole } from '../commands.ts'
import { addToCounter } from '../counters.ts'
import { taxesOf } from '../fares.ts'
import { proportion } from '../rounding.ts'
import type { BookingState } from '../state.ts'
import { deleteRow, type Work, writeRow } from '../store.ts'
import { type Hashed, type Payment, unhashed } from '../things.ts'
import { legsOf, tripPrice } from '../trips.ts'

export interface Company extends Hashed {
  readonly companyId: number
  name: string
  taxId: string
  address: string
  creditLimitMinor: number
  paymentTermMs: number
  /** Owed, whether it stands on an invoice or not; below 0: the railway owes it. */
  owedMinor: number
  /** Derived: who books for it, by account. */
  readonly members: Map<number, Member>
}
export interface Member extends Hashed {
  readonly companyId: number
  readonly accountId: number
  readonly role: MemberRole
}

/** What is to stand on an invoice: a sale, or below 0 what was given back of one. */
export interface CompanyItem extends Hashed {
  readonly itemId: number
  readonly companyId: number
  readonly paymentId: number
  readonly bookingId: number
  readonly amountMinor: number
  /** In it. */
  readonly taxMinor: number
  readonly atMs: number
}

/** An invoice that is being written, or waits for its money. */
export interface Invoice extends Hashed {
  readonly draftId: number
  readonly companyId: number
  /** Items up to this one stand on it. */
  readonly lastItemId: number
  /** 0: it is being written. */
  invoiceId: number
  dueAtMs: number
  lines: number
  totalMinor: number
  taxMinor: number
  paidMinor: number
}

export function keepMember(state: BookingState, member: Member): void {
  state.companies.get(member.companyId)?.members.set(member.accountId, member)
}

/** Looks through them all. */
export function leaveCompanies(work: Work, accountId: number): void {
  for (const { companyId, members } of work.state.companies.values()) {
    const member = members.get(accountId)
    if (member === undefined) continue
    members.delete(accountId)
    deleteRow(work, 'company_members', member, [companyId, accountId])
  }
}

/** One that is written, and not paid in time. */
export function isOverdue({ invoices, meta }: BookingState, companyId: number): boolean {
  for (const invoice of invoices.values()) {
    const isDue = invoice.invoiceId > 0 && invoice.dueAtMs <= meta.nowMs
    if (isDue && invoice.companyId === companyId) return true
  }
  return false
}

/** The company that a payment was put on; undefined: another way. */
export function companyOf(state: BookingState, payment: Payment): Company | undefined {
  const [word, id] = payment.providerReference.split(':')
  if (payment.paymentToken !== '' || word !== 'company') return undefined
  return state.companies.get(Number(id))
}

/** A sale on account, or with less than 0 what goes back of it. `refundedMinor`: of the payment, before. */
export function charge(
  work: Work,
  company: Company,
  payment: Payment,
  amountMinor: number,
  refundedMinor: number,
): void {
  const { state } = work
  const taxAt = (minor: number) => proportion(taxOf(payment), minor, payment.amountMinor)
  const taxMinor =
    amountMinor > 0 ? taxOf(payment) : taxAt(refundedMinor) - taxAt(refundedMinor - amountMinor)
  company.owedMinor += amountMinor
  writeRow(work, 'companies', company)
  const item: CompanyItem = {
    ...unhashed,
    itemId: addToCounter(work, 'companyItems', 1),
    companyId: company.companyId,
    paymentId: payment.paymentId,
    bookingId: payment.booking.bookingId,
    amountMinor,
    taxMinor,
    atMs: state.meta.nowMs,
  }
  state.companyItems.set(item.itemId, item)
  writeRow(work, 'company_items', item)
}

/** Of what the company pays of the price. */
function taxOf({ booking, amountMinor }: Payment): number {
  const tax = legsOf(booking)
    .flatMap(taxesOf)
    .reduce((sum, of) => sum + of, 0)
  return proportion(tax, amountMinor, tripPrice(booking))
}
