/** Those who sell to others: in the railway of the fuzzer, and what may be asked of them. */
import type { Command } from '../../src/commands.ts'
import { dueMinor } from '../../src/exchanges.ts'
import { leadOf } from '../../src/trips.ts'
import { held, must, type Railway, register, send } from '../world.ts'
import { archivedOwners } from './archive.ts'
import { oneOf } from './bookings.ts'

/** One with a hold, and with a sale that was cancelled: more is to be paid out than is in the till. */
export function openAgents(world: Railway): void {
  must(send(world, { type: 'openTill', floatMinor: 0 }, { actor: 3 }), 'tillOpened')
  const agent = register(world, 'agent@example.org', 'agent')
  const by = { actor: agent }
  must(send(world, { type: 'openTill', floatMinor: 0 }, by), 'tillOpened')
  const { bookingId, priceMinor } = held(world, agent, world.runId)
  const paid = { bookingId, amountMinor: priceMinor, means: 'cash', reference: '' } as const
  must(send(world, { type: 'payAtCounter', ...paid }, by), 'done')
  const offer = must(
    send(world, { type: 'offerRefund', bookingId, passengers: [] }, by),
    'refundOffered',
  )
  const accept = { bookingId, offerId: offer.offerId, payLater: false } as const
  must(send(world, { type: 'acceptRefund', ...accept }, by), 'bookingCancelled')
  must(send(world, { type: 'closeTill', countedMinor: priceMinor }, by), 'tillClosed')
  must(send(world, { type: 'openTill', floatMinor: 1 }, by), 'tillOpened')
  held(world, agent, world.runId)
}

export function agentCommands({ state, nowMs }: Railway, draw: () => number): readonly Command[] {
  const sellers = [...state.accounts.values()].filter(({ role }) =>
    ['agent', 'staff', 'operator'].includes(role),
  )
  const { bookingIds = [] } = sellers[draw() % Math.max(sellers.length, 1)] ?? {}
  const archived = draw() % 8 === 0 ? oneOf([...archivedOwners.keys()], draw) : undefined
  const bookingId = archived ?? oneOf(bookingIds, draw) ?? 1 + (draw() % 9)
  const booking = state.bookings.get(bookingId)
  const due = booking === undefined ? 0 : dueMinor(state, leadOf(booking))
  const counter = [...state.effects.values()].find(({ payment }) => payment.paymentToken === '')
  const outboxId = draw() % 3 === 0 ? draw() % 9 : (counter?.outboxId ?? 1)
  const means = draw() % 2 === 0 ? 'cash' : 'terminal'
  return [
    {
      type: 'setAgentRule',
      validFromMs: nowMs,
      accountId: draw() % 15,
      maxOpenHolds: draw() % 3,
      commissionBasisPoints: 500,
    },
    { type: 'nameCustomer', bookingId, displayName: 'C', email: 'c@example.org' },
    { type: 'openTill', floatMinor: draw() % 1_000 },
    { type: 'closeTill', countedMinor: draw() % 1_000 },
    {
      type: 'payAtCounter',
      bookingId: draw() % 4 === 0 ? draw() % 30 : bookingId,
      means,
      amountMinor: due + (draw() % 4 === 0 ? 1 : 0),
      reference: means === 'cash' ? '' : 'T',
    },
    { type: 'payOut', outboxId, reference: '' },
  ]
}
