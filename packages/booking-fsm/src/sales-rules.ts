/** What a passenger may hold: limits as dated data, and how long a hold lasts. */
import { agentRuleAt } from './agents/agent.ts'
import { departureMs, ruleAt } from './fares.ts'
import { refuse } from './refusal.ts'
import type { Refusal } from './replies.ts'
import type { BookingState } from './state.ts'
import type { Work } from './store.ts'
import type { Account, Booking, Hashed, Run } from './things.ts'
import { leadOf } from './trips.ts'

export interface SalesRule extends Hashed {
  readonly ruleId: number
  readonly validFromMs: number
  readonly terms: SalesTerms
}
export interface SalesTerms {
  readonly holdMs: number
  readonly extensionMs: number
  readonly maxOpenHolds: number
  readonly maxPassengers: number
  readonly opensBeforeMs: number
  readonly closesBeforeMs: number
}

/** What is to be held. */
export interface Wanted {
  readonly run: Run
  readonly fromStop: number
  readonly passengers: number
}

/** Undefined: none is in force, nothing is limited. */
export function salesTerms({ salesRules, meta }: BookingState): SalesTerms | undefined {
  return salesRules.length === 0 ? undefined : ruleAt(salesRules, meta.nowMs)?.terms
}

/** How long a hold that is made now lasts. */
export function holdLengthMs(state: BookingState): number {
  return salesTerms(state)?.holdMs ?? state.meta.holdMs
}

/** What the rule in force says against holding all of it at once; the field is that of the leg at fault. */
export function checkSale(
  { state, actor }: Work,
  legs: readonly Wanted[],
  fieldOf: (leg: number) => string,
): Refusal | undefined {
  const account = state.accounts.get(actor)
  if (account?.role === 'agent') return checkAgent(state, account)
  const terms = salesTerms(state)
  if (terms === undefined || account === undefined) return undefined
  if (account.role !== 'passenger' && account.role !== 'guest') return undefined
  const { maxOpenHolds, maxPassengers } = terms
  for (const [i, { passengers }] of legs.entries()) {
    if (passengers > maxPassengers) {
      return refuse('tooMany', { field: 'passengers', figure: maxPassengers })
    }
    const closed = checkTime(state, terms, legs[i] as Wanted, fieldOf(i))
    if (closed !== undefined) return closed
  }
  return maxOpenHolds > 0 && openHolds(state, account) >= maxOpenHolds
    ? refuse('tooManyHolds', { figure: maxOpenHolds })
    : undefined
}

/** Agents have rules of their own. */
function checkAgent(state: BookingState, account: Account): Refusal | undefined {
  const most = agentRuleAt(state, account.accountId, state.meta.nowMs)?.maxOpenHolds ?? 0
  return most > 0 && openHolds(state, account) >= most
    ? refuse('tooManyHolds', { figure: most })
    : undefined
}

function checkTime(
  { meta }: BookingState,
  { opensBeforeMs, closesBeforeMs }: SalesTerms,
  { run, fromStop }: Wanted,
  field: string,
): Refusal | undefined {
  const departure = departureMs(run, fromStop)
  const opensAtMs = departure - opensBeforeMs
  if (opensBeforeMs > 0 && meta.nowMs < opensAtMs) {
    return refuse('saleNotOpen', { field, figure: Math.max(opensAtMs, 0) })
  }
  return meta.nowMs >= departure - closesBeforeMs ? refuse('saleClosed', { field }) : undefined
}

/** A trip counts once. What is due has been expired, or counts as if it had. */
function openHolds({ bookings, meta }: BookingState, { bookingIds }: Account): number {
  let open = 0
  for (const bookingId of bookingIds) {
    const booking = bookings.unsettled(bookingId)
    if (booking !== undefined && isOpen(booking, meta.nowMs)) open++
  }
  return open
}

function isOpen(booking: Booking, nowMs: number): boolean {
  const { status, expiresAtMs } = booking
  return (
    (status === 'held' || status === 'paying') && expiresAtMs > nowMs && leadOf(booking) === booking
  )
}
