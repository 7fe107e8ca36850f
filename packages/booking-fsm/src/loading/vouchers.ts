/** Vouchers, then what they pay for. */
import type { Reason } from '../commands.ts'
import type { BookingState } from '../state.ts'
import type { Hashed } from '../things.ts'
import type { Voucher, VoucherUse, VoucherUseStatus } from '../vouchers/things.ts'
import { countUse, queueVoucher } from '../vouchers/using.ts'
import { type Cursor, int, required, text, word } from './cursor.ts'

export function loadVoucher(state: BookingState, row: Cursor): Hashed {
  const voucher: Voucher = {
    hashLow: 0,
    hashHigh: 0,
    queueAt: -1,
    voucherId: int(row),
    codeHash: text(row),
    amountMinor: int(row),
    basisPoints: int(row),
    maximumMinor: int(row),
    minimumMinor: int(row),
    validFromMs: int(row),
    validToMs: int(row),
    once: int(row) !== 0,
    accountId: int(row),
    reason: word(row) as Reason,
    issuedBy: int(row),
    issuedAtMs: int(row),
    expiredMinor: int(row),
    takenMinor: 0,
    openUses: 0,
  }
  state.vouchers.set(voucher.voucherId, voucher)
  state.voucherByHash.set(voucher.codeHash, voucher)
  queueVoucher(state, voucher)
  return voucher
}

export function loadVoucherUse(state: BookingState, row: Cursor): Hashed {
  const use: VoucherUse = {
    hashLow: 0,
    hashHigh: 0,
    bookingId: int(row),
    voucher: required(state.vouchers.get(int(row)), row),
    amountMinor: int(row),
    refundedMinor: int(row),
    status: word(row) as VoucherUseStatus,
  }
  state.voucherUses.set(use.bookingId, use)
  countUse(state, use, 1)
  return use
}
