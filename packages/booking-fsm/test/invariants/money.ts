import { priceOf, pricesOf, taxesOf } from '../../src/fares.ts'
import { ledgerTotals } from '../../src/queries/payments.ts'
import { proportion } from '../../src/rounding.ts'
import { tables } from '../../src/tables.ts'
import type { Booking, CancelledPassenger, Payment } from '../../src/things.ts'
import { leadOf, legsOf, tripPrice } from '../../src/trips.ts'
import { type Check, type Seen, type Step, travellers } from './check.ts'

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

/** Of the booking or its trip. */
function inForce(booking: Booking): readonly Payment[] {
  return leadOf(booking).payments.filter(
    ({ status }) => status === 'authorised' || status === 'captured',
  )
}

/** Paid, with or without a train. */
const isSold = ({ status }: Booking) => status === 'confirmed' || status === 'disrupted'
const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0)
const paymentsOf = ({ bookings }: Step): readonly Payment[] => bookings.flatMap((b) => b.payments)

function refundsQueued({ effects }: Payment): number[] {
  return effects.filter(({ kind }) => kind === 'refund').map(({ amountMinor }) => amountMinor)
}

/** The tax on what one who left is charged, less the tax in what goes back of the fare. */
function taxKept(booking: Booking, { terms }: CancelledPassenger): number {
  const { position, refundMinor, taxMinor } = terms
  const [price = 0, tax = 0] = [pricesOf(booking)[position], taxesOf(booking)[position]]
  return taxMinor - proportion(tax, refundMinor, price)
}

/** Each who left, and each who may by an open offer. */
function ofPassengers(booking: Booking): string | undefined {
  const { bookingId, status, refundMinor, cancelled, offer } = booking
  const prices = pricesOf(booking)
  const left = cancelled.map(({ terms }) => terms)
  if (cancelled.length > 0 && sum(left.map((it) => it.refundMinor)) !== refundMinor) {
    return `${bookingId}: ${refundMinor} is not what its passengers are given back`
  }
  for (const { position, refundMinor: back, chargeMinor, taxMinor } of [
    ...left,
    ...(offer?.terms ?? []),
  ]) {
    const parts = [back, chargeMinor, taxMinor]
    const isWithdrawn = parts.every((part) => part === 0)
    const makeUp = parts.every((part) => part >= 0) && sum(parts) === prices[position]
    if (!makeUp && !isWithdrawn) return `${bookingId}: ${parts} of passenger ${position}`
  }
  if (offer === undefined) return undefined
  const there = travellers(booking)
  const isOpen = status === 'confirmed' && offer.terms.every((it) => there.includes(it.position))
  return isOpen ? undefined : `${bookingId} has an offer for somebody who does not travel`
}

export const moneyChecks: Readonly<Record<string, Check>> = {
  I14: (step, { totals }) => {
    const lines = linesOf(step)
    if (sum(lines.map(({ amount }) => amount)) !== 0) return 'the lines of the entry'
    for (const { account, amount } of lines) totals[account] += amount
    const now = ledgerTotals(step.state)
    const accounts = Object.keys(now) as (keyof Seen['totals'])[]
    if (sum(Object.values(now)) !== 0) return 'the totals'
    const same = accounts.every((account) => totals[account] === now[account])
    return same ? undefined : 'the totals are not the sums of the lines'
  },

  I15: (step) => {
    for (const { paymentId, booking, amountMinor, refundedMinor, status } of paymentsOf(step)) {
      if (amountMinor !== tripPrice(booking)) return `payment ${paymentId} is not the price`
      const captured = status === 'captured' ? amountMinor : 0
      if (!(refundedMinor >= 0 && refundedMinor <= captured)) {
        return `payment ${paymentId}: ${refundedMinor} of ${captured} refunded`
      }
    }
    return undefined
  },

  I16: (step) => {
    const { state, bookings } = step
    let [captured, refunded, kept, owed, tax] = [0, 0, 0, 0, 0]
    for (const booking of bookings) {
      for (const payment of leadOf(booking) === booking ? inForce(booking) : []) {
        if (payment.status === 'captured') {
          captured += payment.amountMinor
          kept += payment.amountMinor
          tax += sum(legsOf(booking).flatMap(taxesOf))
        }
        refunded += payment.refundedMinor
      }
      kept -= booking.refundMinor
      tax += sum(booking.cancelled.map((of) => taxKept(booking, of)))
      owed += booking.refundMinor - sum(booking.payments.map((it) => it.refundedMinor))
    }
    const { providerClearing, fareRevenue, refundsPayable, taxPayable } = ledgerTotals(state)
    if (providerClearing !== captured - refunded) return `${providerClearing} at the provider`
    if (-taxPayable !== tax) return `tax of ${-taxPayable}, ${tax} by the bookings`
    if (-fareRevenue !== kept - tax) return `revenue of ${-fareRevenue}, ${kept} by the bookings`
    return -refundsPayable === owed ? undefined : `${-refundsPayable} owed, ${owed} by the bookings`
  },

  I17: ({ bookings }) => {
    for (const booking of bookings) {
      if (inForce(booking).length === 0) continue
      const { bookingId, status } = booking
      if (!['confirmed', 'cancelled', 'disrupted'].includes(status))
        return `${bookingId} is ${status}`
    }
    return undefined
  },

  I18: ({ bookings }) => {
    for (const booking of bookings.filter(isSold)) {
      const { length } = inForce(booking)
      if (length !== 1) return `${booking.bookingId} is confirmed with ${length} payments`
    }
    return undefined
  },

  I19: ({ bookings }) => {
    for (const booking of bookings) {
      const { bookingId, status, refundMinor, payments, cancelled } = booking
      if (refundMinor > 0 && status !== 'cancelled' && cancelled.length === 0) {
        return `${bookingId} is ${status}`
      }
      if (refundMinor > priceOf(booking)) return `${bookingId}: ${refundMinor} is above the price`
      const refunded = sum(payments.map((it) => it.refundedMinor))
      const onTheirWay = sum(payments.flatMap(refundsQueued))
      const agreed = sum(legsOf(booking).map((leg) => leg.refundMinor))
      if (refunded + onTheirWay > agreed) {
        return `${bookingId}: ${refunded} refunded, ${onTheirWay} on the way, of ${agreed}`
      }
      if (payments.length > 0 && leadOf(booking) !== booking)
        return `${bookingId} is paid by itself`
      const wrong = payments.find((it) => it.refundPending !== refundsQueued(it).length > 0)
      if (wrong !== undefined) return `${bookingId}: a refund is shown that is not queued`
      const part = ofPassengers(booking)
      if (part !== undefined) return part
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
