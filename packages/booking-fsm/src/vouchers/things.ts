/** Vouchers that were given out, and the bookings that they pay for. */
import type { Reason } from '../commands.ts'
import type { Queued } from '../heap.ts'
import type { Hashed } from '../things.ts'

export interface Voucher extends Hashed, Queued {
  readonly voucherId: number
  readonly codeHash: string
  /** 0: it is a share. */
  readonly amountMinor: number
  readonly basisPoints: number
  readonly maximumMinor: number
  readonly minimumMinor: number
  readonly validFromMs: number
  /** Later when something came back after it. */
  validToMs: number
  readonly once: boolean
  readonly accountId: number
  readonly reason: Reason
  readonly issuedBy: number
  readonly issuedAtMs: number
  /** Of the amount, what was left when its time was over. */
  expiredMinor: number
  /** Derived from its uses: what is set aside or was paid with it, and did not come back. */
  takenMinor: number
  /** Derived: the bookings that have some of it. */
  openUses: number
}

/** What a voucher pays for a booking, or a trip by its first leg. */
export interface VoucherUse extends Hashed {
  readonly bookingId: number
  readonly voucher: Voucher
  readonly amountMinor: number
  refundedMinor: number
  status: VoucherUseStatus
}
/** Set aside for a hold; paid with; or given up with the hold, or because the rest was never paid. */
export type VoucherUseStatus = 'reserved' | 'redeemed' | 'released'
