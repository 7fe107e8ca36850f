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
  payment: LedgerPayment,
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
  payment: LedgerPayment,
  reason: string,
): void {
  const { meta } = work.state
  if (account === 'taxPayable' || account === 'exchangeCredit')
    addToCounter(work, account, amountMinor)
  else meta[account] += amountMinor
  const lineId = meta.nextLedgerLineId++
  const { paymentId, booking } = payment
  writeRecord(work, 'ledger_lines', [
    lineId,
    work.index,
    meta.nowMs,
    account,
    amountMinor,
    paymentId,
    booking.bookingId,
    reason,
  ])
}
