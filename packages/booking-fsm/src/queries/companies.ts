import type { MemberRole } from '../commands.ts'
import type { BookingState } from '../state.ts'

export interface CompanyView {
  readonly companyId: number
  readonly name: string
  readonly taxId: string
  readonly address: string
  readonly creditLimitMinor: number
  readonly paymentTermMs: number
  /** With what stands on no invoice yet. */
  readonly owedMinor: number
  readonly members: readonly { readonly accountId: number; readonly role: MemberRole }[]
  /** Those that are not paid, oldest first. */
  readonly openInvoices: readonly OpenInvoiceView[]
}
export interface OpenInvoiceView {
  readonly invoiceId: number
  readonly dueAtMs: number
  readonly totalMinor: number
  readonly taxMinor: number
  readonly paidMinor: number
}

export function findCompany(state: BookingState, companyId: number): CompanyView | undefined {
  const company = state.companies.get(companyId)
  if (company === undefined) return undefined
  const { hashLow: _, hashHigh: __, members, ...view } = company
  const all = [...members.values()].sort((a, b) => a.accountId - b.accountId)
  const open = [...state.invoices.values()].filter(
    (it) => it.companyId === companyId && it.invoiceId > 0,
  )
  return {
    ...view,
    members: all.map(({ accountId, role }) => ({ accountId, role })),
    openInvoices: open.map(({ invoiceId, dueAtMs, totalMinor, taxMinor, paidMinor }) => ({
      invoiceId,
      dueAtMs,
      totalMinor,
      taxMinor,
      paidMinor,
    })),
  }
}

/** Those that the account is a member of. Looks through them all. */
export function companiesOf(state: BookingState, accountId: number): readonly number[] {
  return [...state.companies.values()]
    .filter(({ members }) => members.has(accountId))
    .map(({ companyId }) => companyId)
}
