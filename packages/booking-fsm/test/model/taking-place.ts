import { fareTaxIn, stillThere } from './cancel-commands.ts'
import { debit } from './ledger.ts'
import { sendRefund } from './money.ts'
import {
  bookingOf,
  departureAt,
  type ModelBooking,
  type ModelExchange,
  runOf,
  type World,
} from './world.ts'

/** Nothing has happened to the old booking that the offer did not know of; without one, all is well. */
export function stillExchangeable(world: World, booking: ModelBooking): boolean {
  const { exchange } = booking
  if (exchange === undefined) return true
  const old = bookingOf(world, exchange.old)
  const others = world.bookings.filter((b) => b.exchange?.old === old.id)
  const worth = (at: number) =>
    (old.passengers[at]?.price ?? 0) - (old.passengers[at]?.compensated ?? 0)
  return (
    old.status === 'confirmed' &&
    others.every((b) => b.id <= booking.id) &&
    departureAt(world, runOf(world, old), old.fromStop) > world.now &&
    stillThere(old).join() === exchange.parts.map((p) => p.position).join() &&
    exchange.parts.every((p) => p.refund + p.charge + p.tax === worth(p.position))
  )
}

/** The old one goes, with its seats and its value. */
export function takePlace(world: World, booking: ModelBooking, exchange: ModelExchange): void {
  const old = bookingOf(world, exchange.old)
  old.status = 'exchanged'
  old.offer = undefined
  exchange.confirmedAt = world.now
  const sum = (of: 'refund' | 'charge' | 'tax') => exchange.parts.reduce((a, p) => a + p[of], 0)
  const taxBack = exchange.parts.reduce((a, p) => a + fareTaxIn(old, p.position, p.refund), 0)
  const kept = sum('refund') - exchange.carried - exchange.surplus
  debit(world, 'exchangeCredit', -exchange.carried)
  debit(world, 'refundsPayable', -exchange.surplus)
  debit(world, 'taxPayable', taxBack - sum('tax'))
  debit(world, 'fareRevenue', sum('refund') - kept - taxBack + sum('tax'))
  sendRefund(world, booking, exchange.surplus)
}
