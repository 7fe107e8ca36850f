/** Refusals about bookings, payments and exchanges. */
import { Code } from '@connectrpc/connect'
import { text } from './text.ts'

const { FailedPrecondition, NotFound } = Code

export const bookingsRefusals = {
  bookingNotFound: text(
    NotFound,
    'BOOKING_NOT_FOUND',
    'There is no such booking in your account.',
    'Look at “My trips” for your bookings.',
  ),
  bookingArchived: text(
    FailedPrecondition,
    'BOOKING_ARCHIVED',
    'This journey was over long ago: it can be looked at, and not be changed any more.',
    'If something went wrong with it, ask the railway’s staff: they can still pay money back.',
  ),
  requestArchived: text(
    FailedPrecondition,
    'REQUEST_ARCHIVED',
    'This request was carried out long ago, for a booking that is in the archive by now.',
    'Nothing was done again. Look at “My trips” for the booking; for something new, start again.',
  ),
  holdExpired: text(
    FailedPrecondition,
    'HOLD_EXPIRED',
    'The time for this booking ran out, and the seats are free for others again. You have not been charged.',
    'Choose seats again.',
  ),
  alreadyPaying: text(
    FailedPrecondition,
    'ALREADY_PAYING',
    'A payment for this booking is under way.',
    'Wait for it to settle; you will not be charged twice.',
  ),
  alreadyConfirmed: text(
    FailedPrecondition,
    'ALREADY_CONFIRMED',
    'This booking is paid and confirmed.',
    'Nothing more to do: your ticket is in “My trips”.',
  ),
  notHeld: text(
    FailedPrecondition,
    'NOT_HELD',
    'These seats are not held any more. You have not been charged.',
    'Choose seats again.',
  ),
  notConfirmed: text(
    FailedPrecondition,
    'NOT_CONFIRMED',
    'Only a confirmed booking can be cancelled.',
    'Wait until the payment has settled, or give the hold back.',
  ),
  alreadyCancelled: text(
    FailedPrecondition,
    'ALREADY_CANCELLED',
    'This booking was cancelled before.',
    'Its refund stands in “My trips”.',
  ),
  priceChanged: text(
    FailedPrecondition,
    'PRICE_CHANGED',
    'The price is not the one that was sent.',
    'Look at the price and pay again.',
  ),
  refundChanged: text(
    FailedPrecondition,
    'REFUND_CHANGED',
    'The refund is not what was shown any more.',
    'Look at the new refund and decide again. Nothing was cancelled.',
  ),
  passengerCancelled: text(
    FailedPrecondition,
    'PASSENGER_CANCELLED',
    'One of these passengers was cancelled before.',
    'Look at the booking and choose among those who still travel.',
  ),
  offerNotOpen: text(
    FailedPrecondition,
    'OFFER_NOT_OPEN',
    'This offer was accepted before, or a newer one has taken its place.',
    'Look at the booking, and ask for a new offer if you still need one.',
  ),
  offerExpired: text(
    FailedPrecondition,
    'OFFER_EXPIRED',
    'This offer has run out. Nothing was cancelled.',
    'Ask for a new offer and decide again.',
  ),
  nothingOwed: text(
    FailedPrecondition,
    'NOTHING_OWED',
    'Nothing is owed for this booking: its refund is paid or on its way.',
    'Look at its payments in “My trips”.',
  ),
  notExchangeable: text(
    FailedPrecondition,
    'NOT_EXCHANGEABLE',
    'This booking can not be exchanged: its fare does not allow it now, it is part of a trip, or it has changed meanwhile.',
    'Look at the booking again. Cancelling it may be possible.',
  ),
  exchangeOpen: text(
    FailedPrecondition,
    'EXCHANGE_OPEN',
    'Another journey is being held in place of this booking.',
    'Confirm the other journey, or give it back first.',
  ),
  alreadyExchanged: text(
    FailedPrecondition,
    'ALREADY_EXCHANGED',
    'This booking was exchanged for another one.',
    'Look for the new booking in “My trips”.',
  ),
  paymentDue: text(
    FailedPrecondition,
    'PAYMENT_DUE',
    'Something is still to be paid for this booking.',
    'Pay what is due.',
  ),
  nothingToPay: text(
    FailedPrecondition,
    'NOTHING_TO_PAY',
    'This exchange costs nothing more.',
    'Confirm it without a payment.',
  ),
} as const
