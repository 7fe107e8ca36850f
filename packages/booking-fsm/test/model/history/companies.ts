/** Commands of companies that book on account. */
import { type Asked, type Draw, oneIn, passenger, pick, staff } from '../draws.ts'
import { bookingOf, dueFor, payerOf, type World } from '../world.ts'

const hour = 3_600_000

export function companies(world: World, draw: Draw): Asked {
  const company = pick(world.companies, draw)
  const companyId = oneIn(20, draw) ? draw() % 4 : (company?.companyId ?? 0)
  const clerk = staff(world, draw)
  if (world.companies.length === 0 || oneIn(12, draw)) {
    const who = { name: 'Dampf AG', taxId: 'CHE-1', address: 'Gleis 1' }
    const terms = { creditLimitMinor: draw() % 60_000, paymentTermMs: (draw() % 6) * hour }
    const known = oneIn(2, draw) ? companyId : 0
    return { actor: clerk, command: { type: 'setCompany', companyId: known, ...who, ...terms } }
  }
  const members = company?.members ?? []
  const way = draw() % 10
  if (members.length === 0 || way === 0) {
    const role = pick(['none', 'traveller', 'booker', 'admin', 'admin'] as const, draw) ?? 'admin'
    const actor = oneIn(3, draw) ? (members[0]?.accountId ?? clerk) : clerk
    const accountId = passenger(world, draw)
    return { actor, command: { type: 'setMember', companyId, accountId, role } }
  }
  if (way < 3) return { actor: clerk, command: { type: 'issueInvoice', companyId } }
  if (way < 5) {
    const open = world.invoices.filter((it) => it.number > 0 && it.paid < it.total)
    const invoice = pick(open, draw)
    const left = (invoice?.total ?? 1) - (invoice?.paid ?? 0)
    const amountMinor = oneIn(2, draw) ? left : 1 + (draw() % Math.max(1, left + 2))
    const invoiceId = invoice?.number ?? draw() % 4
    const paid = { invoiceId, amountMinor, reference: 'bank' }
    return { actor: clerk, command: { type: 'recordInvoicePayment', ...paid } }
  }
  const held = world.bookings.filter(
    (b) => b.status === 'held' && members.some(({ accountId }) => accountId === b.accountId),
  )
  const booking = pick(held.length > 0 ? held : world.bookings, draw)
  const due = booking === undefined ? 1 : dueFor(world, bookingOf(world, payerOf(booking)))
  return {
    actor: oneIn(15, draw) ? passenger(world, draw) : (booking?.accountId ?? 1),
    command: {
      type: 'payOnAccount',
      companyId,
      bookingId: booking?.id ?? 1,
      amountMinor: due + (oneIn(15, draw) ? 1 : 0),
    },
  }
}
