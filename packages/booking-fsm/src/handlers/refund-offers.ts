/** A refund is offered, and accepted once or not at all. */
import { noBooking, ownBooking } from '../actors.ts'
import { termsAt, totalOf } from '../cancellation.ts'
import { cancelPassengers, closeOffer } from '../cancelling.ts'
import { checkLength, firstInvalid, isId, isInt } from '../checks.ts'
import type { AcceptRefund, OfferRefund } from '../commands.ts'
import { addToCounter } from '../counters.ts'
import { expireIfDue } from '../expiry.ts'
import { departureMs } from '../fares.ts'
import { travelling } from '../live.ts'
import { invalid, refuse } from '../refusal.ts'
import type { Refusal, Reply } from '../replies.ts'
import { type Work, writeRow } from '../store.ts'
import type { Booking, RefundOffer } from '../things.ts'
import { mustBeCancellable } from './cancel-booking.ts'
import { losesTrain } from './cancel-run.ts'

/** Where the booking's rule does not say how long an offer holds. */
const OFFER_MS = 600_000

export function offerRefund(work: Work, command: OfferRefund): Reply {
  const { state } = work
  const { nowMs } = state.meta
  const refusal = checkOffer(command)
  if (refusal !== undefined) return refusal
  const booking = ownBooking(work, command.bookingId)
  if (booking === undefined) return noBooking(work, command.bookingId)
  expireIfDue(work, booking)
  const unfit = mustBeCancellable(state, booking) ?? checkPassengers(booking, command)
  if (unfit !== undefined) return unfit
  const leaving = command.passengers.length > 0 ? command.passengers : travelling(booking)
  const terms = termsAt(state, booking, leaving, nowMs)
  const offerMs = state.refundRules.get(booking.refundRuleId)?.charges?.offerMs ?? OFFER_MS
  const departure = departureMs(booking.run, booking.fromStop)
  closeOffer(work, booking)
  const offer: RefundOffer = {
    hashLow: 0,
    hashHigh: 0,
    bookingId: booking.bookingId,
    offerId: addToCounter(work, 'refundOffers', 1),
    expiresAtMs: Math.min(nowMs + offerMs, departure),
    terms,
  }
  booking.offer = offer
  state.offers.set(offer.bookingId, offer)
  writeRow(work, 'refund_offers', offer)
  const { offerId, expiresAtMs } = offer
  const passengers = terms.map(({ position }) => position)
  return { type: 'refundOffered', offerId, passengers, ...totalOf(terms), expiresAtMs }
}

export function acceptRefund(work: Work, command: AcceptRefund): Reply {
  const { bookingId, offerId, payLater } = command
  const refusal = firstInvalid([
    [isId(bookingId), 'bookingId'],
    [isId(offerId), 'offerId'],
    [typeof payLater === 'boolean', 'payLater'],
  ])
  if (refusal !== undefined) return refusal
  const booking = ownBooking(work, bookingId)
  if (booking === undefined) return noBooking(work, command.bookingId)
  const { offer } = booking
  if (offer?.offerId !== offerId) return refuse('offerNotOpen')
  if (losesTrain(booking)) return refuse('runCancelled')
  if (offer.expiresAtMs <= work.state.meta.nowMs) return refuse('offerExpired')
  const refundMinor = cancelPassengers(work, booking, offer.terms, payLater)
  return { type: 'bookingCancelled', refundMinor }
}

function checkOffer({ bookingId, passengers }: OfferRefund): Refusal | undefined {
  if (!isId(bookingId)) return invalid('bookingId')
  const length = checkLength(passengers, 0, 6, 'passengers')
  if (length !== undefined) return length
  let least = 0
  for (const [i, position] of passengers.entries()) {
    if (!isInt(position, least, 5)) return invalid(`passengers[${i}]`)
    least = position + 1
  }
  return undefined
}

function checkPassengers(booking: Booking, { passengers }: OfferRefund): Refusal | undefined {
  const there = travelling(booking)
  for (const [i, position] of passengers.entries()) {
    const field = `passengers[${i}]`
    if (position >= booking.passengers) return invalid(field)
    if (!there.includes(position)) return refuse('passengerCancelled', { field })
  }
  return undefined
}
