import { owedMinor, refundsOf, totalOf } from '../cancellation.ts'
import { placeAt } from '../consist/run-consist.ts'
import type { Compensation } from '../exchange-things.ts'
import { dueMinor, legsNow } from '../exchanges.ts'
import { priceOf } from '../fares.ts'
import type { Layout } from '../inventory/layout.ts'
import { berthOf, isHalf } from '../inventory/shares.ts'
import { claimOf } from '../live.ts'
import { faresPaid, namesOf } from '../party.ts'
import { decodePnr } from '../pnr.ts'
import { detailsOf, type PassengerDetails } from '../products/passenger-data.ts'
import type { BookingState } from '../state.ts'
import { fareTotal } from '../tariff.ts'
import type { Booking, PassengerFare, Payment, RefundTerms } from '../things.ts'
import { leadOf, legsOf, tripPrice } from '../trips.ts'
import type { BookingView, ExchangeView, PaymentView, RefundOfferView } from '../views.ts'
import { isSharing, sharersAhead } from '../waiting/upgrade.ts'
import { bookingDelayView } from './delays.ts'
import { changesOf, choiceView } from './disruptions.ts'
import { bookingProductView } from './products.ts'
import { bookingVoucherView } from './vouchers.ts'
import { waitingView } from './waiting.ts'

export function findBooking(state: BookingState, bookingId: number): BookingView | undefined {
  const booking = state.bookings.get(bookingId)
  return booking && bookingView(state, booking)
}

export function findBookingByPnr(state: BookingState, pnr: string): BookingView | undefined {
  const bookingId = decodePnr(state.meta.pnrKey, pnr)
  return bookingId === undefined ? undefined : findBooking(state, bookingId)
}

/** Newest first. */
export function bookingsOf(state: BookingState, accountId: number, limit: number): BookingView[] {
  const views: BookingView[] = []
  const ids = state.accounts.get(accountId)?.bookingIds ?? []
  for (let i = ids.length - 1; i >= 0 && views.length < limit; i--) {
    const view = findBooking(state, ids[i] as number)
    if (view !== undefined) views.push(view)
  }
  return views
}

function bookingView(state: BookingState, booking: Booking): BookingView {
  return {
    bookingId: booking.bookingId,
    pnr: booking.pnr,
    accountId: booking.accountId,
    status: booking.status,
    runId: booking.run.runId,
    fromStop: booking.fromStop,
    toStop: booking.toStop,
    classCode: booking.classCode,
    passengers: passengerViews(state, booking),
    priceMinor: priceOf(booking),
    currency: state.meta.currency,
    heldAtMs: booking.heldAtMs,
    expiresAtMs: booking.expiresAtMs,
    confirmedAtMs: booking.confirmedAtMs,
    cancelledAtMs: booking.cancelledAtMs,
    refundMinor: booking.refundMinor,
    owedMinor: owedMinor(state, booking),
    refundOffer: offerView(state, booking),
    waiting: waitingView(state, booking),
    dueMinor: dueMinor(state, leadOf(booking)),
    exchange: exchangeView(state, booking),
    exchangedFor: state.exchangeOfOld.get(booking.bookingId)?.bookingId ?? 0,
    changes: changesOf(state, booking),
    disruption: choiceView(state, booking),
    delay: bookingDelayView(state, booking),
    payments: leadOf(booking).payments.map(paymentView),
    pool: state.bookingPools.get(booking.bookingId)?.pool ?? '',
    sharersAhead: isSharing(booking) ? sharersAhead(state, booking) : 0,
    product: bookingProductView(state, booking),
    voucher: bookingVoucherView(state, booking),
    tripId: booking.trip === undefined ? 0 : leadOf(booking).bookingId,
    tripBookingIds: legsOf(booking).map((leg) => leg.bookingId),
    journeyBookingIds: legsNow(state, booking).map((leg) => leg.bookingId),
    tripPriceMinor: tripPrice(booking),
  }
}

function passengerViews(state: BookingState, booking: Booking): BookingView['passengers'] {
  const refunds = refundsOf(state, booking)
  const backs = state.compensations.get(booking.bookingId)
  const fares = faresPaid(booking)
  const layout = shownLayout(state, booking)
  const each: PassengerFare = {
    passengerType: '',
    lines: [{ code: 'fare', netMinor: booking.priceEachMinor, taxMinor: 0 }],
  }
  return namesOf(booking).map((name, position) =>
    passengerView(
      layout,
      booking,
      detailsOf(state, booking, position),
      name,
      position,
      fares?.[position] ?? each,
      refunds,
      backs,
    ),
  )
}

/** What it had counts in the coaches of then: of who is not on board any more other coaches say nothing. */
function shownLayout({ consist }: BookingState, { run, status }: Booking): Layout | undefined {
  const isChanged = consist.own.has(run.runId) && claimOf(status) === undefined
  return isChanged ? undefined : run.layout
}

function passengerView(
  layout: Layout | undefined,
  booking: Booking,
  details: PassengerDetails | undefined,
  name: string,
  position: number,
  fare: PassengerFare,
  refunds: readonly RefundTerms[],
  backs: readonly Compensation[] | undefined,
): BookingView['passengers'][number] {
  // Who waits has none.
  const seat = booking.seats[position] ?? -1
  const [coachLabel, seatLabel] = layout === undefined ? ['', ''] : placeAt(layout, seat)
  return {
    name,
    seat: berthOf(seat),
    shared: isHalf(seat),
    seatLabel,
    coachLabel,
    priceMinor: fareTotal(fare),
    ...fare,
    birthDate: details?.birthDate ?? 0,
    document: details?.document ?? '',
    contact: details?.contact ?? '',
    cancelledAtMs:
      booking.cancelled.find(({ terms }) => terms.position === position)?.cancelledAtMs ??
      booking.cancelledAtMs,
    refundMinor: refunds.find((terms) => terms.position === position)?.refundMinor ?? 0,
    compensationMinor: backs?.find((it) => it.position === position)?.amountMinor ?? 0,
  }
}

function exchangeView(state: BookingState, { bookingId }: Booking): ExchangeView | undefined {
  const exchange = state.exchanges.get(bookingId)
  if (exchange === undefined) return undefined
  const { oldBookingId, terms, carriedMinor, surplusMinor, confirmedAtMs } = exchange
  const { refundMinor: valueMinor, chargeMinor, taxMinor } = totalOf(terms)
  return {
    oldBookingId,
    valueMinor,
    chargeMinor,
    taxMinor,
    carriedMinor,
    surplusMinor,
    confirmedAtMs,
  }
}

function offerView(state: BookingState, { offer }: Booking): RefundOfferView | undefined {
  if (offer === undefined || offer.expiresAtMs <= state.meta.nowMs) return undefined
  const { offerId, terms, expiresAtMs } = offer
  return {
    offerId,
    passengers: terms.map(({ position }) => position),
    ...totalOf(terms),
    expiresAtMs,
  }
}

function paymentView(payment: Payment): PaymentView {
  const { paymentId, status, amountMinor, refundedMinor, refundPending, declineReason } = payment
  return { paymentId, status, amountMinor, refundedMinor, refundPending, declineReason }
}
