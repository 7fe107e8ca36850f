import { noBooking, ownBooking } from '../actors.ts'
import { firstInvalid, isId, isInt, matches } from '../checks.ts'
import type { StartPayment } from '../commands.ts'
import { queueEffect } from '../effects.ts'
import { dueMinor } from '../exchanges.ts'
import { mayExchange } from '../exchanging.ts'
import { expireIfDue, extendHold } from '../expiry.ts'
import { hasDeparted } from '../fares.ts'
import { keepPayment } from '../live.ts'
import { refuse } from '../refusal.ts'
import type { Refusal, Reply } from '../replies.ts'
import { paymentReply } from '../requests.ts'
import type { BookingState } from '../state.ts'
import { type Work, writeRow } from '../store.ts'
import { type Booking, none, type Payment } from '../things.ts'
import { leadOf, legsOf } from '../trips.ts'
import { voucherPart } from '../vouchers/using.ts'
import { reservedMinor } from '../waiting/list.ts'
import type { WaitingEntry } from '../waiting/things.ts'
import { mustBeHeld } from './release-hold.ts'

const MAX_PAYMENTS = 20

/** Of a booking or a whole trip. Logs the intent, extends the hold (at its first payment only) and queues the authorisation. */
export function startPayment(work: Work, command: StartPayment): Reply {
  const { state } = work
  const { bookingId, paymentToken, amountMinor } = command
  const refusal = firstInvalid([
    [isId(bookingId), 'bookingId'],
    [isPaymentToken(paymentToken), 'paymentToken'],
    [isInt(amountMinor, 0, Number.MAX_SAFE_INTEGER), 'amountMinor'],
  ])
  if (refusal !== undefined) return refusal
  const named = ownBooking(work, bookingId)
  if (named === undefined) return noBooking(work, bookingId)
  const booking = leadOf(named)
  expireIfDue(work, booking)
  // What is held is held as a whole; what was sold may have been cancelled leg by leg.
  const waiting = state.waiting.get(bookingId)
  const unfit =
    waiting === undefined
      ? (mustBeHeld(named) ?? mustBePayable(state, booking, amountMinor))
      : mustBeReservable(waiting, amountMinor)
  if (unfit !== undefined) return unfit
  const { nowMs, paymentWindowMs } = state.meta
  if (waiting === undefined) {
    if (!booking.extended) {
      extendHold(work, booking, Math.max(booking.expiresAtMs, nowMs + paymentWindowMs))
    }
    for (const leg of legsOf(booking)) {
      leg.extended = true
      leg.status = 'paying'
    }
  }
  const payment: Payment = {
    hashLow: 0,
    hashHigh: 0,
    paymentId: state.meta.nextPaymentId++,
    booking,
    status: 'authorising',
    amountMinor,
    refundedMinor: 0,
    refundPending: false,
    declineReason: '',
    providerReference: '',
    paymentToken,
    startedAtMs: nowMs,
    startedUntilMs: booking.expiresAtMs,
    requestKey: work.requestKey,
    contentHash: work.contentHash,
    effects: none,
  }
  keepPayment(state, payment)
  for (const leg of legsOf(booking)) writeRow(work, 'bookings', leg)
  writeRow(work, 'payments', payment)
  queueEffect(work, 'authorise', payment, amountMinor)
  return paymentReply(payment)
}

function mustBePayable(
  state: BookingState,
  booking: Booking,
  amountMinor: number,
): Refusal | undefined {
  const { nowMs } = state.meta
  if (legsOf(booking).some(({ run }) => run.cancelled)) return refuse('runCancelled')
  const departed = legsOf(booking).some((leg) => hasDeparted(leg.run, leg.fromStop, nowMs))
  if (departed) return refuse('runDeparted')
  const exchange = state.exchanges.get(booking.bookingId)
  if (exchange !== undefined && !mayExchange(state, exchange)) return refuse('notExchangeable')
  const due = dueMinor(state, booking)
  if (amountMinor !== due) return refuse('priceChanged', { figure: due })
  // Where an exchange costs nothing more, or a voucher pays all, the provider is not asked.
  const isSettled = exchange !== undefined || voucherPart(state, booking) > 0
  if (isSettled && due === 0) return refuse('nothingToPay')
  return booking.payments.length >= MAX_PAYMENTS
    ? refuse('tooMany', { figure: MAX_PAYMENTS })
    : undefined
}

/** The money of who waits is reserved, once. */
function mustBeReservable(waiting: WaitingEntry, amountMinor: number): Refusal | undefined {
  const { payments } = waiting.booking
  const isOn = payments.some(({ status }) => status === 'authorising' || status === 'authorised')
  if (isOn) return refuse('alreadyPaying')
  const most = reservedMinor(waiting)
  if (amountMinor !== most) return refuse('priceChanged', { figure: most })
  return payments.length >= MAX_PAYMENTS ? refuse('tooMany', { figure: MAX_PAYMENTS }) : undefined
}

/** A token has a letter: what consists of digits alone may be a card's number. */
function isPaymentToken(token: unknown): boolean {
  return matches(token, /^[A-Za-z0-9_.:-]{1,128}$/) && matches(token, /[A-Za-z]/)
}
