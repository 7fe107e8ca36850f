/** Money back for what is archived: as for a booking that stands, by its stub. */
import { returnCommission } from '../agents/agent.ts'
import type { Override } from '../disruption/things.ts'
import { transfer } from '../ledger.ts'
import { queueNotice } from '../notices.ts'
import { proportion } from '../rounding.ts'
import type { BookingState } from '../state.ts'
import { deleteRow, type Work, writeRecord, writeRow } from '../store.ts'
import { keepStub, keepStubPayment } from './archiving.ts'
import type { Stub, StubEffect, StubPayment } from './things.ts'

/** What is kept of the fares of these passengers; undefined: nothing of it was ever sold. */
export function keptOfStub(stub: Stub, positions: readonly number[]): number | undefined {
  if (stub.fares.length === 0) return undefined
  return positions.reduce((sum, at) => sum + (stub.fares[at]?.keptMinor ?? 0), 0)
}

/** At most what is kept, to the first ones first, as `payMore` does for a booking. */
export function payMoreOfStub(
  work: Work,
  stub: Stub,
  { passengers, amountMinor }: Pick<Override, 'passengers' | 'amountMinor'>,
): void {
  const { state } = work
  const payment = ledgerPayment(state, stub)
  let left = amountMinor
  const fares = stub.fares.map((fare, at) => {
    const part = passengers.includes(at) ? Math.min(left, fare.keptMinor) : 0
    if (part === 0) return fare
    left -= part
    const tax = proportion(fare.taxMinor, part, fare.priceMinor)
    transfer(work, 'fareRevenue', 'refundsPayable', part - tax, payment, 'override')
    transfer(work, 'taxPayable', 'refundsPayable', tax, payment, 'override')
    return { ...fare, keptMinor: fare.keptMinor - part }
  })
  keepStub(work, { ...stub, fares })
  send(work, stub, amountMinor)
}

/** What is owed is tried once more; gives the sum. */
export function payOwed(work: Work, stub: Stub): number {
  const first = firstOf(work.state, stub)
  const { owedMinor } = first
  if (owedMinor === 0) return 0
  keepStub(work, { ...first, owedMinor: 0 })
  send(work, first, owedMinor)
  return owedMinor
}

/** The provider has answered a refund of an archived booking. */
export function answerStubEffect(
  work: Work,
  effect: StubEffect,
  outcome: 'done' | 'refused',
  detail: string,
): void {
  const { state } = work
  const { outboxId, key, kind, amountMinor } = effect
  const payment = state.archive.payment(effect.payment.paymentId)
  const stub = payment && state.archive.get(payment.bookingId)
  if (payment === undefined || stub === undefined) throw new Error(`effect ${outboxId} of nothing`)
  state.archive.effects.delete(outboxId)
  deleteRow(work, 'outbox', effect, [outboxId])
  const what = [outboxId, key, kind, payment.paymentId, amountMinor, outcome, detail]
  writeRecord(work, 'effect_outcomes', [...what, work.index, state.meta.nowMs])
  if (outcome === 'done') {
    keepStubPayment(work, { ...payment, leftMinor: payment.leftMinor - amountMinor })
    const of = { paymentId: payment.paymentId, booking: stub }
    transfer(work, 'refundsPayable', 'providerClearing', amountMinor, of, 'refund')
    const refundedMinor = payment.amountMinor - payment.leftMinor + amountMinor
    returnCommission(work, { ...of, refundedMinor, amountMinor: payment.amountMinor })
    queueNotice(work, stub, 'refundSent', { amountMinor })
  } else {
    const first = firstOf(state, stub)
    keepStub(work, { ...first, owedMinor: first.owedMinor + amountMinor })
  }
}

/** To where the money came from: of exchanged bookings the latest payment first. */
function send(work: Work, { familyId }: Stub, amountMinor: number): void {
  const { archive } = work.state
  let left = amountMinor
  for (const payment of paymentsOf(work.state, familyId).toReversed()) {
    const { paymentId, leftMinor } = payment
    const onItsWay = archive.effectsOf(paymentId).reduce((sum, it) => sum + it.amountMinor, 0)
    const part = Math.min(left, leftMinor - onItsWay)
    if (part === 0) continue
    left -= part
    queue(work, payment, part)
  }
  if (left > 0) throw new Error(`booking ${familyId}: ${left} more than was paid`)
}

function queue(work: Work, { paymentId }: StubPayment, amountMinor: number): void {
  const { meta, archive } = work.state
  const effect: StubEffect = {
    hashLow: 0,
    hashHigh: 0,
    outboxId: meta.nextOutboxId++,
    key: `${meta.clusterId}-${work.index}-${work.effects++}`,
    kind: 'refund',
    payment: { paymentId },
    amountMinor,
  }
  archive.effects.set(effect.outboxId, effect)
  writeRow(work, 'outbox', effect)
}

/** Those of the whole family, the first one first: the bookings of a family are all of one account. */
function paymentsOf({ accounts, archive }: BookingState, familyId: number): StubPayment[] {
  const { accountId = 0 } = archive.get(familyId) ?? {}
  return (accounts.get(accountId)?.bookingIds ?? []).flatMap((id) => {
    if (id < familyId || archive.get(id)?.familyId !== familyId) return []
    return archive.paymentOf(id) ?? []
  })
}

/** The payment that ledger lines name: of a trip the first leg's. */
function ledgerPayment(state: BookingState, { bookingId, familyId }: Stub) {
  const payment = state.archive.paymentOf(bookingId) ?? state.archive.paymentOf(familyId)
  if (payment === undefined) throw new Error(`booking ${bookingId} was not paid`)
  return { paymentId: payment.paymentId, booking: { bookingId: payment.bookingId } }
}

function firstOf({ archive }: BookingState, stub: Stub): Stub {
  return archive.get(stub.familyId) ?? stub
}
