/** A refund is out of the house. */
import { returnCommission } from './agents/agent.ts'
import { charge, companyOf } from './companies/company.ts'
import { transfer } from './ledger.ts'
import { queueNotice } from './notices.ts'
import type { Work } from './store.ts'
import type { Payment } from './things.ts'
import { moveToPlace } from './tills/till.ts'

/** The money has gone out; the effect is answered. */
export function refundPaid(work: Work, payment: Payment, amountMinor: number): void {
  const before = payment.refundedMinor
  payment.refundedMinor += amountMinor
  payment.refundPending = hasRefund(payment)
  transfer(work, 'refundsPayable', 'providerClearing', amountMinor, payment, 'refund')
  moveToPlace(work, payment, -amountMinor)
  returnCommission(work, payment)
  const company = companyOf(work.state, payment)
  if (company !== undefined) charge(work, company, payment, -amountMinor, before)
  queueNotice(work, payment.booking, 'refundSent', { amountMinor })
}

export function hasRefund(payment: Payment): boolean {
  return payment.effects.some(({ kind }) => kind === 'refund')
}
