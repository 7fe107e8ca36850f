/**
 * Money that a passenger's bank takes back from the provider. Nothing is cancelled by it: it may be a mistake, and
 * staff decide. While it is away, refunds give no more than what is left.
 */
import { mustBeStaff, noBooking } from '../actors.ts'
import { onItsWay } from '../cancellation.ts'
import { paidBy } from '../cancelling.ts'
import { chargedBack, countChargeback, keepChargeback } from '../chargebacks/charged.ts'
import type { Chargeback } from '../chargebacks/things.ts'
import { firstInvalid, isId, isInt, isText } from '../checks.ts'
import type { RecordChargeback, SettleChargeback } from '../commands.ts'
import { type LedgerPayment, transfer } from '../ledger.ts'
import { refuse } from '../refusal.ts'
import type { Reply } from '../replies.ts'
import { type Work, writeRow } from '../store.ts'
import { unhashed } from '../things.ts'
import { isAtCounter } from '../tills/till.ts'

export function recordChargeback(work: Work, command: RecordChargeback): Reply {
  const { state } = work
  const { bookingId, reference, amountMinor, reason } = command
  const refusal =
    firstInvalid([
      [isId(bookingId), 'bookingId'],
      [isText(reference, 1, 256), 'reference'],
      [isInt(amountMinor, 1, Number.MAX_SAFE_INTEGER), 'amountMinor'],
      [isText(reason, 0, 512), 'reason'],
    ]) ?? mustBeStaff(work)
  if (refusal !== undefined) return refusal
  const booking = state.bookings.get(bookingId)
  if (booking === undefined) return noBooking(work, bookingId, true)
  const payment = paidBy(booking)
  const before = state.chargebacks.get(reference)
  if (before !== undefined) {
    const same = before.paymentId === payment?.paymentId && before.amountMinor === amountMinor
    return same ? { type: 'done' } : refuse('chargebackDiffers')
  }
  if (payment?.status !== 'captured') return refuse('chargebackTooHigh')
  if (isAtCounter(payment)) return refuse('notAllowed', { field: 'bookingId' })
  const gone = payment.refundedMinor + onItsWay(payment) + chargedBack(state, payment)
  const left = payment.amountMinor - gone
  if (amountMinor > left) return refuse('chargebackTooHigh', { figure: left })
  const chargeback: Chargeback = {
    ...unhashed,
    reference,
    bookingId: payment.booking.bookingId,
    paymentId: payment.paymentId,
    amountMinor,
    reason,
    status: 'open',
    recordedAtMs: state.meta.nowMs,
    settledAtMs: 0,
  }
  keepChargeback(state, chargeback)
  writeRow(work, 'chargebacks', chargeback)
  transfer(work, 'chargebacks', 'providerClearing', amountMinor, payment, 'chargeback')
  return { type: 'done' }
}

export function settleChargeback(work: Work, { reference, won }: SettleChargeback): Reply {
  const { state } = work
  const refusal =
    firstInvalid([
      [isText(reference, 1, 256), 'reference'],
      [typeof won === 'boolean', 'won'],
    ]) ?? mustBeStaff(work)
  if (refusal !== undefined) return refusal
  const chargeback = state.chargebacks.get(reference)
  if (chargeback === undefined) return refuse('chargebackNotFound')
  const status = won ? 'won' : 'lost'
  if (chargeback.status !== 'open' && chargeback.status !== status) {
    return refuse('chargebackDiffers')
  }
  work.subject = `booking:${chargeback.bookingId}`
  if (chargeback.status === status) return { type: 'done' }
  chargeback.status = status
  chargeback.settledAtMs = state.meta.nowMs
  writeRow(work, 'chargebacks', chargeback)
  const { amountMinor, paymentId, bookingId } = chargeback
  const of: LedgerPayment = { paymentId, booking: { bookingId } }
  if (won) {
    countChargeback(state, chargeback, -amountMinor)
    transfer(work, 'providerClearing', 'chargebacks', amountMinor, of, 'chargeback won')
  } else {
    transfer(work, 'chargebackLosses', 'chargebacks', amountMinor, of, 'chargeback lost')
  }
  return { type: 'done' }
}
