/** Companies that book on account. */
import type { MemberRole } from '../commands.ts'
import {
  type Company,
  type CompanyItem,
  type Invoice,
  keepMember,
  type Member,
} from '../companies/company.ts'
import type { BookingState } from '../state.ts'
import { type Hashed, unhashed } from '../things.ts'
import { type Cursor, int, text } from './cursor.ts'

export function loadCompany(state: BookingState, row: Cursor): Hashed {
  const company: Company = {
    ...unhashed,
    companyId: int(row),
    name: text(row),
    taxId: text(row),
    address: text(row),
    creditLimitMinor: int(row),
    paymentTermMs: int(row),
    owedMinor: int(row),
    members: new Map(),
  }
  state.companies.set(company.companyId, company)
  return company
}

export function loadMember(state: BookingState, row: Cursor): Hashed {
  const member: Member = {
    ...unhashed,
    companyId: int(row),
    accountId: int(row),
    role: text(row) as MemberRole,
  }
  if (!state.companies.has(member.companyId)) throw new Error('a member of no company')
  keepMember(state, member)
  return member
}

export function loadCompanyItem(state: BookingState, row: Cursor): Hashed {
  const item: CompanyItem = {
    ...unhashed,
    itemId: int(row),
    companyId: int(row),
    paymentId: int(row),
    bookingId: int(row),
    amountMinor: int(row),
    taxMinor: int(row),
    atMs: int(row),
  }
  state.companyItems.set(item.itemId, item)
  return item
}

export function loadInvoice(state: BookingState, row: Cursor): Hashed {
  const invoice: Invoice = {
    ...unhashed,
    draftId: int(row),
    companyId: int(row),
    lastItemId: int(row),
    invoiceId: int(row),
    dueAtMs: int(row),
    lines: int(row),
    totalMinor: int(row),
    taxMinor: int(row),
    paidMinor: int(row),
  }
  state.invoices.set(invoice.draftId, invoice)
  return invoice
}
