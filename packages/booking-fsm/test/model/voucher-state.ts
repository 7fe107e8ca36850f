/** What vouchers have paid for, by going through all of it. */
import type { LedgerAccount, ModelBooking, ModelVoucher, ModelVoucherUse, World } from './world.ts'

export function useFor(world: World, payer: ModelBooking): ModelVoucherUse | undefined {
  return world.voucherUses.find((it) => it.bookingId === payer.id)
}

/** What the booking has of its voucher: set aside while it is held, or paid and not back. */
export function hasOf(world: World, use: ModelVoucherUse): number {
  const booking = world.bookings.find((b) => b.id === use.bookingId)
  const isHeld = booking?.status === 'held' || booking?.status === 'paying'
  return use.redeemed || isHeld ? use.amount - use.refunded : 0
}

/** Of a sum; a share has nothing that could be left. */
export function leftOf(world: World, voucher: ModelVoucher): number {
  const { amountMinor } = voucher.terms
  if (amountMinor === 0) return 0
  const uses = world.voucherUses.filter((it) => it.voucherId === voucher.id)
  return amountMinor - voucher.expired - uses.reduce((sum, it) => sum + hasOf(world, it), 0)
}

export function voucherOf(world: World, use: ModelVoucherUse): ModelVoucher {
  const voucher = world.vouchers.find((it) => it.id === use.voucherId)
  if (voucher === undefined) throw new Error(`no voucher ${use.voucherId}`)
  return voucher
}

/** Where its money is booked. */
export function bookedAt({ terms }: ModelVoucher): LedgerAccount {
  return terms.amountMinor > 0 ? 'voucherLiability' : 'voucherCost'
}

/** Who pays late needs what the voucher was to pay. */
export function mayRedeemAgain(world: World, payer: ModelBooking): boolean {
  const use = useFor(world, payer)
  if (use === undefined) return true
  const voucher = voucherOf(world, use)
  if (voucher.validTo <= world.now) return false
  const others = world.voucherUses.filter((it) => it.voucherId === voucher.id && it !== use)
  if (voucher.terms.once && others.some((it) => hasOf(world, it) > 0)) return false
  return voucher.terms.amountMinor === 0 || leftOf(world, voucher) >= use.amount
}
