import type { VoucherUse } from '../../src/vouchers/things.ts'
import type { Check, Step } from './check.ts'

/** The ledger has it when the money of the booking is there. */
function isBooked({ bookings, state }: Step, { bookingId, status }: VoucherUse): boolean {
  if (status !== 'redeemed') return false
  const booking = bookings.get(bookingId)
  if (booking === undefined) return state.archive.has(bookingId)
  return booking.payments.some((it) => it.status === 'captured')
}

export const voucherChecks: Readonly<Record<string, Check>> = {
  V1: (step) => {
    const { state, scope } = step
    const isUsed = [...scope.ids].some((id) => state.voucherUses.has(id))
    if (!isUsed && !scope.touches('vouchers', 'voucher_uses', 'counters')) return undefined
    const uses = [...state.voucherUses.values()]
    let owed = 0
    for (const voucher of state.vouchers.values()) {
      const { voucherId, amountMinor, expiredMinor, takenMinor, once } = voucher
      const mine = uses.filter((it) => it.voucher === voucher)
      const has = mine
        .filter(({ status }) => status !== 'released')
        .map((it) => it.amountMinor - it.refundedMinor)
      const taken = has.reduce((sum, it) => sum + it, 0)
      if (taken !== takenMinor) return `voucher ${voucherId}: ${takenMinor} of ${taken} counted`
      if (once && has.filter((it) => it > 0).length > 1) return `voucher ${voucherId} is used twice`
      if (amountMinor === 0) continue
      if (taken + expiredMinor > amountMinor) return `voucher ${voucherId} pays more than it has`
      const booked = mine.filter((it) => isBooked(step, it))
      const paid = booked.reduce((sum, it) => sum + it.amountMinor, 0)
      const back = mine.reduce((sum, it) => sum + it.refundedMinor, 0)
      owed += amountMinor - expiredMinor - paid + back
    }
    const liability = -(state.counters.get('voucherLiability')?.value ?? 0)
    if (liability !== owed) return `${liability} owed by vouchers, ${owed} by their uses`
    for (const { bookingId, amountMinor, refundedMinor, status } of uses) {
      const booking = step.bookings.get(bookingId)
      const isHeld = booking?.status === 'held' || booking?.status === 'paying'
      if (isHeld !== (status === 'reserved')) return `booking ${bookingId} has a ${status} voucher`
      if (refundedMinor > amountMinor) return `booking ${bookingId}: too much back to the voucher`
    }
    return undefined
  },
}
