import type { EffectKind } from '../../src/index.ts'
import { debit } from './ledger.ts'
import { owed, takenBack } from './owed.ts'
import { refundGone } from './refund-gone.ts'
import { halfUp } from './rule-commands.ts'
import { bookedAt, voucherOf } from './voucher-state.ts'
import { chainOf, type ModelBooking, type ModelPayment, payerOf, type World } from './world.ts'

export function queueEffect(
  world: World,
  payment: ModelPayment,
  kind: EffectKind,
  amount: number,
): void {
  const prefix = `${world.cluster?.clusterId}-${world.index}-`
  const number = world.effects.filter((effect) => effect.key.startsWith(prefix)).length
  world.moved++
  world.effects.push({
    id: ++world.given.effects,
    key: `${prefix}${number}`,
    kind,
    paymentId: payment.id,
    amount,
    answered: false,
  })
}

/** To the payments that the money came from, of exchanged bookings the latest first. */
export function sendRefund(world: World, booking: ModelBooking, amount: number): void {
  const chain = chainOf(world, booking).map(payerOf)
  const paidBack = world.payments.some(
    (p) => chain.includes(p.bookingId) && takenBack(world, p) > 0,
  )
  let left = paidBack ? Math.min(amount, owed(world, booking)) : amount
  for (const payer of chainOf(world, booking).reverse()) {
    const payment = world.payments.find(
      (p) => p.bookingId === payerOf(payer) && ['authorised', 'captured'].includes(p.status),
    )
    if (payment === undefined) continue
    const coming = world.effects
      .filter((e) => e.paymentId === payment.id && e.kind === 'refund' && !e.answered)
      .reduce((sum, e) => sum + e.amount, 0)
    const use = world.voucherUses.find((it) => it.bookingId === payer.id && it.redeemed)
    const [paid, back] = [use?.amount ?? 0, use?.refunded ?? 0]
    const given = payment.refunded + coming + takenBack(world, payment)
    const both = Math.min(left, payment.amount + paid - given - back)
    if (both === 0) continue
    left -= both
    // Of all that went back so far the voucher has the share that it paid of the whole; it may have had
    // more, when the card's part of an earlier refund was refused: nothing is taken back from it.
    const share = halfUp(BigInt(paid) * BigInt(given + back + both), BigInt(payment.amount + paid))
    const most = Math.min(both, paid - back, share - back)
    const toVoucher = Math.max(0, most, both - (payment.amount - given))
    if (use !== undefined && toVoucher > 0) {
      use.refunded += toVoucher
      const voucher = voucherOf(world, use)
      voucher.validTo = Math.max(voucher.validTo, world.now + 90 * 86_400_000)
      debit(world, 'refundsPayable', toVoucher)
      debit(world, bookedAt(voucher), -toVoucher)
    }
    const part = both - toVoucher
    if (part === 0) continue
    if (payment.reference.startsWith('company:') && payment.token === '') {
      refundGone(world, payment, part)
      continue
    }
    payment.refundPending = true
    queueEffect(world, payment, 'refund', part)
  }
}
