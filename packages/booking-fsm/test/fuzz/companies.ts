/** Companies: in the railway of the fuzzer, and what may be asked of them. */
import type { Command } from '../../src/commands.ts'
import { dueMinor } from '../../src/exchanges.ts'
import { leadOf } from '../../src/trips.ts'
import { DAY, held, must, type Railway, register, send } from '../world.ts'
import { bookingFrom, type FuzzRailway, oneOf } from './bookings.ts'

const who = { name: 'Dampf AG', taxId: '', address: 'Gleis 1' }

/** One that may buy, one that may not any more, one that has not paid; all with an admin who holds. */
export function openCompanies(world: Railway): void {
  const booker = register(world, 'booker@example.org')
  const by = { actor: booker }
  const terms = { creditLimitMinor: 1_000_000, paymentTermMs: DAY }
  for (let i = 0; i < 3; i++) {
    const set = { type: 'setCompany', companyId: 0, ...who, ...terms } as const
    const { companyId } = must(send(world, set), 'companySet')
    const member = { companyId, accountId: booker, role: 'admin' } as const
    must(send(world, { type: 'setMember', ...member }), 'done')
    const { bookingId, priceMinor } = held(world, booker, world.runId)
    const sale = { companyId, bookingId, amountMinor: priceMinor }
    must(send(world, { type: 'payOnAccount', ...sale }, by), 'done')
    if (i === 0) continue
    const late = i === 1 ? { creditLimitMinor: 0 } : { paymentTermMs: 0 }
    must(send(world, { ...set, companyId, ...late }), 'companySet')
    must(send(world, { type: 'issueInvoice', companyId }), 'done')
    must(send(world, { type: 'tick' }), 'done')
  }
  held(world, booker, world.runId)
  // Those whose bookings are in every state.
  for (const companyId of [1, 2, 3]) {
    for (const accountId of [world.ann, world.bob]) {
      const member = { companyId, accountId, role: 'booker' } as const
      must(send(world, { type: 'setMember', ...member }), 'done')
    }
  }
}

export function companyCommands(world: FuzzRailway, draw: () => number): readonly Command[] {
  const { state } = world
  const companyId = draw() % 5
  const payable = draw() % 3 === 0 ? oneOf(world.payable, draw) : undefined
  const bookingId = payable ?? bookingFrom(world, draw)
  const booking = state.bookings.get(bookingId)
  const due = booking === undefined ? 0 : dueMinor(state, leadOf(booking))
  const roles = ['none', 'traveller', 'booker', 'admin'] as const
  return [
    {
      type: 'setCompany',
      companyId,
      ...who,
      creditLimitMinor: draw() % 2 === 0 ? 0 : 1_000_000,
      paymentTermMs: DAY,
    },
    {
      type: 'setMember',
      companyId,
      accountId: 1 + (draw() % 15),
      role: roles[draw() % 4] ?? 'admin',
    },
    {
      type: 'payOnAccount',
      companyId: 1 + (draw() % 4),
      bookingId,
      amountMinor: due + (draw() % 4 === 0 ? 1 : 0),
    },
    { type: 'issueInvoice', companyId },
    { type: 'recordInvoicePayment', invoiceId: 1 + (draw() % 3), amountMinor: 1, reference: 'b' },
  ]
}
