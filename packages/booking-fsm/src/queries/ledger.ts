/** Where the money is, and whether each part of it has a reason. */
import { owedMinor } from '../cancellation.ts'
import { sharedWith } from '../exchanges.ts'
import type { BookingState } from '../state.ts'
import type { Booking, Payment } from '../things.ts'
import { leadOf, legsOf } from '../trips.ts'
import type { BookingStatus, LedgerReport, Orphan } from '../views.ts'
import { ledgerTotals } from './payments.ts'

/** What was sold once, whatever became of it; of who waits money is reserved at most. */
const sold: ReadonlySet<BookingStatus> = new Set([
  'confirmed',
  'cancelled',
  'disrupted',
  'exchanged',
  'waiting',
])

/**
 * All accounts, and of the bookings behind an id, at most so many, the money that has no reason. There
 * should be none: a report of all bookings is read in portions, each from where the last one ended.
 */
export function ledgerReport(
  state: BookingState,
  afterBookingId: number,
  limit: number,
): LedgerReport {
  const last = Math.min(state.meta.nextBookingId - 1, afterBookingId + limit)
  const orphans: Orphan[] = []
  for (let id = afterBookingId + 1; id <= last; id++) {
    const booking = state.bookings.get(id)
    if (booking !== undefined && leadOf(booking) === booking) {
      orphans.push(...orphansOf(state, booking))
    }
  }
  const isWhole = last >= state.meta.nextBookingId - 1
  return { totals: ledgerTotals(state), orphans, nextAfterBookingId: isWhole ? 0 : last }
}

/** Of a booking, or a trip, that payments are for. */
function orphansOf(state: BookingState, booking: Booking): Orphan[] {
  const { bookingId, payments } = booking
  const found: Orphan[] = []
  const inForce = payments.filter(({ status }) => status === 'authorised' || status === 'captured')
  const isSold = legsOf(booking).some(({ status }) => sold.has(status))
  const say = (why: Orphan['why'], payment: Payment | undefined, amountMinor: number) => {
    found.push({ why, bookingId, paymentId: payment?.paymentId ?? 0, amountMinor })
  }
  for (const [i, payment] of inForce.entries()) {
    if (!isSold) say('notSold', payment, payment.amountMinor)
    else if (i > 0) say('paidTwice', payment, payment.amountMinor)
    const excess = payment.refundedMinor - payment.amountMinor
    if (excess > 0) say('refundedTooMuch', payment, excess)
  }
  const isUnpaid = legsOf(booking).some(({ status }) => status === 'confirmed')
  if (isUnpaid && inForce.length === 0) say('notPaid', undefined, 0)
  // Of what was exchanged the whole is looked at once.
  if (sharedWith(state, booking)[0] === booking) {
    const owed = owedMinor(state, booking)
    if (owed < 0) say('refundedTooMuch', inForce[0], -owed)
  }
  return found
}
