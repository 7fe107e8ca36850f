import type {
  Entry,
  IssueInvoice,
  PayOnAccount,
  RecordInvoicePayment,
  Reply,
  SetCompany,
  SetMember,
} from '../../src/index.ts'
import { earn } from './agent-terms.ts'
import { needHeld } from './booking-commands.ts'
import { isCluster, needStaff } from './caller.ts'
import { chargeCompany } from './company-account.ts'
import { debit } from './ledger.ts'
import { tell } from './notice-commands.ts'
import { bookingToPay } from './own-booking.ts'
import { confirmLegs, moneyTaken } from './payment-commands.ts'
import { refuse } from './refuse.ts'
import { checkId, checkInt, checkText, maxSafe } from './shapes.ts'
import { stillExchangeable } from './taking-place.ts'
import {
  bookingOf,
  departureAt,
  dueFor,
  isCancelled,
  legsOf,
  type ModelPayment,
  payerOf,
  runOf,
  type World,
} from './world.ts'

export function setCompany(world: World, entry: Entry, command: SetCompany): Reply {
  const { type: _, companyId, ...terms } = command
  checkInt(companyId, 0, maxSafe, 'companyId')
  checkText(terms.name, 1, 200, 'name')
  checkText(terms.taxId, 0, 64, 'taxId')
  checkText(terms.address, 1, 500, 'address')
  checkInt(terms.creditLimitMinor, 0, 1e12, 'creditLimitMinor')
  checkInt(terms.paymentTermMs, 0, 366 * 86_400_000, 'paymentTermMs')
  needStaff(world, entry)
  const known = world.companies.find((it) => it.companyId === companyId)
  if (known !== undefined) {
    Object.assign(known, terms)
    return { type: 'companySet', companyId }
  }
  if (companyId !== 0) refuse('companyNotFound')
  const fresh = world.companies.length + 1
  world.companies.push({ companyId: fresh, ...terms, owedMinor: 0, members: [] })
  return { type: 'companySet', companyId: fresh }
}

export function setMember(world: World, entry: Entry, command: SetMember): Reply {
  const { companyId, accountId, role } = command
  checkId(companyId, 'companyId')
  checkId(accountId, 'accountId')
  if (!['none', 'traveller', 'booker', 'admin'].includes(role)) {
    refuse('invalidField', { field: 'role' })
  }
  const company = world.companies.find((it) => it.companyId === companyId)
  const own = company?.members.find((it) => it.accountId === entry.actor)
  if (isCluster(entry) || own?.role !== 'admin') needStaff(world, entry)
  if (company === undefined) refuse('companyNotFound')
  const account = world.accounts.find((a) => a.id === accountId)
  if (account === undefined || account.role === 'guest') {
    refuse('accountNotFound', { field: 'accountId' })
  }
  const others = company.members.filter((it) => it.accountId !== accountId)
  company.members = role === 'none' ? others : [...others, { accountId, role }]
  company.members.sort((a, b) => a.accountId - b.accountId)
  return { type: 'done' }
}

export function payOnAccount(world: World, entry: Entry, command: PayOnAccount): Reply {
  const { companyId, bookingId, amountMinor } = command
  checkId(companyId, 'companyId')
  checkId(bookingId, 'bookingId')
  checkInt(amountMinor, 0, maxSafe, 'amountMinor')
  const company = world.companies.find((it) => it.companyId === companyId)
  const role = company?.members.find((it) => it.accountId === entry.actor)?.role
  if (company === undefined || (role !== 'booker' && role !== 'admin')) {
    refuse('notAllowed', { field: 'companyId' })
  }
  const named = bookingToPay(world, entry, bookingId)
  needHeld(named)
  const legs = legsOf(world, named)
  if (legs.some((b) => isCancelled(world, runOf(world, b)))) refuse('runCancelled')
  const gone = legs.some((b) => departureAt(world, runOf(world, b), b.fromStop) <= world.now)
  if (gone) refuse('runDeparted')
  const booking = bookingOf(world, payerOf(named))
  if (!stillExchangeable(world, booking)) refuse('notExchangeable')
  const due = dueFor(world, booking)
  if (amountMinor !== due) refuse('priceChanged', { figure: due })
  if (due === 0) refuse('nothingToPay')
  const late = openInvoices(world).some(
    (it) => it.companyId === companyId && it.number > 0 && it.due <= world.now,
  )
  if (late) refuse('invoiceOverdue')
  const left = Math.max(0, company.creditLimitMinor - company.owedMinor)
  if (due > left) refuse('creditExceeded', { figure: left })
  const payment: ModelPayment = {
    id: world.payments.length + 1,
    bookingId: booking.id,
    token: '',
    amount: due,
    status: 'captured',
    reference: `company:${companyId}`,
    refunded: 0,
    refundPending: false,
    reason: '',
  }
  world.payments.push(payment)
  confirmLegs(world, booking)
  moneyTaken(world, booking, due)
  debit(world, 'providerClearing', -due)
  debit(world, 'receivables', due)
  earn(world, payment)
  chargeCompany(world, payment, due)
  tell(world, booking.accountId, booking.id, 'bookingConfirmed')
  return { type: 'done' }
}

export function issueInvoice(world: World, entry: Entry, { companyId }: IssueInvoice): Reply {
  checkId(companyId, 'companyId')
  needStaff(world, entry)
  if (!world.companies.some((it) => it.companyId === companyId)) refuse('companyNotFound')
  const open = world.companyItems.filter((it) => it.companyId === companyId && it.draft === 0)
  const last = open.at(-1)
  const drafts = world.invoices.filter((it) => it.companyId === companyId && it.number === 0)
  if (last === undefined) refuse('nothingToInvoice')
  if (drafts.length > 0) refuse('invoiceOpen')
  const draft = world.invoices.length + 1
  world.invoices.push({
    draft,
    companyId,
    last: last.id,
    number: 0,
    due: 0,
    total: 0,
    tax: 0,
    paid: 0,
  })
  return { type: 'done' }
}

export function recordInvoicePayment(
  world: World,
  entry: Entry,
  command: RecordInvoicePayment,
): Reply {
  const { invoiceId, amountMinor, reference } = command
  checkId(invoiceId, 'invoiceId')
  checkInt(amountMinor, 1, maxSafe, 'amountMinor')
  checkText(reference, 1, 128, 'reference')
  needStaff(world, entry)
  const invoice = openInvoices(world).find((it) => it.number === invoiceId)
  if (invoice === undefined) refuse('invoiceNotFound')
  const left = invoice.total - invoice.paid
  if (amountMinor > left) refuse('tooMuchPaid', { figure: left })
  invoice.paid += amountMinor
  const company = world.companies.find((it) => it.companyId === invoice.companyId)
  if (company !== undefined) company.owedMinor -= amountMinor
  debit(world, 'bank', amountMinor)
  debit(world, 'receivables', -amountMinor)
  return { type: 'done' }
}

/** A hundred lines with each entry, of the oldest; with the last one it has its number. */
export function writeInvoices(world: World): void {
  const invoice = world.invoices.find((it) => it.number === 0)
  if (invoice === undefined) return
  const waiting = world.companyItems.filter(
    (it) => it.companyId === invoice.companyId && it.draft === 0 && it.id <= invoice.last,
  )
  for (const item of waiting.slice(0, 100)) {
    item.draft = invoice.draft
    invoice.total += item.amount
    invoice.tax += item.tax
  }
  if (waiting.length > 100) return
  const company = world.companies.find((it) => it.companyId === invoice.companyId)
  invoice.number = world.invoices.filter((it) => it.number > 0).length + 1
  invoice.due = world.now + (company?.paymentTermMs ?? 0)
}

/** Not paid. */
export function openInvoices(world: World): World['invoices'] {
  return world.invoices.filter((it) => it.number === 0 || it.paid < it.total)
}
