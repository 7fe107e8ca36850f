/** Those who sell to others. */
import { type AgentRule, type Commission, type Customer, keepAgentRule } from '../agents/agent.ts'
import type { BookingState } from '../state.ts'
import { type Hashed, unhashed } from '../things.ts'
import type { Till } from '../tills/till.ts'
import { type Cursor, int, text } from './cursor.ts'

export function loadAgentRule(state: BookingState, row: Cursor): Hashed {
  const rule: AgentRule = {
    ...unhashed,
    ruleId: int(row),
    validFromMs: int(row),
    accountId: int(row),
    maxOpenHolds: int(row),
    commissionBasisPoints: int(row),
  }
  keepAgentRule(state, rule)
  return rule
}

export function loadCommission(state: BookingState, row: Cursor): Hashed {
  const commission: Commission = {
    ...unhashed,
    paymentId: int(row),
    accountId: int(row),
    earnedMinor: int(row),
    backMinor: int(row),
  }
  state.commissions.set(commission.paymentId, commission)
  return commission
}

export function loadCustomer(state: BookingState, row: Cursor): Hashed {
  const customer: Customer = {
    ...unhashed,
    bookingId: int(row),
    displayName: text(row),
    email: text(row),
  }
  state.customers.set(customer.bookingId, customer)
  return customer
}

export function loadTill(state: BookingState, row: Cursor): Hashed {
  const till: Till = {
    ...unhashed,
    accountId: int(row),
    tillId: int(row),
    openedAtMs: int(row),
    floatMinor: int(row),
    cashMinor: int(row),
  }
  state.tills.set(till.accountId, till)
  return till
}
