/** Draws what banks take back, and how disputes end. */

import { type Asked, type Draw, oneIn, passenger, pick, staff } from '../draws.ts'
import { takenBack } from '../owed.ts'
import type { World } from '../world.ts'

export function chargeback(world: World, draw: Draw): Asked {
  const actor = oneIn(20, draw) ? passenger(world, draw) : oneIn(2, draw) ? 0 : staff(world, draw)
  const open = world.chargebacks.filter((it) => it.status === 'open')
  if (world.chargebacks.length > 0 && oneIn(3, draw)) {
    const one = pick(oneIn(4, draw) ? world.chargebacks : open, draw)
    const reference = one?.reference ?? 'dispute-none'
    return { actor, command: { type: 'settleChargeback', reference, won: oneIn(2, draw) } }
  }
  const captured = world.payments.filter((p) => p.status === 'captured' && p.amount > 0)
  const payment = pick(captured.length > 0 && !oneIn(9, draw) ? captured : world.payments, draw)
  const { amount = 100, refunded = 0 } = payment ?? {}
  const left = amount - refunded - (payment === undefined ? 0 : takenBack(world, payment))
  const some = 1 + (draw() % Math.max(1, left))
  const amountMinor = Math.max(1, oneIn(6, draw) ? left + 1 : oneIn(2, draw) ? left : some)
  const again = oneIn(8, draw) ? pick(world.chargebacks, draw) : undefined
  const reason = oneIn(2, draw) ? 'fraudulent' : ''
  const bookingId = payment?.bookingId ?? 1 + (draw() % 9)
  const number = world.chargebacks.length + (oneIn(9, draw) ? -1 : 0)
  const known = { bookingId, reference: `dispute-${number}`, amountMinor }
  const { reference, ...of } = again ?? known
  const what = { bookingId: of.bookingId, amountMinor: of.amountMinor, reference, reason }
  return { actor, command: { type: 'recordChargeback', ...what } }
}
