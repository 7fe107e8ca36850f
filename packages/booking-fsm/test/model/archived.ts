/** What the archive says of a booking. */

import type { StubView } from '../../src/index.ts'
import { owed, paymentOf, takenBack } from './owed.ts'
import { chainOf, legsOf, type ModelBooking, type World } from './world.ts'

/** All whose money is one, and the other legs of their trips. */
export function familyOf(world: World, booking: ModelBooking): ModelBooking[] {
  return chainOf(world, booking)
    .flatMap((payer) => legsOf(world, payer))
    .sort((a, b) => a.id - b.id)
}

export function modelArchived(world: World, booking: ModelBooking): StubView {
  const family = familyOf(world, booking)
  const atCounter = family.some((b) =>
    world.payments.some(
      (p) => p.bookingId === b.id && p.status === 'captured' && p.token === '' && p.amount > 0,
    ),
  )
  const byVoucher = world.voucherUses.some(
    (it) => it.redeemed && family.some((b) => b.id === it.bookingId),
  )
  const byBank = family.some((b) =>
    world.payments.some((p) => p.bookingId === b.id && takenBack(world, p) > 0),
  )
  const stands = ['confirmed', 'cancelled'].includes(booking.status)
  const sold =
    stands && !atCounter && !byVoucher && !byBank && paymentOf(world, booking) !== undefined
  return {
    bookingId: booking.id,
    pnr: '',
    familyId: family[0]?.id ?? 0,
    accountId: booking.accountId,
    keptMinor: sold ? booking.passengers.map((p) => p.price - p.refund - p.compensated) : [],
    owedMinor: owed(world, booking),
  }
}
