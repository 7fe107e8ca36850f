/** What agents may hold, and what they earn. */
import type { Entry, SetAgentRule } from '../../src/index.ts'
import { debit } from './ledger.ts'
import { refuse } from './refuse.ts'
import { halfUp } from './rule-commands.ts'
import { bookingOf, type ModelPayment, payerOf, type World } from './world.ts'

export function needRoomForAgent(world: World, entry: Entry, own: readonly { id: number }[]): void {
  const most = ruleFor(world, entry.actor, world.now)?.maxOpenHolds ?? 0
  const open = world.bookings.filter(
    (b) =>
      b.accountId === entry.actor &&
      payerOf(b) === b.id &&
      !own.some(({ id }) => id === b.id) &&
      ['held', 'paying'].includes(b.status) &&
      b.expiresAt > world.now,
  )
  if (most > 0 && open.length >= most) refuse('tooManyHolds', { figure: most })
}

/** The agent's share of what has come in. */
export function earn(world: World, payment: ModelPayment): void {
  const booking = bookingOf(world, payment.bookingId)
  const agent = world.accounts.find((a) => a.id === booking.accountId && a.role === 'agent')
  if (agent === undefined) return
  const share = ruleFor(world, agent.id, booking.heldAt)?.commissionBasisPoints ?? 0
  payment.commission = halfUp(BigInt(payment.amount) * BigInt(share), 10_000n)
  debit(world, 'commissionExpense', payment.commission)
  debit(world, 'commissionPayable', -payment.commission)
}

/** Of what has gone back the agent has no share. */
export function giveBack(world: World, payment: ModelPayment): void {
  const { commission = 0, commissionBack = 0, amount, refunded } = payment
  if (commission === 0) return
  payment.commissionBack = halfUp(BigInt(commission) * BigInt(refunded), BigInt(amount))
  debit(world, 'commissionPayable', payment.commissionBack - commissionBack)
  debit(world, 'commissionExpense', commissionBack - payment.commissionBack)
}

function ruleFor(world: World, accountId: number, at: number): SetAgentRule | undefined {
  const newest = (rules: readonly SetAgentRule[]) =>
    rules.reduce<SetAgentRule | undefined>(
      (best, it) => (best === undefined || it.validFromMs >= best.validFromMs ? it : best),
      undefined,
    )
  const inForce = world.agentRules.filter((rule) => rule.validFromMs <= at)
  const own = newest(inForce.filter((rule) => rule.accountId === accountId))
  return own ?? newest(inForce.filter((rule) => rule.accountId === 0))
}
