/** What a voucher is worth now, and how that changes with the bookings that it pays for. */
import { heapPush, heapRemove, heapTop } from '../heap.ts'
import { transfer } from '../ledger.ts'
import { divideHalfUp, proportion } from '../rounding.ts'
import type { BookingState } from '../state.ts'
import { type Work, writeRow } from '../store.ts'
import type { Booking, Payment } from '../things.ts'
import type { Voucher, VoucherUse, VoucherUseStatus } from './things.ts'

/** What comes back can be used for at least so long. */
const GIVEN_BACK_MS = 90 * 86_400_000
const EXPIRED_PER_ENTRY = 100

/** Of a sum; a share is never used up. */
export function leftOf({ amountMinor, expiredMinor, takenMinor }: Voucher): number {
  return amountMinor - expiredMinor - takenMinor
}

/** What it would pay of so much. */
export function worthOf(voucher: Voucher, dueMinor: number): number {
  const { amountMinor, basisPoints, maximumMinor, once, openUses } = voucher
  if (once && openUses > 0) return 0
  if (amountMinor > 0) return Math.min(leftOf(voucher), dueMinor)
  const share = divideHalfUp(dueMinor * basisPoints, 10_000)
  return maximumMinor === 0 ? share : Math.min(share, maximumMinor)
}

/** The account in the ledger that it is paid from, and comes back to. */
export function accountOf({ amountMinor }: Voucher): 'voucherLiability' | 'voucherCost' {
  return amountMinor > 0 ? 'voucherLiability' : 'voucherCost'
}

/** What a voucher pays of the booking's price, by its first leg. */
export function voucherPart(state: BookingState, lead: Booking): number {
  if (state.voucherUses.size === 0) return 0
  return state.voucherUses.get(lead.bookingId)?.amountMinor ?? 0
}

/** The use by which a booking was paid. */
export function redeemedFor(state: BookingState, lead: Booking): VoucherUse | undefined {
  if (state.voucherUses.size === 0) return undefined
  const use = state.voucherUses.get(lead.bookingId)
  return use?.status === 'redeemed' ? use : undefined
}

/** Counts a use with its voucher: a new one, one that is loaded, or one that has changed. */
export function countUse(state: BookingState, use: VoucherUse, by: 1 | -1): void {
  const { voucher, amountMinor, refundedMinor, status } = use
  const has = status === 'released' ? 0 : amountMinor - refundedMinor
  voucher.takenMinor += by * has
  if (has > 0) voucher.openUses += by
  queueVoucher(state, voucher)
}

/** What is left of a sum expires one day. */
export function queueVoucher({ voucherQueue }: BookingState, voucher: Voucher): void {
  heapRemove(voucherQueue, voucher)
  if (voucher.amountMinor > 0 && leftOf(voucher) > 0) heapPush(voucherQueue, voucher)
}

function change(
  work: Work,
  use: VoucherUse,
  status: VoucherUseStatus,
  refundedMinor = use.refundedMinor,
): void {
  countUse(work.state, use, -1)
  use.status = status
  use.refundedMinor = refundedMinor
  countUse(work.state, use, 1)
  writeRow(work, 'voucher_uses', use)
}

/** The hold is over: what was set aside is free. */
export function releaseVoucher(work: Work, { bookingId }: Booking): void {
  if (work.state.voucherUses.size === 0) return
  const use = work.state.voucherUses.get(bookingId)
  if (use?.status === 'reserved') change(work, use, 'released')
}

/** Whether what the voucher was to pay is there: it is set aside while the booking is held. */
export function mayRedeem(state: BookingState, { bookingId }: Booking): boolean {
  const use = state.voucherUses.get(bookingId)
  if (use === undefined || use.status === 'reserved') return true
  const { voucher, amountMinor } = use
  if (voucher.validToMs <= state.meta.nowMs || (voucher.once && voucher.openUses > 0)) return false
  return voucher.amountMinor === 0 || leftOf(voucher) >= amountMinor
}

/** The booking is sold. */
export function redeemVoucher(work: Work, { bookingId }: Booking): void {
  const use = work.state.voucherUses.get(bookingId)
  if (use !== undefined) change(work, use, 'redeemed')
}

/** How much of a refund goes back to the voucher: as much of all that went back as it paid of the whole. */
export function shareOfVoucher(
  use: VoucherUse | undefined,
  cardMinor: number,
  cardBackMinor: number,
  partMinor: number,
): number {
  if (use === undefined) return 0
  const { amountMinor, refundedMinor } = use
  const all = cardBackMinor + refundedMinor + partMinor
  const share = proportion(amountMinor, all, amountMinor + cardMinor) - refundedMinor
  const least = Math.max(0, partMinor - (cardMinor - cardBackMinor))
  return Math.max(least, Math.min(share, partMinor, amountMinor - refundedMinor))
}

export function giveBack(work: Work, use: VoucherUse, amountMinor: number, payment: Payment): void {
  const { voucher } = use
  const until = work.state.meta.nowMs + GIVEN_BACK_MS
  heapRemove(work.state.voucherQueue, voucher)
  if (voucher.validToMs < until) {
    voucher.validToMs = until
    writeRow(work, 'vouchers', voucher)
  }
  change(work, use, 'redeemed', use.refundedMinor + amountMinor)
  transfer(work, 'refundsPayable', accountOf(voucher), amountMinor, payment, 'back to voucher')
}

/** The rest was never paid, so that there is no sale: nothing was paid with the voucher either. */
export function withdrawVoucher(work: Work, lead: Booking, payment: Payment): void {
  const use = redeemedFor(work.state, lead)
  if (use === undefined) return
  const { voucher, refundedMinor } = use
  const reason = 'refund withdrawn'
  transfer(work, accountOf(voucher), 'refundsPayable', refundedMinor, payment, reason)
  change(work, use, 'released', 0)
}

/** What nobody has used in time is not owed any more. */
export function expireVouchers(work: Work): void {
  const { voucherQueue, meta } = work.state
  for (let expired = 0; expired < EXPIRED_PER_ENTRY; expired++) {
    const voucher = heapTop(voucherQueue)
    if (voucher === undefined || voucher.validToMs > meta.nowMs) return
    const left = leftOf(voucher)
    voucher.expiredMinor += left
    queueVoucher(work.state, voucher)
    transfer(work, 'voucherLiability', 'voucherCost', left, undefined, 'voucher expired')
    writeRow(work, 'vouchers', voucher)
  }
}
