/** Companies, and what they pay. */
import { mustBeStaff, ownBooking } from '../actors.ts'
import { firstInvalid, isId, isInt, isText } from '../checks.ts'
import type {
  IssueInvoice,
  PayOnAccount,
  RecordInvoicePayment,
  SetCompany,
  SetMember,
} from '../commands.ts'
import {
  type Company,
  type Invoice,
  isOverdue,
  keepMember,
  type Member,
} from '../companies/company.ts'
import { dropInvoice } from '../companies/write-invoices.ts'
import { addToCounter } from '../counters.ts'
import { dueMinor } from '../exchanges.ts'
import { expireIfDue } from '../expiry.ts'
import { transfer } from '../ledger.ts'
import { refuse } from '../refusal.ts'
import type { Refusal, Reply } from '../replies.ts'
import { deleteRow, type Work, writeRecord, writeRow } from '../store.ts'
import { unhashed } from '../things.ts'
import { leadOf } from '../trips.ts'
import { confirmAtOnce, mustBeSellable } from './confirm-booking.ts'
import { mustBeHeld } from './release-hold.ts'

const MAX_CREDIT_MINOR = 1_000_000_000_000
/** 366 days. */
const MAX_TERM_MS = 31_622_400_000
const MAX_MEMBERS = 1_000

export function setCompany(work: Work, command: SetCompany): Reply {
  const { state } = work
  const { companyId, name, taxId, address, creditLimitMinor, paymentTermMs } = command
  const refusal =
    firstInvalid([
      [isInt(companyId, 0, Number.MAX_SAFE_INTEGER), 'companyId'],
      [isText(name, 1, 200), 'name'],
      [isText(taxId, 0, 64), 'taxId'],
      [isText(address, 1, 500), 'address'],
      [isInt(creditLimitMinor, 0, MAX_CREDIT_MINOR), 'creditLimitMinor'],
      [isInt(paymentTermMs, 0, MAX_TERM_MS), 'paymentTermMs'],
    ]) ?? mustBeStaff(work)
  if (refusal !== undefined) return refusal
  const known = state.companies.get(companyId)
  if (known === undefined && companyId > 0) return refuse('companyNotFound')
  const terms = { name, taxId, address, creditLimitMinor, paymentTermMs }
  const company: Company = known ?? {
    ...unhashed,
    companyId: addToCounter(work, 'companies', 1),
    ...terms,
    owedMinor: 0,
    members: new Map(),
  }
  Object.assign(company, terms)
  state.companies.set(company.companyId, company)
  writeRow(work, 'companies', company)
  return { type: 'companySet', companyId: company.companyId }
}

export function setMember(work: Work, { companyId, accountId, role }: SetMember): Reply {
  const { state } = work
  const refusal = firstInvalid([
    [isId(companyId), 'companyId'],
    [isId(accountId), 'accountId'],
    [role === 'none' || role === 'traveller' || role === 'booker' || role === 'admin', 'role'],
  ])
  if (refusal !== undefined) return refusal
  const company = state.companies.get(companyId)
  const isAdmin = company?.members.get(work.actor)?.role === 'admin'
  const may = isAdmin ? undefined : mustBeStaff(work)
  if (may !== undefined) return may
  if (company === undefined) return refuse('companyNotFound')
  const account = state.accounts.get(accountId)
  if (account === undefined || account.role === 'guest') {
    return refuse('accountNotFound', { field: 'accountId' })
  }
  const before = company.members.get(accountId)
  if (role === 'none') {
    if (before === undefined) return { type: 'done' }
    company.members.delete(accountId)
    deleteRow(work, 'company_members', before, [companyId, accountId])
    return { type: 'done' }
  }
  if (before === undefined && company.members.size >= MAX_MEMBERS) {
    return refuse('tooMany', { figure: MAX_MEMBERS })
  }
  const { hashLow, hashHigh } = before ?? unhashed
  const member: Member = { hashLow, hashHigh, companyId, accountId, role }
  keepMember(state, member)
  writeRow(work, 'company_members', member)
  return { type: 'done' }
}

export function payOnAccount(work: Work, command: PayOnAccount): Reply {
  const { state } = work
  const { companyId, bookingId, amountMinor } = command
  const refusal = firstInvalid([
    [isId(companyId), 'companyId'],
    [isId(bookingId), 'bookingId'],
    [isInt(amountMinor, 0, Number.MAX_SAFE_INTEGER), 'amountMinor'],
  ])
  if (refusal !== undefined) return refusal
  const company = state.companies.get(companyId)
  const role = company?.members.get(work.actor)?.role
  // Who is no member is not told whether there is such a company.
  if (company === undefined || role === undefined || role === 'traveller') {
    return refuse('notAllowed', { field: 'companyId' })
  }
  const named = ownBooking(work, bookingId)
  if (named === undefined) return refuse('bookingNotFound')
  const booking = leadOf(named)
  expireIfDue(work, booking)
  const unfit = mustBeHeld(named) ?? mustBeSellable(state, booking)
  if (unfit !== undefined) return unfit
  const due = dueMinor(state, booking)
  if (amountMinor !== due) return refuse('priceChanged', { figure: due })
  if (due === 0) return refuse('nothingToPay')
  const broke = mustHaveCredit(work, company, due)
  if (broke !== undefined) return broke
  confirmAtOnce(work, booking, due, `company:${companyId}`)
  return { type: 'done' }
}

function mustHaveCredit({ state }: Work, company: Company, due: number): Refusal | undefined {
  if (isOverdue(state, company.companyId)) return refuse('invoiceOverdue')
  const left = Math.max(company.creditLimitMinor - company.owedMinor, 0)
  return due > left ? refuse('creditExceeded', { figure: left }) : undefined
}

/** It is written from the next entry on. */
export function issueInvoice(work: Work, { companyId }: IssueInvoice): Reply {
  const { state } = work
  const refusal = firstInvalid([[isId(companyId), 'companyId']]) ?? mustBeStaff(work)
  if (refusal !== undefined) return refusal
  if (!state.companies.has(companyId)) return refuse('companyNotFound')
  let lastItemId = 0
  for (const item of state.companyItems.values()) {
    if (item.companyId === companyId) lastItemId = item.itemId
  }
  if (lastItemId === 0) return refuse('nothingToInvoice')
  for (const invoice of state.invoices.values()) {
    if (invoice.companyId === companyId && invoice.invoiceId === 0) return refuse('invoiceOpen')
  }
  const invoice: Invoice = {
    ...unhashed,
    draftId: addToCounter(work, 'invoiceDrafts', 1),
    companyId,
    lastItemId,
    ...{ invoiceId: 0, dueAtMs: 0, lines: 0, totalMinor: 0, taxMinor: 0, paidMinor: 0 },
  }
  state.invoices.set(invoice.draftId, invoice)
  writeRow(work, 'invoices', invoice)
  return { type: 'done' }
}

export function recordInvoicePayment(work: Work, command: RecordInvoicePayment): Reply {
  const { state } = work
  const { invoiceId, amountMinor, reference } = command
  const refusal =
    firstInvalid([
      [isId(invoiceId), 'invoiceId'],
      [isInt(amountMinor, 1, Number.MAX_SAFE_INTEGER), 'amountMinor'],
      [isText(reference, 1, 128), 'reference'],
    ]) ?? mustBeStaff(work)
  if (refusal !== undefined) return refusal
  const invoice = [...state.invoices.values()].find((it) => it.invoiceId === invoiceId)
  if (invoice === undefined) return refuse('invoiceNotFound')
  const left = invoice.totalMinor - invoice.paidMinor
  if (amountMinor > left) return refuse('tooMuchPaid', { figure: left })
  invoice.paidMinor += amountMinor
  const { companyId } = invoice
  const company = state.companies.get(companyId) as Company
  company.owedMinor -= amountMinor
  writeRow(work, 'companies', company)
  transfer(work, 'bank', 'receivables', amountMinor, undefined, 'invoice paid')
  const paymentId = addToCounter(work, 'invoicePayments', 1)
  const paid = [paymentId, invoiceId, companyId, amountMinor, reference]
  writeRecord(work, 'invoice_payments', [...paid, work.index, state.meta.nowMs])
  if (invoice.paidMinor === invoice.totalMinor) dropInvoice(work, invoice)
  else writeRow(work, 'invoices', invoice)
  return { type: 'done' }
}
