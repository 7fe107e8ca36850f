/** Invoices, and what companies owe. */
import type { Sqlite } from '../storage/database.ts'
import type { Cell } from './report-totals.ts'

interface Rows {
  readonly columns: readonly string[]
  readonly rows: Cell[][]
}

const head = [
  ...['draft_id', 'company_id', 'name', 'tax_id', 'address', 'issued_at_ms', 'due_at_ms'],
  ...['total_minor', 'tax_minor'],
]

/** The head first, then a row for each line; nothing when there is no such invoice. */
export function readInvoice(sqlite: Sqlite, invoiceId: number): Rows {
  const invoice = sqlite
    .prepare<[number], Cell[]>(
      `select ${head.join(', ')} from issued_invoices where invoice_id = ?`,
    )
    .raw()
    .get(invoiceId) as Cell[] | undefined
  if (invoice === undefined) return { columns: head, rows: [] }
  const lines = sqlite
    .prepare<[number], Cell[]>(
      `select line, booking_id, amount_minor, tax_minor, at_ms from invoice_lines
       where draft_id = ? order by line`,
    )
    .raw()
    .all(Number(invoice[0])) as unknown as Cell[][]
  return { columns: head, rows: [invoice, ...lines] }
}

/** By company, at the end of the period as far as the due dates go. */
export function receivables(sqlite: Sqlite, { toMs }: { readonly toMs: number }): Rows {
  const columns = [
    ...['company_id', 'name', 'credit_limit_minor', 'owed_minor', 'on_invoices_minor'],
    'overdue_minor',
  ]
  const unpaid = 'coalesce(sum(i.total_minor - i.paid_minor), 0)'
  const ofCompany = 'from invoices i where i.company_id = c.company_id and i.invoice_id > 0'
  const rows = sqlite
    .prepare<[number], Cell[]>(
      `select c.company_id, c.name, c.credit_limit_minor, c.owed_minor, (select ${unpaid} ${ofCompany}),
         (select ${unpaid} ${ofCompany} and i.due_at_ms <= ?)
       from companies c order by c.company_id`,
    )
    .raw()
    .all(toMs)
  return { columns, rows: rows as unknown as Cell[][] }
}
