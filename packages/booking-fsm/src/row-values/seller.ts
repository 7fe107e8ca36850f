/** The rows of agents, tills and companies. */
import type { RowValues } from '../row-values.ts'

export const sellerRows = {
  agent_rules: (it) => [
    it.ruleId,
    it.validFromMs,
    it.accountId,
    it.maxOpenHolds,
    it.commissionBasisPoints,
  ],
  commissions: (it) => [it.paymentId, it.accountId, it.earnedMinor, it.backMinor],
  customers: (it) => [it.bookingId, it.displayName, it.email],
  tills: (it) => [it.accountId, it.tillId, it.openedAtMs, it.floatMinor, it.cashMinor],
  companies: (it) => [
    it.companyId,
    it.name,
    it.taxId,
    it.address,
    it.creditLimitMinor,
    it.paymentTermMs,
    it.owedMinor,
  ],
  company_members: (it) => [it.companyId, it.accountId, it.role],
  company_items: (it) => [
    it.itemId,
    it.companyId,
    it.paymentId,
    it.bookingId,
    it.amountMinor,
    it.taxMinor,
    it.atMs,
  ],
  invoices: (it) => [
    it.draftId,
    it.companyId,
    it.lastItemId,
    it.invoiceId,
    it.dueAtMs,
    it.lines,
    it.totalMinor,
    it.taxMinor,
    it.paidMinor,
  ],
} satisfies Partial<RowValues>
