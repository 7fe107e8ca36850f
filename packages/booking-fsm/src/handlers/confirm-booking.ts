/** What costs nothing, or nothing more, is confirmed without the provider. */
import { noBooking, ownBooking } from '../actors.ts'
import { earnCommission } from '../agents/agent.ts'
import { firstInvalid, isId } from '../checks.ts'
import type { ConfirmBooking } from '../commands.ts'
import { charge, companyOf } from '../companies/company.ts'
import { dueMinor } from '../exchanges.ts'
import { mayExchange, settleExchange } from '../exchanging.ts'
import { expireIfDue } from '../expiry.ts'
import { hasDeparted } from '../fares.ts'
import { keepPayment, sellBooking } from '../live.ts'
import { queueNotice } from '../notices.ts'
import { refuse } from '../refusal.ts'
import type { Refusal, Reply } from '../replies.ts'
import type { BookingState } from '../state.ts'
import { type Work, writeRow } from '../store.ts'
import { type Booking, none, type Payment } from '../things.ts'
import { moveToPlace } from '../tills/till.ts'
import { leadOf, legsOf } from '../trips.ts'
import { redeemVoucher, voucherPart } from '../vouchers/using.ts'
import { captured } from './record-outcome.ts'
import { mustBeHeld } from './release-hold.ts'

/** A payment of nothing stands for it, captured at once; its reference says why. */
export function confirmBooking(work: Work, { bookingId }: ConfirmBooking): Reply {
  const { state } = work
  const refusal = firstInvalid([[isId(bookingId), 'bookingId']])
  if (refusal !== undefined) return refusal
  const named = ownBooking(work, bookingId)
  if (named === undefined) return noBooking(work, bookingId)
  const booking = leadOf(named)
  expireIfDue(work, booking)
  const unfit = mustBeHeld(named) ?? mustBeFree(state, booking)
  if (unfit !== undefined) return unfit
  const isExchange = state.exchanges.has(booking.bookingId)
  const byVoucher = voucherPart(state, booking) > 0 ? 'voucher' : 'free'
  confirmAtOnce(work, booking, 0, isExchange ? 'exchange' : byVoucher)
  return { type: 'done' }
}

/** The money is there, and the provider has nothing to do with it. */
export function confirmAtOnce(
  work: Work,
  booking: Booking,
  amountMinor: number,
  reference: string,
): void {
  const { state } = work
  for (const leg of legsOf(booking)) {
    sellBooking(state, leg)
    writeRow(work, 'bookings', leg)
  }
  const exchange = state.exchanges.get(booking.bookingId)
  const payment = paymentAtOnce(work, booking, amountMinor, reference)
  redeemVoucher(work, booking)
  if (exchange !== undefined) settleExchange(work, exchange)
  captured(work, payment)
  moveToPlace(work, payment, amountMinor)
  earnCommission(work, payment)
  const company = companyOf(state, payment)
  if (company !== undefined) charge(work, company, payment, amountMinor, 0)
  writeRow(work, 'payments', payment)
  queueNotice(work, booking, 'bookingConfirmed')
}

function mustBeFree(state: BookingState, booking: Booking): Refusal | undefined {
  const unfit = mustBeSellable(state, booking)
  if (unfit !== undefined) return unfit
  const due = dueMinor(state, booking)
  return due > 0 ? refuse('paymentDue', { figure: due }) : undefined
}

/** Its trains go and have not left, and what it takes the place of is there. */
export function mustBeSellable(state: BookingState, booking: Booking): Refusal | undefined {
  const { nowMs } = state.meta
  if (legsOf(booking).some(({ run }) => run.cancelled)) return refuse('runCancelled')
  const departed = legsOf(booking).some((leg) => hasDeparted(leg.run, leg.fromStop, nowMs))
  if (departed) return refuse('runDeparted')
  const exchange = state.exchanges.get(booking.bookingId)
  const may = exchange === undefined || mayExchange(state, exchange)
  return may ? undefined : refuse('notExchangeable')
}

function paymentAtOnce(
  work: Work,
  booking: Booking,
  amountMinor: number,
  providerReference: string,
): Payment {
  const { meta } = work.state
  const payment: Payment = {
    hashLow: 0,
    hashHigh: 0,
    paymentId: meta.nextPaymentId++,
    booking,
    status: 'captured',
    amountMinor,
    refundedMinor: 0,
    refundPending: false,
    declineReason: '',
    providerReference,
    paymentToken: '',
    startedAtMs: meta.nowMs,
    startedUntilMs: booking.expiresAtMs,
    requestKey: '',
    contentHash: '',
    effects: none,
  }
  keepPayment(work.state, payment)
  return payment
}
