/** Double entry: debits are positive, credits negative, and what an entry writes sums to zero. */

import { addToCounter, type CounterName } from './counters.ts'
import { type Work, writeRecord } from './store.ts'
import type { Payment } from './things.ts'
import type { LedgerTotals } from './views.ts'

export type LedgerAccount = keyof LedgerTotals

/** Moves the amount: a debit on one account, a credit on the other. */
export function transfer(
  work: Work,
  debit: LedgerAccount,
  credit: LedgerAccount,
  amountMinor: number,
  /** Undefined: it is of no booking. */
  payment: Payment | undefined,
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
  payment: Payment | undefined,
  reason: string,
): void {
  const { meta } = work.state
  if (account in meta) meta[account as 'fareRevenue'] += amountMinor
  else addToCounter(work, account as CounterName, amountMinor)
  const lineId = meta.nextLedgerLineId++
  writeRecord(work, 'ledger_lines', [
    lineId,
    work.index,
    meta.nowMs,
    account,
    amountMinor,
    payment?.paymentId ?? 0,
    payment?.booking.bookingId ?? 0,
    reason,
  ])
}
