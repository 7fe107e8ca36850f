/** Invoices are written in portions; with the last one they have their number. */
import { addToCounter } from '../counters.ts'
import type { BookingState } from '../state.ts'
import { deleteRow, type Work, writeRecord, writeRow } from '../store.ts'
import type { Company, Invoice } from './company.ts'

const LINES_PER_ENTRY = 100

/** Housekeeping: one invoice after the other, by when it was asked for. */
export function writeInvoices(work: Work): void {
  const draft = draftOf(work.state)
  if (draft !== undefined) write(work, draft)
}

/** The oldest that is being written. */
export function draftOf({ invoices }: BookingState): Invoice | undefined {
  for (const invoice of invoices.values()) if (invoice.invoiceId === 0) return invoice
  return undefined
}

function write(work: Work, invoice: Invoice): void {
  const { state } = work
  const { draftId, companyId, lastItemId } = invoice
  let left = LINES_PER_ENTRY
  for (const item of state.companyItems.values()) {
    if (item.itemId > lastItemId) break
    if (item.companyId !== companyId) continue
    if (left-- === 0) {
      writeRow(work, 'invoices', invoice)
      return
    }
    const { itemId, paymentId, bookingId, amountMinor, taxMinor, atMs } = item
    invoice.lines++
    invoice.totalMinor += amountMinor
    invoice.taxMinor += taxMinor
    const figures = [paymentId, bookingId, amountMinor, taxMinor, atMs]
    writeRecord(work, 'invoice_lines', [draftId, invoice.lines, ...figures])
    state.companyItems.delete(itemId)
    deleteRow(work, 'company_items', item, [itemId])
  }
  finish(work, invoice, state.companies.get(companyId) as Company)
}

/** What it says is as the company is now, for ever. Of a credit note nothing is waited for. */
function finish(work: Work, invoice: Invoice, company: Company): void {
  const { state } = work
  const { nowMs } = state.meta
  invoice.invoiceId = addToCounter(work, 'invoiceNumbers', 1)
  invoice.dueAtMs = nowMs + company.paymentTermMs
  const { draftId, invoiceId, dueAtMs, lines, totalMinor, taxMinor } = invoice
  const { companyId, name, taxId, address } = company
  const figures = [nowMs, dueAtMs, lines, totalMinor, taxMinor, work.index]
  const issued = [invoiceId, draftId, companyId, name, taxId, address, ...figures]
  writeRecord(work, 'issued_invoices', issued)
  if (totalMinor > 0) writeRow(work, 'invoices', invoice)
  else dropInvoice(work, invoice)
}

export function dropInvoice(work: Work, invoice: Invoice): void {
  work.state.invoices.delete(invoice.draftId)
  deleteRow(work, 'invoices', invoice, [invoice.draftId])
}
