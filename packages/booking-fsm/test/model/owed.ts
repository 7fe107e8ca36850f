/** What is to go back of a booking, and what has. */
import {
  chainOf,
  legsOf,
  type ModelBooking,
  type ModelEffect,
  type ModelPayment,
  payerOf,
  type World,
} from './world.ts'

/** What is not paid yet, less what banks have taken already. */
export function owed(world: World, booking: ModelBooking): number {
  const left = unpaid(world, booking)
  const chain = chainOf(world, booking).map(payerOf)
  const mine = world.payments.filter((p) => chain.includes(p.bookingId))
  const taken = mine.reduce((sum, p) => sum + takenBack(world, p), 0)
  return left < 0 ? left : Math.max(0, left - taken)
}

/** For all legs of a trip, and what was exchanged: what was agreed, less what was paid and what is on its way. */
export function unpaid(world: World, booking: ModelBooking): number {
  const chain = chainOf(world, booking)
  const mine = world.payments.filter((p) => chain.some((b) => payerOf(b) === p.bookingId))
  const coming = mine.flatMap((p) => refundsOnTheirWay(world, p))
  return (
    chain.reduce((agreed, b) => agreed + agreedFor(world, b), 0) -
    mine.reduce((paid, p) => paid + p.refunded, 0) -
    world.voucherUses
      .filter((it) => it.redeemed && chain.some((b) => payerOf(b) === it.bookingId))
      .reduce((back, it) => back + it.refunded, 0) -
    coming.reduce((amount, e) => amount + e.amount, 0)
  )
}

function agreedFor(world: World, booking: ModelBooking): number {
  const { exchange } = booking
  const legs = legsOf(world, booking)
  const back = legs.flatMap((leg) => leg.passengers.map((p) => p.compensated))
  const refunds = legs.reduce((sum, leg) => sum + leg.refund, 0) + back.reduce((a, b) => a + b, 0)
  if (exchange === undefined || exchange.confirmedAt === 0) return refunds
  return refunds + exchange.surplus + (exchange.undone ? exchange.carried : 0)
}

export function refundsOnTheirWay(world: World, payment: ModelPayment): ModelEffect[] {
  return world.effects.filter(
    (e) => e.paymentId === payment.id && e.kind === 'refund' && !e.answered,
  )
}

export function paymentOf(world: World, booking: ModelBooking): ModelPayment | undefined {
  return world.payments.find(
    (p) => p.bookingId === payerOf(booking) && ['authorised', 'captured'].includes(p.status),
  )
}

/** By banks, and not given again. */
export function takenBack(world: World, payment: ModelPayment): number {
  return world.chargebacks
    .filter((it) => it.paymentId === payment.id && it.status !== 'won')
    .reduce((sum, it) => sum + it.amountMinor, 0)
}
