/** What an agent may hold, and what an agent earns. */
import { insertRule } from '../fares.ts'
import { type LedgerPayment, transfer } from '../ledger.ts'
import { divideHalfUp, proportion } from '../rounding.ts'
import type { BookingState } from '../state.ts'
import { deleteRow, type Work, writeRow } from '../store.ts'
import { type Hashed, type Payment, unhashed } from '../things.ts'

export interface AgentRule extends Hashed {
  readonly ruleId: number
  readonly validFromMs: number
  /** 0: every agent without one of their own. */
  readonly accountId: number
  readonly maxOpenHolds: number
  readonly commissionBasisPoints: number
}

/** What an agent has of a payment. */
export interface Commission extends Hashed {
  readonly paymentId: number
  readonly accountId: number
  readonly earnedMinor: number
  /** Gone back, with refunds. */
  backMinor: number
}

/** Who a seller has bought for, by the booking's id; of a trip by its first leg's. */
export interface Customer extends Hashed {
  readonly bookingId: number
  readonly displayName: string
  readonly email: string
}

/** The agent's own rule in force at the instant, else that for all. */
export function agentRuleAt(
  { agentRules }: BookingState,
  accountId: number,
  atMs: number,
): AgentRule | undefined {
  const inForce = agentRules.filter(({ validFromMs }) => validFromMs <= atMs)
  return (
    inForce.findLast((rule) => rule.accountId === accountId) ??
    inForce.findLast((rule) => rule.accountId === 0)
  )
}

export function keepAgentRule(state: BookingState, rule: AgentRule): void {
  insertRule(state.agentRules, rule)
}

/** Nobody is to know any more whom it was bought for. */
export function dropCustomer(work: Work, bookingId: number): void {
  const { customers } = work.state
  const customer = customers.get(bookingId)
  if (customer === undefined) return
  customers.delete(bookingId)
  deleteRow(work, 'customers', customer, [bookingId])
}

/** When the money of an agent's sale has come, by the rule that was in force when it was held. */
export function earnCommission(work: Work, payment: Payment): void {
  const { state } = work
  const { booking, amountMinor, paymentId } = payment
  const { accountId, heldAtMs } = booking
  if (state.accounts.get(accountId)?.role !== 'agent') return
  const share = agentRuleAt(state, accountId, heldAtMs)?.commissionBasisPoints ?? 0
  const earnedMinor = divideHalfUp(amountMinor * share, 10_000)
  if (earnedMinor === 0) return
  const commission: Commission = { ...unhashed, paymentId, accountId, earnedMinor, backMinor: 0 }
  state.commissions.set(paymentId, commission)
  writeRow(work, 'commissions', commission)
  transfer(work, 'commissionExpense', 'commissionPayable', earnedMinor, payment, 'commission')
}

/** A refund has gone out: the agent has no share in it. */
export function returnCommission(
  work: Work,
  payment: LedgerPayment & Pick<Payment, 'refundedMinor' | 'amountMinor'>,
): void {
  const commission = work.state.commissions.get(payment.paymentId)
  if (commission === undefined) return
  const { earnedMinor, backMinor } = commission
  const { refundedMinor, amountMinor } = payment
  const back = proportion(earnedMinor, refundedMinor, amountMinor) - backMinor
  if (back === 0) return
  commission.backMinor += back
  writeRow(work, 'commissions', commission)
  transfer(work, 'commissionPayable', 'commissionExpense', back, payment, 'commission returned')
}
