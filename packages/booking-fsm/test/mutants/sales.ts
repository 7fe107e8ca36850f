/** Planted bugs in tariffs, charges of cancelling, and refunds of some passengers. */
import { foundBy, type Mutant, mutant } from './mutant.ts'

export const salesMutants: readonly Mutant[] = [
  mutant(
    'a band of charges ends a millisecond late',
    'cancellation.ts',
    'line?.bands.find((it) => it.untilBeforeDepartureMs < aheadMs)',
    'line?.bands.find((it) => it.untilBeforeDepartureMs <= aheadMs)',
  ),
  mutant(
    'the flat sum and the percentage are both charged',
    'cancellation.ts',
    'Math.max(band.flatMinor, percent)',
    'band.flatMinor + percent',
  ),
  mutant(
    'charge and tax are more than the fare',
    'cancellation.ts',
    'const taxMinor = Math.min(tax, fareMinor - chargeMinor)',
    'const taxMinor = tax',
  ),
  mutant(
    'an offer stays open when it has been accepted',
    'cancelling.ts',
    'booking.refundMinor += refundMinor\n  closeOffer(work, booking)',
    'booking.refundMinor += refundMinor',
  ),
  mutant(
    'an offer never expires',
    'handlers/refund-offers.ts',
    "if (offer.expiresAtMs <= work.state.meta.nowMs) return refuse('offerExpired')",
    '',
  ),
  mutant(
    'an offer outlasts the departure',
    'handlers/refund-offers.ts',
    'Math.min(nowMs + offerMs, departure)',
    'nowMs + offerMs',
  ),
  mutant(
    'one leaves, and all seats are free',
    'live.ts',
    'const seats = positions.map((position) => booking.seats[position] as number)',
    'const seats = liveSeats(booking)',
  ),
  mutant(
    'one leaves, and all are paid back',
    'cancelling.ts',
    'if (!payLater) sendRefund(work, booking, refundMinor)',
    'if (!payLater) sendRefund(work, booking, payment.amountMinor)',
  ),
  mutant(
    'a refund that is to be paid later is paid now',
    'cancelling.ts',
    'if (!payLater) sendRefund(work, booking, refundMinor)',
    'sendRefund(work, booking, refundMinor)',
  ),
  mutant(
    'what is on its way is sent again',
    'cancellation.ts',
    'owed -= payment.refundedMinor + onItsWay(payment)',
    'owed -= payment.refundedMinor',
  ),
  mutant(
    'the seat of one who has left is taken again when rows are loaded',
    'loading/bookings.ts',
    'booking.cancelled = state.cancelled.get(bookingId) ?? none',
    '',
  ),
  mutant(
    'any number of children go with one who pays in full',
    'tariff.ts',
    'if (rule.perFullFare > 0 && count > most)',
    'if (false)',
  ),
  mutant(
    'the least distance is not looked at',
    'tariff.ts',
    'Math.max(to.distanceMetres - from.distanceMetres, ofClass.minimumMetres)',
    'to.distanceMetres - from.distanceMetres',
  ),
  mutant(
    'every train costs the supplement',
    'tariff.ts',
    'if (!forClass || !run.train.number.startsWith(trainPrefix)) continue',
    'if (!forClass) continue',
  ),
  mutant(
    'tax is taken of what is not rounded yet',
    'tariff.ts',
    'divideHalfUp(netMinor * taxBasisPoints, 10_000)',
    'divideHalfUp(amount * taxBasisPoints, 10_000)',
  ),
  mutant(
    "the tax in a fare is the railway's",
    'handlers/record-outcome.ts',
    '.reduce((sum, of) => sum + of, 0)',
    '.reduce((sum) => sum, 0)',
  ),
  mutant(
    'the tax on a charge is still owed when the fare was never paid',
    'cancelling.ts',
    "transfer(work, 'taxPayable', 'fareRevenue', totalOf(all).taxMinor, payment, 'tax withdrawn')",
    '',
  ),
  mutant(
    'a passenger type is lost when rows are loaded',
    'party.ts',
    'return [{ passengerType, lines }]',
    "return [{ passengerType: '', lines }]",
  ),
  mutant(
    'a trip is held as far as there are seats',
    'handlers/hold-trip.ts',
    'return refusal ?? plans',
    'return plans.length > 0 ? plans : (refusal ?? plans)',
  ),
  foundBy(
    'handlers/trips.test.ts',
    mutant(
      'a trip that is paid late has those of its seats that are free',
      'live.ts',
      'if (isThereStill(state, leg) && hasRoomAgain',
      'if ((isThereStill(state, leg) || i > 0) && hasRoomAgain',
    ),
  ),
  mutant(
    'of a trip whose fare was never paid one leg stays sold',
    'handlers/record-outcome.ts',
    'for (const leg of legsOf(payment.booking)) {',
    'for (const leg of [payment.booking]) {',
  ),
  mutant(
    'legs that were settled do not know each other any more',
    'shelf/shelf.ts',
    'join(legs)\n    return legs',
    'return legs',
  ),
  mutant(
    'a leg is settled as it was before its trip was',
    'shelf/shelf.ts',
    'this.#touched.get(leg) !== false',
    'this.#touched.get(leg) === true',
  ),
  mutant(
    'who has left a settled booking travels again',
    'shelf/shelf.ts',
    'booking.cancelled = this.#cancelled.get(bookingId) ?? none',
    '',
  ),
]
