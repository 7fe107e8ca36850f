/** Vouchers: money, or a share of a price, that was given out as a code. */
import type { Reason } from './reasons.ts'

/** Gives out a voucher. The code is made and hashed at the door: the log never has it. */
export interface IssueVoucher {
  readonly type: 'issueVoucher'
  /** SHA-256 of the code, hexadecimal. */
  readonly codeHash: string
  /** What it is worth; 0: it is a share. */
  readonly amountMinor: number
  /** The share of what is due that it pays, 0 to 10,000; 0: it is a sum. */
  readonly basisPoints: number
  /** The most that a share pays of one booking; 0: no limit. */
  readonly maximumMinor: number
  /** Less than this must not be due; 0: any sum. */
  readonly minimumMinor: number
  readonly validFromMs: number
  /** From then on it pays nothing more. */
  readonly validToMs: number
  /** For one booking, whatever is left of it then; else until it is used up. */
  readonly once: boolean
  /** Whose it is; 0: whoever has the code. */
  readonly accountId: number
  readonly reason: Reason
}

/** Pays as much as the voucher can of what is due for a held booking or trip. The rest is paid as ever. */
export interface ApplyVoucher {
  readonly type: 'applyVoucher'
  readonly bookingId: number
  /** SHA-256 of the code, hexadecimal. */
  readonly codeHash: string
}

/** Takes the voucher back from a held booking. */
export interface RemoveVoucher {
  readonly type: 'removeVoucher'
  readonly bookingId: number
}
