/** Numbers that came after the row of `meta`: each has a row of its own, 0 until it is needed. */
import type { BookingState } from './state.ts'
import { type Work, writeRow } from './store.ts'
import { type Counter, unhashed } from './things.ts'

/** A sequence gives out numbers, of which none may be given out twice; a figure is whatever it is. */
const kinds = {
  taxPayable: 'figure',
  exchangeCredit: 'figure',
  chargebacks: 'figure',
  chargebackLosses: 'figure',
  voucherLiability: 'figure',
  voucherCost: 'figure',
  refundOffers: 'sequence',
  disruptions: 'sequence',
  delayRecords: 'sequence',
  overrides: 'sequence',
  compensationRules: 'sequence',
  salesRules: 'sequence',
  fareProducts: 'sequence',
  vouchers: 'sequence',
  waitingRules: 'sequence',
  seatRules: 'sequence',
  secondFactorRules: 'sequence',
  seatBlocks: 'sequence',
  seatPromiseRules: 'sequence',
  overbookingRules: 'sequence',
  guestRules: 'sequence',
  companies: 'sequence',
  companyItems: 'sequence',
  invoiceDrafts: 'sequence',
  invoiceNumbers: 'sequence',
  invoicePayments: 'sequence',
  receivables: 'figure',
  bank: 'figure',
  agentRules: 'sequence',
  tills: 'sequence',
  cashInTills: 'figure',
  cashInSafe: 'figure',
  cashDifferences: 'figure',
  terminalClearing: 'figure',
  commissionExpense: 'figure',
  commissionPayable: 'figure',
  notices: 'sequence',
  draws: 'sequence',
  noticesOn: 'figure',
} as const
export type CounterName = keyof typeof kinds

export const sequenceCounters: readonly CounterName[] = (Object.keys(kinds) as CounterName[])
  .filter((name) => kinds[name] === 'sequence')
  .sort()

export function counterOf(state: BookingState, name: CounterName): number {
  return state.counters.get(name)?.value ?? 0
}

/** Gives the new value. */
export function addToCounter(work: Work, name: CounterName, by: number): number {
  const { counters } = work.state
  const counter: Counter = counters.get(name) ?? { ...unhashed, name, value: 0 }
  counters.set(name, counter)
  counter.value += by
  writeRow(work, 'counters', counter)
  return counter.value
}
