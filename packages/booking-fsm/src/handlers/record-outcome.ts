/** What the provider answered. Each effect is answered once, a payment's effects in order. */

import { mustBeCluster } from '../actors.ts'
import { earnCommission } from '../agents/agent.ts'
import { answerStubEffect } from '../archive/complaints.ts'
import { withdrawRefunds } from '../cancelling.ts'
import { firstInvalid, isId, isObject, isText } from '../checks.ts'
import type { Outcome, RecordOutcome } from '../commands.ts'
import { isOfBefore, isReseating } from '../consist/run-consist.ts'
import { closeChoice } from '../disruption/hit.ts'
import { queueEffect, resolveEffect } from '../effects.ts'
import { mayExchange, settleExchange, undoExchange } from '../exchanging.ts'
import { expireIfDue } from '../expiry.ts'
import { hasDeparted, taxesOf } from '../fares.ts'
import { noteFreed } from '../freed.ts'
import { transfer } from '../ledger.ts'
import { endBooking, sellAgain, sellBooking } from '../live.ts'
import { queueNotice } from '../notices.ts'
import { hasRefund, refundPaid } from '../refund-paid.ts'
import { invalid, refuse } from '../refusal.ts'
import type { Refusal, Reply } from '../replies.ts'
import { expectSeating } from '../seat-promise/seating.ts'
import { type Work, writeRow } from '../store.ts'
import type { Booking, Effect, Payment } from '../things.ts'
import { isAtCounter } from '../tills/till.ts'
import { legsOf } from '../trips.ts'
import {
  accountOf,
  mayRedeem,
  redeemedFor,
  redeemVoucher,
  withdrawVoucher,
} from '../vouchers/using.ts'
import { isClosed } from '../waiting/list.ts'
import { offerFreed } from '../waiting/promote.ts'
import { isDue, noteRun } from '../waiting/timed.ts'
import { isSharing } from '../waiting/upgrade.ts'
import { releaseTrip } from './release-hold.ts'

export function recordOutcome(work: Work, command: RecordOutcome): Reply {
  const { state } = work
  const { outboxId, outcome } = command
  const refusal =
    firstInvalid([[isId(outboxId), 'outboxId']]) ?? checkOutcome(outcome) ?? mustBeCluster(work)
  if (refusal !== undefined) return refusal
  if (outboxId >= state.meta.nextOutboxId) return refuse('outboxNotFound')
  const effect = state.effects.get(outboxId)
  if (effect === undefined) return answerArchived(work, command)
  const { payment } = effect
  if (payment.effects[0] !== effect || isAtCounter(payment)) {
    return refuse('notAllowed', { field: 'outboxId' })
  }
  work.subject = `booking:${payment.booking.bookingId}`
  resolveEffect(work, effect, outcome.type, detailOf(outcome))
  if (outcome.type === 'done') done(work, effect, outcome.providerReference)
  else refused(work, effect, outcome.reason)
  writeRow(work, 'payments', payment)
  return { type: 'done' }
}

/** A refund of a booking that was archived before it was given. */
function answerArchived(work: Work, { outboxId, outcome }: RecordOutcome): Reply {
  const { archive } = work.state
  const effect = archive.effects.get(outboxId)
  if (effect === undefined) return refuse('outboxResolved')
  const { paymentId } = effect.payment
  if (archive.effectsOf(paymentId)[0] !== effect) return refuse('notAllowed', { field: 'outboxId' })
  work.subject = `booking:${archive.payment(paymentId)?.bookingId ?? 0}`
  answerStubEffect(work, effect, outcome.type, detailOf(outcome))
  return { type: 'done' }
}

function done(work: Work, effect: Effect, providerReference: string): void {
  const { kind, payment, amountMinor } = effect
  switch (kind) {
    case 'authorise':
      payment.providerReference = providerReference
      authorised(work, payment)
      break
    case 'capture':
      payment.status = 'captured'
      captured(work, payment)
      earnCommission(work, payment)
      break
    case 'void':
      payment.status = 'voided'
      break
    case 'refund':
      refundPaid(work, payment, amountMinor)
  }
}

/** The fares are the railway's, the tax in them the state's. */
export function captured(work: Work, payment: Payment): void {
  const { amountMinor, booking } = payment
  const tax = legsOf(booking)
    .flatMap(taxesOf)
    .reduce((sum, of) => sum + of, 0)
  const exchange = work.state.exchanges.get(booking.bookingId)
  const use = redeemedFor(work.state, booking)
  if (exchange !== undefined || use !== undefined) {
    const carriedMinor = exchange?.carriedMinor ?? 0
    transfer(work, 'exchangeCredit', 'fareRevenue', carriedMinor, payment, 'carried over')
    if (use !== undefined) {
      const account = accountOf(use.voucher)
      transfer(work, account, 'fareRevenue', use.amountMinor, payment, 'voucher')
    }
    transfer(work, 'providerClearing', 'fareRevenue', amountMinor, payment, 'capture')
    transfer(work, 'fareRevenue', 'taxPayable', tax, payment, 'tax of the fare')
    return
  }
  transfer(work, 'providerClearing', 'fareRevenue', amountMinor - tax, payment, 'capture')
  transfer(work, 'providerClearing', 'taxPayable', tax, payment, 'tax of the fare')
}

function refused(work: Work, effect: Effect, reason: string): void {
  const { kind, payment } = effect
  payment.declineReason = reason
  switch (kind) {
    case 'authorise':
      declined(work, payment)
      break
    case 'capture':
      captureRefused(work, payment)
      break
    case 'void':
      // The reservation of the money lapses by itself.
      payment.status = 'voided'
      break
    case 'refund':
      // Still owed: it stays in refundsPayable until `payRefund` tries again.
      payment.refundPending = hasRefund(payment)
  }
}

/** The ticket is the passenger's when the seats are; else the money is given back. */
function authorised(work: Work, payment: Payment): void {
  const { booking, amountMinor } = payment
  expireIfDue(work, booking)
  if (booking.status === 'waiting') {
    // Reserved and no more: the promotion captures it.
    payment.status = 'authorised'
    return
  }
  const late = booking.status === 'expired'
  if (confirm(work, booking)) {
    payment.status = 'authorised'
    queueEffect(work, 'capture', payment, amountMinor)
    queueNotice(work, booking, late ? 'latePaymentAccepted' : 'bookingConfirmed')
  } else {
    payment.status = 'voiding'
    queueEffect(work, 'void', payment, amountMinor)
    queueNotice(work, booking, 'latePaymentVoided', { amountMinor })
  }
}

function confirm(work: Work, booking: Booking): boolean {
  const { state } = work
  const legs = legsOf(booking)
  // What is left of a run that does not go is not sold any more.
  const cancelled = legs.some(({ run }) => run.cancelled)
  if (cancelled && booking.status === 'paying') releaseTrip(work, booking)
  const exchange = state.exchanges.get(booking.bookingId)
  if (exchange !== undefined && !mayExchange(state, exchange)) return giveUp(work, booking)
  if (booking.status === 'paying') for (const leg of legs) sellBooking(state, leg)
  else {
    const gone =
      booking.status !== 'expired' ||
      cancelled ||
      legs.some((leg) => isReseating(state, leg.run.runId) || isOfBefore(state, leg)) ||
      legs.some((leg) => hasDeparted(leg.run, leg.fromStop, state.meta.nowMs))
    if (gone) return false
    // Those who wait, if it is their turn, before those who pay late.
    if (legs.some(({ run }) => isDue(state, run))) {
      for (const { run } of legs) noteRun(work, run.runId)
      offerFreed(work)
    }
    if (!mayRedeem(state, booking) || !sellAgain(state, legs)) return false
    for (const { run } of legs) if (isClosed(state, run)) expectSeating(state, run)
    // Who is back on half a berth may have a whole one.
    for (const leg of legs) if (isSharing(leg)) noteFreed(work, leg.run)
  }
  redeemVoucher(work, booking)
  for (const leg of legs) writeRow(work, 'bookings', leg)
  if (exchange !== undefined) settleExchange(work, exchange)
  return true
}

/** What it was to take the place of is not there any more. */
function giveUp(work: Work, booking: Booking): false {
  if (booking.status !== 'paying') return false
  endBooking(work, booking, 'expired')
  writeRow(work, 'bookings', booking)
  return false
}

function declined(work: Work, payment: Payment): void {
  const { booking } = payment
  payment.status = 'declined'
  expireIfDue(work, booking)
  if (booking.status !== 'paying') return
  for (const leg of legsOf(booking)) {
    leg.status = 'held'
    writeRow(work, 'bookings', leg)
  }
}

/** No money came, so there is no ticket, and nothing to pay back. */
function captureRefused(work: Work, payment: Payment): void {
  payment.status = 'declined'
  // Behind a capture there are refunds only, and none of them has been done.
  for (const refund of [...payment.effects]) resolveEffect(work, refund, 'withdrawn', '')
  payment.refundPending = false
  for (const leg of legsOf(payment.booking)) {
    if (leg.status === 'confirmed' || leg.status === 'disrupted') {
      endBooking(work, leg, 'cancelled')
      leg.cancelledAtMs = work.state.meta.nowMs
    }
    closeChoice(work, leg, 'unpaid')
    withdrawRefunds(work, leg, payment)
    writeRow(work, 'bookings', leg)
  }
  withdrawVoucher(work, payment.booking, payment)
  const exchange = work.state.exchanges.get(payment.booking.bookingId)
  if (exchange !== undefined) undoExchange(work, exchange, payment)
  queueNotice(work, payment.booking, 'fareNotPaid')
}

export function checkOutcome(outcome: Outcome): Refusal | undefined {
  if (!isObject(outcome)) return invalid('outcome')
  const { type } = outcome
  if (type === 'done') {
    return firstInvalid([[isText(outcome.providerReference, 1, 256), 'outcome.providerReference']])
  }
  if (type !== 'refused') return invalid('outcome.type')
  return firstInvalid([[isText(outcome.reason, 0, 512), 'outcome.reason']])
}

function detailOf(outcome: Outcome): string {
  return outcome.type === 'done' ? outcome.providerReference : outcome.reason
}
