/** Few codes, small sums and short times, so that vouchers are used up, expire and come back. */
import type { Command } from '../../../src/index.ts'
import { type Asked, type Draw, onBooking, oneIn, pick, staff } from '../draws.ts'
import type { World } from '../world.ts'

const hour = 3_600_000
const hashOf = (at: number) => (at % 16).toString(16).repeat(64)

export function vouchers(world: World, draw: Draw): Asked {
  if (world.vouchers.length === 0 || oneIn(4, draw)) {
    return { actor: staff(world, draw), command: issue(world, draw) }
  }
  const held = (b: World['bookings'][number]) => b.status === 'held'
  if (oneIn(9, draw)) {
    const used = (b: World['bookings'][number]) =>
      held(b) && world.voucherUses.some((it) => it.bookingId === b.id)
    return onBooking(world, draw, used, (bookingId) => ({ type: 'removeVoucher', bookingId }))
  }
  const codeHash = oneIn(12, draw)
    ? hashOf(draw())
    : (pick(world.vouchers.slice(-6), draw)?.terms.codeHash ?? hashOf(1))
  return onBooking(world, draw, held, (bookingId) => ({
    type: 'applyVoucher',
    bookingId,
    codeHash,
  }))
}

function issue(world: World, draw: Draw): Command {
  const isShare = oneIn(3, draw)
  const validFromMs = Math.max(0, world.now - hour + (oneIn(8, draw) ? 2 * hour : 0))
  return {
    type: 'issueVoucher',
    codeHash: hashOf(oneIn(6, draw) ? draw() : world.vouchers.length),
    amountMinor: isShare ? 0 : 1 + (draw() % (oneIn(2, draw) ? 900 : 9_000)),
    basisPoints: isShare ? 1 + (draw() % 10_000) : 0,
    maximumMinor: isShare && oneIn(2, draw) ? draw() % 400 : 0,
    minimumMinor: oneIn(5, draw) ? draw() % 2_000 : 0,
    validFromMs,
    validToMs: validFromMs + (1 + (draw() % 60)) * hour,
    once: oneIn(3, draw),
    accountId: oneIn(4, draw) ? 1 + (draw() % 4) : 0,
    reason: pick(['goodwill', 'strike', 'other'] as const, draw) ?? 'other',
  }
}
