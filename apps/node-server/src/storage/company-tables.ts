/** Tables of companies that book on account, and of their invoices. */
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

export const companies = sqliteTable('companies', {
  companyId: integer('company_id').primaryKey(),
  name: text('name').notNull(),
  taxId: text('tax_id').notNull(),
  address: text('address').notNull(),
  creditLimitMinor: integer('credit_limit_minor').notNull(),
  paymentTermMs: integer('payment_term_ms').notNull(),
  owedMinor: integer('owed_minor').notNull(),
})

export const companyMembers = sqliteTable(
  'company_members',
  {
    companyId: integer('company_id').notNull(),
    accountId: integer('account_id').notNull(),
    role: text('role').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.companyId, table.accountId] }),
    index('company_members_by_account_id').on(table.accountId),
  ],
)

export const companyItems = sqliteTable(
  'company_items',
  {
    itemId: integer('item_id').primaryKey(),
    companyId: integer('company_id').notNull(),
    paymentId: integer('payment_id').notNull(),
    bookingId: integer('booking_id').notNull(),
    amountMinor: integer('amount_minor').notNull(),
    taxMinor: integer('tax_minor').notNull(),
    atMs: integer('at_ms').notNull(),
  },
  (table) => [index('company_items_by_company_id').on(table.companyId)],
)

export const invoices = sqliteTable(
  'invoices',
  {
    draftId: integer('draft_id').primaryKey(),
    companyId: integer('company_id').notNull(),
    lastItemId: integer('last_item_id').notNull(),
    invoiceId: integer('invoice_id').notNull(),
    dueAtMs: integer('due_at_ms').notNull(),
    lines: integer('lines').notNull(),
    totalMinor: integer('total_minor').notNull(),
    taxMinor: integer('tax_minor').notNull(),
    paidMinor: integer('paid_minor').notNull(),
  },
  (table) => [index('invoices_by_company_id').on(table.companyId)],
)

export const issuedInvoices = sqliteTable(
  'issued_invoices',
  {
    invoiceId: integer('invoice_id').primaryKey(),
    draftId: integer('draft_id').notNull(),
    companyId: integer('company_id').notNull(),
    name: text('name').notNull(),
    taxId: text('tax_id').notNull(),
    address: text('address').notNull(),
    issuedAtMs: integer('issued_at_ms').notNull(),
    dueAtMs: integer('due_at_ms').notNull(),
    lines: integer('lines').notNull(),
    totalMinor: integer('total_minor').notNull(),
    taxMinor: integer('tax_minor').notNull(),
    logIndex: integer('log_index').notNull(),
  },
  (table) => [index('issued_invoices_by_company_id').on(table.companyId)],
)

export const invoiceLines = sqliteTable(
  'invoice_lines',
  {
    draftId: integer('draft_id').notNull(),
    line: integer('line').notNull(),
    paymentId: integer('payment_id').notNull(),
    bookingId: integer('booking_id').notNull(),
    amountMinor: integer('amount_minor').notNull(),
    taxMinor: integer('tax_minor').notNull(),
    atMs: integer('at_ms').notNull(),
  },
  (table) => [primaryKey({ columns: [table.draftId, table.line] })],
)

export const invoicePayments = sqliteTable(
  'invoice_payments',
  {
    invoicePaymentId: integer('invoice_payment_id').primaryKey(),
    invoiceId: integer('invoice_id').notNull(),
    companyId: integer('company_id').notNull(),
    amountMinor: integer('amount_minor').notNull(),
    reference: text('reference').notNull(),
    logIndex: integer('log_index').notNull(),
    atMs: integer('at_ms').notNull(),
  },
  (table) => [index('invoice_payments_by_invoice_id').on(table.invoiceId)],
)
