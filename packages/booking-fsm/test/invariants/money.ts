import { priceOf } from '../../src/fares.ts'
import { tables } from '../../src/tables.ts'
import type { Booking, Payment } from '../../src/things.ts'
import type { Check, Seen, Step } from './check.ts'

const ledgerColumns = tables.find(({ name }) => name === 'ledger_lines')?.columns ?? []
const [accountAt, amountAt] = ['account', 'amount_minor'].map((name) =>
  ledgerColumns.findIndex((column) => column.name === name),
)

function linesOf({ changes }: Step): { account: keyof Seen['totals']; amount: number }[] {
  return changes.flatMap((change) => {
    if (change.type !== 'upsert' || change.table !== 'ledger_lines') return []
    const account = change.values[accountAt as number] as keyof Seen['totals']
    return [{ account, amount: change.values[amountAt as number] as number }]
  })
}

function inForce({ payments }: Booking): readonly Payment[] {
  return payments.filter(({ status }) => status === 'authorised' || status === 'captured')
}

const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0)
const paymentsOf = ({ bookings }: Step): readonly Payment[] => bookings.flatMap((b) => b.payments)

export const moneyChecks: Readonly<Record<string, Check>> = {
  I14: (step, { totals }) => {
    const lines = linesOf(step)
    if (sum(lines.map(({ amount }) => amount)) !== 0) return 'the lines of the entry'
    for (const { account, amount } of lines) totals[account] += amount
    const { providerClearing, fareRevenue, refundsPayable } = step.state.meta
    if (providerClearing + fareRevenue + refundsPayable !== 0) return 'the totals'
    const same =
      totals.providerClearing === providerClearing &&
      totals.fareRevenue === fareRevenue &&
      totals.refundsPayable === refundsPayable
    return same ? undefined : 'the totals are not the sums of the lines'
  },

  I15: (step) => {
    for (const { paymentId, booking, amountMinor, refundedMinor, status } of paymentsOf(step)) {
      if (amountMinor !== priceOf(booking)) return `payment ${paymentId} is not the price`
      const captured = status === 'captured' ? amountMinor : 0
      if (!(refundedMinor >= 0 && refundedMinor <= captured)) {
        return `payment ${paymentId}: ${refundedMinor} of ${captured} refunded`
      }
    }
    return undefined
  },

  I16: (step) => {
    const { state, bookings } = step
    let [captured, refunded, kept, owed] = [0, 0, 0, 0]
    for (const booking of bookings) {
      for (const payment of inForce(booking)) {
        if (payment.status === 'captured') {
          captured += payment.amountMinor
          kept += payment.amountMinor
        }
        refunded += payment.refundedMinor
      }
      kept -= booking.refundMinor
      owed += booking.refundMinor - sum(booking.payments.map((it) => it.refundedMinor))
    }
    const { providerClearing, fareRevenue, refundsPayable } = state.meta
    if (providerClearing !== captured - refunded) return `${providerClearing} at the provider`
    if (-fareRevenue !== kept) return `revenue of ${-fareRevenue}, ${kept} by the bookings`
    return -refundsPayable === owed ? undefined : `${-refundsPayable} owed, ${owed} by the bookings`
  },

  I17: ({ bookings }) => {
    for (const booking of bookings) {
      if (inForce(booking).length === 0) continue
      const { bookingId, status } = booking
      if (status !== 'confirmed' && status !== 'cancelled') return `${bookingId} is ${status}`
    }
    return undefined
  },

  I18: ({ bookings }) => {
    for (const booking of bookings.filter(({ status }) => status === 'confirmed')) {
      const { length } = inForce(booking)
      if (length !== 1) return `${booking.bookingId} is confirmed with ${length} payments`
    }
    return undefined
  },

  I19: ({ bookings }) => {
    for (const { bookingId, status, refundMinor, payments } of bookings) {
      if (refundMinor > 0 && status !== 'cancelled') return `${bookingId} is ${status}`
      const open = payments.flatMap((it) => it.effects.filter(({ kind }) => kind === 'refund'))
      if (open.length > 1) return `${bookingId} has ${open.length} refunds on their way`
      const refunded = sum(payments.map((it) => it.refundedMinor))
      if (refunded !== 0 && refunded !== refundMinor) return `${bookingId}: ${refunded} refunded`
      const pending = payments.filter((it) => it.refundPending).length
      if (pending !== open.length) return `${bookingId}: a refund is shown that is not queued`
    }
    return undefined
  },

  I20: ({ state, changes }, { effects, resolved }) => {
    for (const change of changes) {
      if (change.type !== 'upsert') continue
      const outboxId = change.values[0] as number
      if (change.table === 'outbox') {
        if (effects.has(outboxId)) return `effect ${outboxId} is queued twice`
        effects.add(outboxId)
      } else if (change.table === 'effect_outcomes') {
        if (resolved.has(outboxId)) return `effect ${outboxId} is answered twice`
        resolved.add(outboxId)
      }
    }
    for (const outboxId of state.effects.keys()) {
      if (resolved.has(outboxId)) return `effect ${outboxId} is answered and still queued`
    }
    return undefined
  },
}
