import { owedMinor } from '../../src/cancellation.ts'
import { chargedBack } from '../../src/chargebacks/charged.ts'
import type { Exchange } from '../../src/exchange-things.ts'
import { dueMinor } from '../../src/exchanges.ts'
import { priceOf, pricesOf, taxesOf } from '../../src/fares.ts'
import { ledgerTotals } from '../../src/queries/payments.ts'
import { proportion } from '../../src/rounding.ts'
import { createState } from '../../src/state.ts'
import { tables } from '../../src/tables.ts'
import type { Booking, CancelledPassenger, Payment, RefundTerms } from '../../src/things.ts'
import { leadOf, legsOf } from '../../src/trips.ts'
import { type Check, isHeld, type MovedMoney, type Seen, type Step, travellers } from './check.ts'

const ledgerColumns = tables.find(({ name }) => name === 'ledger_lines')?.columns ?? []
const [accountAt, amountAt, bookingAt] = ['account', 'amount_minor', 'booking_id'].map((name) =>
  ledgerColumns.findIndex((column) => column.name === name),
)

const accounts = Object.keys(ledgerTotals(createState())) as (keyof Seen['totals'])[]

interface Line {
  readonly account: keyof Seen['totals']
  readonly amount: number
  readonly bookingId: number
}
export function linesOf({ changes }: Step): Line[] {
  return changes.flatMap((change) => {
    if (change.type !== 'upsert' || change.table !== 'ledger_lines') return []
    const account = change.values[accountAt as number] as keyof Seen['totals']
    const bookingId = change.values[bookingAt as number] as number
    return [{ account, amount: change.values[amountAt as number] as number, bookingId }]
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
const paymentsOf = ({ scope }: Step): readonly Payment[] =>
  scope.bookings.flatMap((b) => b.payments)

function refundsQueued({ effects }: Payment): number[] {
  return effects.filter(({ kind }) => kind === 'refund').map(({ amountMinor }) => amountMinor)
}

/** The tax on what one who left is charged, less the tax in what goes back of the fare. */
function taxKept(booking: Booking, { terms }: CancelledPassenger): number {
  return taxKeptOf(booking, terms)
}

function taxKeptOf(booking: Booking, terms: RefundTerms): number {
  const { position, refundMinor, taxMinor } = terms
  const [price = 0, tax = 0] = [pricesOf(booking)[position], taxesOf(booking)[position]]
  return taxMinor - proportion(tax, refundMinor, price)
}

/** Each who left, and each who may by an open offer. */
function ofPassengers(booking: Booking, hasBack: boolean): string | undefined {
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
    // Some of the fare may have come back by itself before.
    const most = prices[position] as number
    const whole = sum(parts) === most || (hasBack && sum(parts) < most)
    const makeUp = parts.every((part) => part >= 0) && whole
    if (!makeUp && !isWithdrawn) return `${bookingId}: ${parts} of passenger ${position}`
  }
  if (offer === undefined) return undefined
  const there = travellers(booking)
  const isOpen = status === 'confirmed' && offer.terms.every((it) => there.includes(it.position))
  return isOpen ? undefined : `${bookingId} has an offer for somebody who does not travel`
}

/** What a voucher paid of the booking, or of the trip that it leads. */
function paidByVoucher({ state }: Step, { bookingId }: Booking): number {
  const use = state.voucherUses.get(bookingId)
  return use?.status === 'redeemed' ? use.amountMinor : 0
}

/** The bookings of an exchange. */
function partsOf(
  { bookings }: Step,
  { bookingId, oldBookingId }: Exchange,
): { old: Booking; held: Booking; payments: readonly Payment[] } {
  const [old, held] = [bookings.get(oldBookingId), bookings.get(bookingId)]
  if (old === undefined || held === undefined) throw new Error(`exchange ${bookingId} of nothing`)
  return { old, held, payments: held.payments }
}

/** The value, the charge and its tax make up the fares; one at most is open, and then nothing else is. */
function ofExchange(step: Step, exchange: Exchange): string | undefined {
  // An attempt that came to nothing may stay behind when what it was for is archived.
  if (exchange.confirmedAtMs === 0 && step.state.archive.has(exchange.oldBookingId))
    return undefined
  const { bookingId, carriedMinor, surplusMinor, terms, confirmedAtMs } = exchange
  const { old, held } = partsOf(step, exchange)
  const prices = pricesOf(old)
  const value = sum(terms.map((it) => it.refundMinor))
  if (carriedMinor + surplusMinor > value) return `exchange ${bookingId} carries more than there is`
  if (carriedMinor > priceOf(held)) return `exchange ${bookingId} carries more than the price`
  for (const { position, refundMinor, chargeMinor, taxMinor } of terms) {
    const back = step.state.compensations.get(old.bookingId) ?? []
    const before = sum(back.filter((it) => it.position === position).map((it) => it.amountMinor))
    const parts = refundMinor + chargeMinor + taxMinor
    const isOpen = isHeld(held) && old.status === 'confirmed'
    if (isOpen && before === 0 && parts !== prices[position]) return `${bookingId}: ${parts}`
  }
  const others = [...step.state.exchanges.values()].filter(
    (it) => it.oldBookingId === old.bookingId,
  )
  const open = others.filter((it) => isHeld(partsOf(step, it).held))
  if (open.length > 1) return `${old.bookingId} is exchanged for ${open.length} at a time`
  if (open.length === 1 && old.offer !== undefined) return `${old.bookingId} has an offer, too`
  const taken = others.filter((it) => it.confirmedAtMs > 0).length
  if (taken > 1 || (taken === 1) !== (old.status === 'exchanged')) {
    return `${old.bookingId} is ${old.status} with ${taken} in its place`
  }
  const went = ['confirmed', 'cancelled', 'disrupted', 'exchanged'].includes(held.status)
  return confirmedAtMs > 0 === went ? undefined : `exchange ${bookingId} and its booking differ`
}

type Totals = Seen['totals']

/** What goes into the archive takes its money along, and moves none; what is moved there later stands in the lines. */
function ofArchived(step: Step, archived: Totals, live: Partial<Totals>): string | undefined {
  const lines = linesOf(step)
  for (const { account, amount, bookingId } of lines) {
    if (account in live && step.state.archive.has(bookingId)) archived[account] += amount
  }
  if (step.reply.type !== 'runArchived') return undefined
  const totals = ledgerTotals(step.state)
  for (const account of Object.keys(live) as (keyof Totals)[]) {
    archived[account] = totals[account] - (live[account] ?? 0)
  }
  // Cash, too: how much of it lies in which till is not the archive's.
  const { cashInTills, cashInSafe, cashDifferences, terminalClearing } = totals
  archived.providerClearing += cashInTills + cashInSafe + cashDifferences + terminalClearing
  archived.providerClearing += totals.receivables + totals.bank
  archived.providerClearing += totals.chargebacks + totals.chargebackLosses
  if (archived.exchangeCredit !== 0) return 'what is carried over went into the archive'
  if (archived.refundsPayable !== -openInArchive(step)) return 'what is owed went into the archive'
  // What time brings in the same entry is of others.
  const moved = lines.some(({ bookingId }) => step.state.archive.has(bookingId))
  return moved ? 'money was moved by archiving' : undefined
}

/** Owed or on its way, of what is archived. */
function openInArchive({ state: { archive, meta } }: Step): number {
  let open = 0
  for (let id = 1; id < meta.nextBookingId; id++) open += archive.get(id)?.owedMinor ?? 0
  for (const { amountMinor } of archive.effects.values()) open += amountMinor
  return open
}

function without(archived: Totals, totals: Readonly<Totals>): Totals {
  const left = { ...totals }
  for (const account of Object.keys(left) as (keyof Totals)[]) left[account] -= archived[account]
  return left
}

/** What banks took is what was recorded, and no payment gives back more than it was. */
function ofBanks(state: Step['state'], open: number, lost: number): string | undefined {
  const all = [...state.chargebacks.values()]
  const sumOf = (status: string) =>
    sum(all.filter((it) => it.status === status).map(({ amountMinor }) => amountMinor))
  if (open !== sumOf('open')) return `${open} is in dispute, not ${sumOf('open')}`
  if (lost !== sumOf('lost')) return `${lost} is lost to banks, not ${sumOf('lost')}`
  return undefined
}

/** What of the ledger is not seen from the bookings. */
const moneyTables = [
  ...['ledger_lines', 'exchanges', 'compensations', 'voucher_uses', 'commissions', 'tills'],
  ...[
    'companies',
    'company_items',
    'invoices',
    'counters',
    'booking_stubs',
    'payment_stubs',
    'chargebacks',
  ],
]

/** What the sale of a booking, and what came back of it, put onto the accounts. */
function movedBy(step: Step, booking: Booking): MovedMoney {
  let [captured, refunded, kept, owed, tax] = [0, 0, 0, 0, 0]
  for (const payment of leadOf(booking) === booking ? inForce(booking) : []) {
    if (payment.status === 'captured') {
      captured += payment.amountMinor
      kept += payment.amountMinor + paidByVoucher(step, booking)
      tax += sum(legsOf(booking).flatMap(taxesOf))
    }
    refunded += payment.refundedMinor
  }
  const back = step.state.compensations.get(booking.bookingId) ?? []
  const given = booking.refundMinor + sum(back.map((it) => it.amountMinor))
  kept -= given
  tax += sum(booking.cancelled.map((of) => taxKept(booking, of)))
  tax -= sum(back.map((it) => it.taxMinor))
  owed += given - sum(booking.payments.map((it) => it.refundedMinor))
  const use = step.state.voucherUses.get(booking.bookingId)
  if (use?.status === 'redeemed') owed -= use.refundedMinor
  return { captured, refunded, kept, owed, tax }
}

export const moneyChecks: Readonly<Record<string, Check>> = {
  I14: (step, { totals }) => {
    const lines = linesOf(step)
    if (sum(lines.map(({ amount }) => amount)) !== 0) return 'the lines of the entry'
    for (const { account, amount } of lines) totals[account] += amount
    const now = ledgerTotals(step.state)
    let all = 0
    for (const account of accounts) all += now[account]
    if (all !== 0) return 'the totals'
    const same = accounts.every((account) => totals[account] === now[account])
    return same ? undefined : 'the totals are not the sums of the lines'
  },

  I15: (step) => {
    for (const { paymentId, booking, amountMinor, refundedMinor, status } of paymentsOf(step)) {
      // Who waits reserves the dearest of what it may become; what became of that is not its price.
      const isOpen = booking.seats.length > 0 || booking.status === 'waiting'
      if (isOpen && status !== 'declined' && amountMinor !== dueMinor(step.state, booking))
        return `payment ${paymentId} is not what is due`
      const captured = status === 'captured' ? amountMinor : 0
      if (!(refundedMinor >= 0 && refundedMinor <= captured)) {
        return `payment ${paymentId}: ${refundedMinor} of ${captured} refunded`
      }
    }
    return undefined
  },

  I16: (step, { archived, moved }) => {
    const { state, bookings, scope } = step
    // What it is the sum of is the same as after the entry before.
    if (scope.bookings.length === 0 && !scope.touches(...moneyTables)) return undefined
    let [captured, refunded, kept, owed, tax, credit] = [0, 0, 0, 0, 0, 0]
    if (scope.thorough) moved.clear()
    for (const booking of bookings.values()) {
      const { bookingId } = booking
      const known = scope.ids.has(bookingId) ? undefined : moved.get(bookingId)
      const of = known ?? movedBy(step, booking)
      if (known === undefined) moved.set(bookingId, of)
      captured += of.captured
      refunded += of.refunded
      kept += of.kept
      owed += of.owed
      tax += of.tax
    }
    for (const exchange of [...state.exchanges.values()].filter((it) => it.confirmedAtMs > 0)) {
      // What an exchange moves: the value leaves the old sale, and comes to the new one with its money.
      const { old, payments } = partsOf(step, exchange)
      const { carriedMinor, surplusMinor, terms, undone } = exchange
      const waits = payments.some(({ status }) => status === 'authorised')
      if (waits) credit += carriedMinor
      kept -= surplusMinor + (waits || undone ? carriedMinor : 0)
      owed += surplusMinor + (undone ? carriedMinor : 0)
      tax += sum(terms.map((it) => taxKeptOf(old, it)))
    }
    const live = {
      providerClearing: captured - refunded,
      fareRevenue: tax - kept,
      refundsPayable: -owed,
      taxPayable: -tax,
      exchangeCredit: -credit,
    }
    const wrong = ofArchived(step, archived, live)
    if (wrong !== undefined) return wrong
    const totals = without(archived, ledgerTotals(state))
    const { providerClearing, fareRevenue, refundsPayable, taxPayable } = totals
    if (-totals.exchangeCredit !== credit)
      return `${-totals.exchangeCredit} is carried, not ${credit}`
    const { cashInTills, cashInSafe, cashDifferences, terminalClearing } = totals
    const atCounters = cashInTills + cashInSafe + cashDifferences + terminalClearing
    const { chargebacks, chargebackLosses } = totals
    const byBanks = chargebacks + chargebackLosses
    const taken = providerClearing + atCounters + totals.receivables + totals.bank + byBanks
    const wrongBanks = ofBanks(state, chargebacks, chargebackLosses)
    if (wrongBanks !== undefined) return wrongBanks
    const ofCompanies = sum([...state.companies.values()].map((it) => it.owedMinor))
    if (totals.receivables !== ofCompanies) return `${ofCompanies} is owed by companies`
    const items = sum([...state.companyItems.values()].map((it) => it.amountMinor))
    const unpaid = [...state.invoices.values()].map((it) => it.totalMinor - it.paidMinor)
    if (items + sum(unpaid) < ofCompanies) return 'companies owe what stands nowhere'
    if (taken !== captured - refunded) return `${taken} at the provider and at counters`
    const inTills = sum([...state.tills.values()].map((till) => till.cashMinor))
    if (cashInTills !== inTills) return `${cashInTills} in tills, and ${inTills} by their counts`
    const earned = [...state.commissions.values()].map((it) => it.earnedMinor - it.backMinor)
    if (-totals.commissionPayable !== sum(earned)) return `${sum(earned)} is owed to agents`
    if (-taxPayable !== tax) return `tax of ${-taxPayable}, ${tax} by the bookings`
    if (-fareRevenue !== kept - tax) return `revenue of ${-fareRevenue}, ${kept} by the bookings`
    return -refundsPayable === owed ? undefined : `${-refundsPayable} owed, ${owed} by the bookings`
  },

  I17: ({ scope }) => {
    for (const booking of scope.bookings) {
      if (inForce(booking).length === 0) continue
      const { bookingId, status } = booking
      if (status === 'waiting' && inForce(booking)[0]?.status === 'authorised') continue
      if (!['confirmed', 'cancelled', 'disrupted', 'exchanged'].includes(status))
        return `${bookingId} is ${status}`
    }
    return undefined
  },

  I18: ({ scope }) => {
    for (const booking of scope.bookings.filter(isSold)) {
      const { length } = inForce(booking)
      if (length !== 1) return `${booking.bookingId} is confirmed with ${length} payments`
      const [payment] = inForce(booking)
      const reason = payment?.providerReference
      if (
        payment?.paymentToken === '' &&
        !['free', 'exchange', 'voucher', 'cash', 'terminal', 'company'].includes(
          reason?.split(':')[0] ?? '',
        )
      ) {
        return `${booking.bookingId} is confirmed for nothing, and nothing says why`
      }
    }
    return undefined
  },

  I19: (step) => {
    const { state, scope } = step
    for (const exchange of state.exchanges.values()) {
      if (!scope.ids.has(exchange.bookingId) && !scope.ids.has(exchange.oldBookingId)) continue
      const wrong = ofExchange(step, exchange)
      if (wrong !== undefined) return wrong
    }
    for (const booking of scope.bookings) {
      const { bookingId, status, refundMinor, payments, cancelled } = booking
      if (refundMinor > 0 && status !== 'cancelled' && cancelled.length === 0) {
        return `${bookingId} is ${status}`
      }
      if (refundMinor > priceOf(booking)) return `${bookingId}: ${refundMinor} is above the price`
      const owed = owedMinor(state, booking)
      if (owed < 0) return `${bookingId}: ${-owed} more refunded, or on the way, than was agreed`
      for (const payment of payments) {
        const { amountMinor, refundedMinor } = payment
        const back = refundedMinor + sum(refundsQueued(payment)) + chargedBack(state, payment)
        if (back > amountMinor) return `${bookingId}: ${back} back of a payment of ${amountMinor}`
      }
      if (payments.length > 0 && leadOf(booking) !== booking)
        return `${bookingId} is paid by itself`
      const wrong = payments.find((it) => it.refundPending !== refundsQueued(it).length > 0)
      if (wrong !== undefined) return `${bookingId}: a refund is shown that is not queued`
      const part = ofPassengers(booking, state.compensations.has(bookingId))
      if (part !== undefined) return part
    }
    return undefined
  },

  I20: ({ state, changes, scope }, { effects, resolved }) => {
    if (!scope.touches('outbox', 'effect_outcomes')) return undefined
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
