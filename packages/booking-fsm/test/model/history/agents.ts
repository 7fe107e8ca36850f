/** Commands of those who sell to others. */
import { type Asked, type Draw, onBooking, oneIn, passenger, pick, staff } from '../draws.ts'
import { bookingOf, dueFor, payerOf, type World } from '../world.ts'

const hour = 3_600_000
const sellers = ['agent', 'staff', 'operator']

export function agents(world: World, draw: Draw): Asked {
  const able = world.accounts.filter((a) => sellers.includes(a.role) && !a.closed)
  const agentIds = able.filter(({ role }) => role === 'agent').map(({ id }) => id)
  const operator = world.accounts.find((a) => a.role === 'operator' && !a.closed)?.id ?? 0
  const accountId = pick(agentIds, draw) ?? 2
  // One at least must be there for anything to happen.
  if (agentIds.length === 0 && !oneIn(4, draw)) {
    return {
      actor: operator,
      command: { type: 'setRole', accountId: 1 + (draw() % 3), role: 'agent' },
    }
  }
  const seller = oneIn(9, draw) ? passenger(world, draw) : (pick(able, draw)?.id ?? 1)
  const till = world.tills.find((it) => it.open && it.accountId === seller)
  const way = draw() % 12
  if (way < 2 || (till === undefined && way < 7)) {
    return { actor: seller, command: { type: 'openTill', floatMinor: draw() % 20_000 } }
  }
  if (way === 2) {
    const countedMinor = oneIn(2, draw) ? (till?.cash ?? 0) : draw() % 50_000
    return { actor: seller, command: { type: 'closeTill', countedMinor } }
  }
  if (way === 3) {
    const rule = {
      validFromMs: Math.max(0, world.now - hour * (draw() % 3)),
      accountId: oneIn(2, draw) ? 0 : accountId,
      maxOpenHolds: draw() % 4,
      commissionBasisPoints: draw() % 1_500,
    }
    return { actor: staff(world, draw), command: { type: 'setAgentRule', ...rule } }
  }
  const ours = (b: { accountId: number }) => able.some(({ id }) => id === b.accountId)
  if (way === 4) {
    return onBooking(world, draw, ours, (bookingId) => ({
      type: 'nameCustomer',
      bookingId,
      displayName: 'Customer',
      email: oneIn(2, draw) ? '' : 'customer@valdoria.example',
    }))
  }
  if (way < 7) return payingOut(world, draw, seller)
  const isHeld = (b: { status: string; accountId: number }) => b.status === 'held' && ours(b)
  return onBooking(world, draw, isHeld, (bookingId, booking) => ({
    type: 'payAtCounter',
    bookingId,
    ...(oneIn(3, draw)
      ? ({ means: 'terminal', reference: 'T1' } as const)
      : ({ means: 'cash', reference: '' } as const)),
    amountMinor:
      (booking === undefined ? 100 : dueFor(world, bookingOf(world, payerOf(booking)))) +
      (oneIn(15, draw) ? 1 : 0),
  }))
}

function payingOut(world: World, draw: Draw, seller: number): Asked {
  const open = world.effects.filter((effect) => {
    const payment = world.payments.find((p) => p.id === effect.paymentId)
    return !effect.answered && payment?.token === ''
  })
  const outboxId = pick(oneIn(9, draw) ? world.effects : open, draw)?.id ?? 1
  const payment = world.payments.find(
    (p) => p.id === world.effects.find((e) => e.id === outboxId)?.paymentId,
  )
  const owner = world.bookings.find((b) => b.id === payment?.bookingId)?.accountId
  const actor = oneIn(4, draw) ? seller : (owner ?? seller)
  return { actor, command: { type: 'payOut', outboxId, reference: '' } }
}
