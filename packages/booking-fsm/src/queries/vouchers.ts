import type { BookingState } from '../state.ts'
import type { Booking } from '../things.ts'
import { leadOf } from '../trips.ts'
import type { BookingVoucherView, VoucherView } from '../views.ts'
import type { Voucher } from '../vouchers/things.ts'
import { leftOf } from '../vouchers/using.ts'

/** Behind an id, at most so many; what is left of all sums together is `voucherLiability` of the ledger. */
export function listVouchers(state: BookingState, afterId: number, limit: number): VoucherView[] {
  const views: VoucherView[] = []
  for (const voucher of state.vouchers.values()) {
    if (views.length >= limit) break
    if (voucher.voucherId > afterId) views.push(viewOf(voucher))
  }
  return views
}

/** Those that are an account's own. */
export function vouchersOf(state: BookingState, accountId: number): VoucherView[] {
  return [...state.vouchers.values()].filter((it) => it.accountId === accountId).map(viewOf)
}

function viewOf(voucher: Voucher): VoucherView {
  const { hashLow: _l, hashHigh: _h, queueAt: _q, codeHash: _c, openUses, ...rest } = voucher
  const leftMinor = voucher.amountMinor > 0 ? leftOf(voucher) : 0
  return { ...rest, bookings: openUses, leftMinor }
}

export function bookingVoucherView(
  state: BookingState,
  booking: Booking,
): BookingVoucherView | undefined {
  const use = state.voucherUses.get(leadOf(booking).bookingId)
  if (use === undefined) return undefined
  const { voucher, amountMinor, refundedMinor, status } = use
  return { voucherId: voucher.voucherId, amountMinor, refundedMinor, status }
}
