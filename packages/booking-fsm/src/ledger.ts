/** Double entry: debits are positive, credits negative, and what an entry writes sums to zero. */

import { addToCounter } from './counters.ts'
import { type Work, writeRecord } from './store.ts'
import type { Booking } from './things.ts'
import type { LedgerTotals } from './views.ts'

/** What a line names: a payment, or what is left of one in the archive. */
export interface LedgerPayment {
  readonly paymentId: number
  readonly booking: Pick<Booking, 'bookingId'>
}

export type LedgerAccount = keyof LedgerTotals

/** Moves the amount: a debit on one account, a credit on the other. */
export function transfer(
  work: Work,
  debit: LedgerAccount,
  credit: LedgerAccount,
  amountMinor: number,
  /** Undefined: it is of no booking. */
  payment: LedgerPayment | undefined,
  reason: string,
): void {
  if (amountMinor === 0) return
  line(work, debit, amountMinor, payment, reason)
  line(work, credit, -amountMinor, payment, reason)
}

function line(
  work: Work,
  account: LedgerAccount,
  amountMinor: number,
  payment: LedgerPayment | undefined,
  reason: string,
): void {
  const { meta } = work.state
  if (isCounted(account)) addToCounter(work, account, amountMinor)
  else meta[account] += amountMinor
  const lineId = meta.nextLedgerLineId++
  writeRecord(work, 'ledger_lines', [
    lineId,
    work.index,
    meta.nowMs,
    account,
    amountMinor,
    // A voucher that is given out, or expires, is for no booking.
    payment?.paymentId ?? 0,
    payment?.booking.bookingId ?? 0,
    reason,
  ])
}

/** Those that came after the row of `meta`. */
function isCounted(account: LedgerAccount): account is (typeof counted)[number] {
  return (counted as readonly LedgerAccount[]).includes(account)
}
const counted = [
  'taxPayable',
  'exchangeCredit',
  'chargebacks',
  'chargebackLosses',
  'voucherLiability',
  'voucherCost',
  'cashInTills',
  'cashInSafe',
  'cashDifferences',
  'terminalClearing',
  'commissionExpense',
  'commissionPayable',
  'receivables',
  'bank',
] as const
