/** More is paid back than the rules say: of those who left what was kept, of those who travel their fare. */
import { taxReturned, termsAt, totalOf } from '../cancellation.ts'
import { cancelPassengers, paidBy, sendRefund, withPassengers } from '../cancelling.ts'
import { pricesOf } from '../fares.ts'
import { transfer } from '../ledger.ts'
import { travelling } from '../live.ts'
import type { BookingState } from '../state.ts'
import { type Work, writeRow } from '../store.ts'
import { type Booking, type CancelledPassenger, type RefundTerms, unhashed } from '../things.ts'
import { closeChoice } from './hit.ts'

/** What is kept of the fares of these passengers: more can not be paid back. */
export function keptOf(
  state: BookingState,
  booking: Booking,
  positions: readonly number[],
): number {
  return partsOf(state, booking, positions, Number.MAX_SAFE_INTEGER).reduce(
    (sum, { moreMinor }) => sum + moreMinor,
    0,
  )
}

/** Pays the sum back, at most what is kept. */
export function payMore(
  work: Work,
  booking: Booking,
  positions: readonly number[],
  amountMinor: number,
): void {
  const there = travelling(booking)
  const isOver = booking.status === 'cancelled'
  const parts = partsOf(work.state, booking, positions, amountMinor)
  raise(work, booking, isOver ? parts : parts.filter((of) => !there.includes(of.position)))
  const leaving = isOver ? [] : parts.filter((of) => there.includes(of.position))
  if (leaving.length === 0) return
  const prices = pricesOf(booking)
  const terms = leaving.map(({ position, moreMinor: refundMinor }) => ({
    ...{ position, refundMinor, taxMinor: 0 },
    chargeMinor: (prices[position] as number) - refundMinor,
  }))
  if (leaving.length === there.length) closeChoice(work, booking, 'refunded')
  cancelPassengers(work, booking, terms, false, true)
}

interface Part {
  readonly position: number
  readonly moreMinor: number
}

/** The sum goes to the first ones first. */
function partsOf(
  state: BookingState,
  booking: Booking,
  positions: readonly number[],
  amountMinor: number,
): Part[] {
  const prices = pricesOf(booking)
  const before = termsSoFar(state, booking)
  let left = amountMinor
  return positions.map((position) => {
    const given = before.find((terms) => terms.position === position)?.refundMinor ?? 0
    const moreMinor = Math.min(left, (prices[position] as number) - given)
    left -= moreMinor
    return { position, moreMinor }
  })
}

/** Of those who have left; of a booking that ended as a whole by a rule of shares there are no rows. */
function termsSoFar(state: BookingState, booking: Booking): readonly RefundTerms[] {
  const { cancelled, status, seats, cancelledAtMs } = booking
  if (cancelled.length > 0 || status !== 'cancelled') return cancelled.map(({ terms }) => terms)
  return termsAt(state, booking, [...seats.keys()], cancelledAtMs)
}

function raise(work: Work, booking: Booking, parts: readonly Part[]): void {
  const sum = parts.reduce((all, { moreMinor }) => all + moreMinor, 0)
  const payment = paidBy(booking)
  if (sum === 0 || payment === undefined) return
  writeRows(work, booking)
  const before = booking.cancelled.map(({ terms }) => terms)
  for (const passenger of booking.cancelled) {
    const part = parts.find(({ position }) => position === passenger.terms.position)
    if (part === undefined || part.moreMinor === 0) continue
    passenger.terms = raised(passenger.terms, part.moreMinor)
    writeRow(work, 'cancelled_passengers', passenger)
  }
  const after = booking.cancelled.map(({ terms }) => terms)
  const tax = taxReturned(booking, after) - taxReturned(booking, before)
  const onCharges = totalOf(before).taxMinor - totalOf(after).taxMinor
  transfer(work, 'fareRevenue', 'refundsPayable', sum - tax, payment, 'override')
  transfer(work, 'taxPayable', 'refundsPayable', tax, payment, 'tax of the cancelled fare')
  transfer(work, 'taxPayable', 'fareRevenue', onCharges, payment, 'tax on the charge waived')
  booking.refundMinor += sum
  writeRow(work, 'bookings', booking)
  sendRefund(work, payment, sum)
}

/** The charge is waived before the tax on it. */
function raised(terms: RefundTerms, moreMinor: number): RefundTerms {
  const { position, refundMinor, chargeMinor, taxMinor } = terms
  const waived = Math.min(chargeMinor, moreMinor)
  return {
    position,
    refundMinor: refundMinor + moreMinor,
    chargeMinor: chargeMinor - waived,
    taxMinor: taxMinor - (moreMinor - waived),
  }
}

/** From here on each passenger has terms of their own. */
function writeRows(work: Work, booking: Booking): void {
  if (booking.cancelled.length > 0) return
  const { bookingId, cancelledAtMs } = booking
  const all = termsSoFar(work.state, booking).map(
    (terms): CancelledPassenger => ({ ...unhashed, bookingId, cancelledAtMs, terms }),
  )
  booking.cancelled = withPassengers([], all)
  work.state.cancelled.set(bookingId, booking.cancelled)
  for (const passenger of all) writeRow(work, 'cancelled_passengers', passenger)
}
