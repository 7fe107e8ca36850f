import type { Entry } from '../../src/index.ts'
import { queueEffect } from './money.ts'
import { tell } from './notice-commands.ts'
import { refuse } from './refuse.ts'
import { legsOf, type ModelBooking, type World } from './world.ts'

/** A booking that a command names, when it is the actor's. */
export function ownBooking(world: World, entry: Entry, bookingId: number): ModelBooking {
  const booking = world.bookings.find((b) => b.id === bookingId && b.accountId === entry.actor)
  if (booking === undefined) noBooking(world, entry, bookingId)
  expireWhenDue(world, booking)
  return booking
}

/** At a counter and on account nothing is said of the archive: there is nothing to pay in it. */
export function bookingToPay(world: World, entry: Entry, bookingId: number): ModelBooking {
  const isThere = world.bookings.some((b) => b.id === bookingId)
  return isThere ? ownBooking(world, entry, bookingId) : refuse('bookingNotFound')
}

/** Of the archive its owner may know, and staff where they may ask for anybody's. */
export function noBooking(world: World, entry: Entry, bookingId: number, isStaff = false): never {
  const archived = world.archived.find((b) => b.id === bookingId)
  const known = archived !== undefined && (isStaff || archived.accountId === entry.actor)
  return refuse(known ? 'bookingArchived' : 'bookingNotFound')
}

/** Whatever the housekeeping of this entry left over. */
export function expireWhenDue(world: World, booking: ModelBooking): void {
  if (booking.status === 'waiting' && booking.expiresAt <= world.now) {
    endWaiting(world, booking, 'lapsed')
  }
  const isHold = booking.status === 'held' || booking.status === 'paying'
  if (!isHold || booking.expiresAt > world.now) return
  for (const leg of legsOf(world, booking)) leg.status = 'expired'
}

/** Without seats: what was reserved is given back. */
export function endWaiting(
  world: World,
  booking: ModelBooking,
  status: 'released' | 'lapsed',
): void {
  booking.status = status
  if (status === 'lapsed') tell(world, booking.accountId, booking.id, 'notPromoted')
  for (const payment of world.payments.filter((p) => p.bookingId === booking.id)) {
    if (payment.status !== 'authorised') continue
    payment.status = 'voiding'
    queueEffect(world, payment, 'void', payment.amount)
  }
}
