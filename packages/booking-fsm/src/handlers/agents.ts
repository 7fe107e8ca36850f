/** Rules for agents, and whom they sell to. */
import { mustBeStaff, ownBooking } from '../actors.ts'
import { type AgentRule, type Customer, keepAgentRule } from '../agents/agent.ts'
import { firstInvalid, isId, isInstant, isInt, isText, matches } from '../checks.ts'
import type { NameCustomer, SetAgentRule } from '../commands.ts'
import { addToCounter } from '../counters.ts'
import { refuse } from '../refusal.ts'
import type { Reply } from '../replies.ts'
import { type Work, writeRow } from '../store.ts'
import { unhashed } from '../things.ts'
import { leadOf } from '../trips.ts'

export function setAgentRule(work: Work, command: SetAgentRule): Reply {
  const { state } = work
  const { validFromMs, accountId, maxOpenHolds, commissionBasisPoints } = command
  const refusal =
    firstInvalid([
      [isInstant(validFromMs), 'validFromMs'],
      [isInt(accountId, 0, Number.MAX_SAFE_INTEGER), 'accountId'],
      [isInt(maxOpenHolds, 0, 1_000), 'maxOpenHolds'],
      [isInt(commissionBasisPoints, 0, 5_000), 'commissionBasisPoints'],
    ]) ?? mustBeStaff(work)
  if (refusal !== undefined) return refusal
  if (accountId > 0 && !state.accounts.has(accountId)) {
    return refuse('accountNotFound', { field: 'accountId' })
  }
  const ruleId = addToCounter(work, 'agentRules', 1)
  const terms = { validFromMs, accountId, maxOpenHolds, commissionBasisPoints }
  const rule: AgentRule = { ...unhashed, ruleId, ...terms }
  keepAgentRule(state, rule)
  writeRow(work, 'agent_rules', rule)
  return { type: 'done' }
}

export function nameCustomer(work: Work, command: NameCustomer): Reply {
  const { state } = work
  const { bookingId, displayName, email } = command
  const refusal = firstInvalid([
    [isId(bookingId), 'bookingId'],
    [isText(displayName, 1, 200), 'displayName'],
    [email === '' || (isText(email, 3, 254) && matches(email, /^[^@ A-Z]+@[^@ A-Z]+$/)), 'email'],
  ])
  if (refusal !== undefined) return refusal
  const role = state.accounts.get(work.actor)?.role
  if (role !== 'agent' && role !== 'staff' && role !== 'operator') return refuse('notAllowed')
  const named = ownBooking(work, bookingId)
  if (named === undefined) return refuse('bookingNotFound')
  const lead = leadOf(named).bookingId
  const { hashLow, hashHigh } = state.customers.get(lead) ?? unhashed
  const customer: Customer = { hashLow, hashHigh, bookingId: lead, displayName, email }
  state.customers.set(lead, customer)
  writeRow(work, 'customers', customer)
  return { type: 'done' }
}
