/** Another journey in place of a sold one: its seats are held first, and the old ones are kept until it is confirmed. */
import { noBooking, ownBooking } from '../actors.ts'
import { lineOf, totalOf } from '../cancellation.ts'
import { closeOffer } from '../cancelling.ts'
import { checkLength, firstInvalid, isId, isInt } from '../checks.ts'
import type { HoldExchange, HoldSeats } from '../commands.ts'
import type { Exchange } from '../exchange-things.ts'
import { dueMinor, exchangesBefore, legsNow } from '../exchanges.ts'
import { exchangeTerms, isPaid } from '../exchanging.ts'
import { expireIfDue } from '../expiry.ts'
import { priceOf } from '../fares.ts'
import { hasPlace, inOrderOfNeed } from '../inventory/need.ts'
import { travelling } from '../live.ts'
import { keepExchange } from '../loading/exchanges.ts'
import { faresPaid, namesOf } from '../party.ts'
import { PNR_COUNT } from '../pnr.ts'
import { detailsOf } from '../products/passenger-data.ts'
import { invalid, refuse } from '../refusal.ts'
import type { Refusal, Reply } from '../replies.ts'
import { checkSale } from '../sales-rules.ts'
import type { BookingState } from '../state.ts'
import { type Work, writeRow } from '../store.ts'
import type { Booking, RefundTerms } from '../things.ts'
import { mustBeCancellable } from './cancel-booking.ts'
import { checkShape, makeBooking, planHold } from './hold-seats.ts'

/** How often a booking can be exchanged, one time after the other. */
export const MAX_EXCHANGES = 20

export function holdExchange(work: Work, command: HoldExchange): Reply {
  const { state } = work
  const refusal = checkCommand(command)
  if (refusal !== undefined) return refusal
  const old = ownBooking(work, command.bookingId)
  if (old === undefined) return noBooking(work, command.bookingId)
  expireIfDue(work, old)
  const unfit = mustBeCancellable(state, old) ?? mustBeExchangeable(state, old)
  if (unfit !== undefined) return unfit
  const terms = exchangeTerms(state, old, state.meta.nowMs)
  if (terms === undefined) return refuse('notExchangeable')
  const hold = holdFor(state, old, command)
  const wrong = mustSuit(state, old, hold)
  if (wrong !== undefined) return wrong
  if (state.meta.nextBookingId >= PNR_COUNT) return refuse('tooMany', { figure: PNR_COUNT })
  const plan = planHold(work, hold)
  if ('type' in plan) return plan
  const closed = checkSale(work, [plan], () => '')
  if (closed !== undefined) return closed
  closeOffer(work, old)
  const booking = makeBooking(work, { ...plan, seats: seatsByNeed(old, plan.seats, hold) }, false)
  const exchange = makeExchange(work, booking, old, terms)
  return reply(state, booking, exchange)
}

/** Its own fields; the passengers are those of the old booking. */
function checkCommand(command: HoldExchange): Refusal | undefined {
  const { bookingId, runId, fromStop, toStop, classCode, seats, product } = command
  const length = firstInvalid([[isId(bookingId), 'bookingId']]) ?? checkLength(seats, 0, 6, 'seats')
  if (length !== undefined) return length
  const passengers = Array.from({ length: Math.max(seats.length, 1) }, () => ({ name: 'P' }))
  const type = 'holdSeats'
  const { wheelchairPlaces } = command
  const isPlaces = wheelchairPlaces === undefined || isInt(wheelchairPlaces, 0, 6)
  return (
    checkShape({ type, runId, fromStop, toStop, classCode, passengers, seats, product }) ??
    firstInvalid([[isPlaces, 'wheelchairPlaces']])
  )
}

/** Seats and wheelchair places for those who still travel, and nobody in two places at once. */
function mustSuit(
  state: BookingState,
  old: Booking,
  { runId, fromStop, toStop, seats, passengers, preferences }: HoldSeats,
): Refusal | undefined {
  if (seats.length !== 0 && seats.length !== passengers.length) return invalid('seats')
  if ((preferences?.wheelchairPlaces ?? 0) > passengers.length) return invalid('wheelchairPlaces')
  const meets = legsNow(state, old).some(
    (leg) =>
      leg !== old &&
      leg.run.runId === runId &&
      leg.status === 'confirmed' &&
      leg.fromStop < toStop &&
      fromStop < leg.toStop,
  )
  return meets ? invalid('runId') : undefined
}

/** Who had a wheelchair place gets one of those that were found; who chose has what was chosen. */
function seatsByNeed(
  old: Booking,
  found: readonly number[],
  { seats }: HoldSeats,
): readonly number[] {
  const there = travelling(old)
  const order = inOrderOfNeed(old, there)
  if (seats.length > 0) return found
  return there.map((position) => found[order.indexOf(position)] as number)
}

/** Paid for to the end, and not exchanged too often. */
function mustBeExchangeable(state: BookingState, old: Booking): Refusal | undefined {
  if (!isPaid(state, old)) return refuse('alreadyPaying')
  const often = exchangesBefore(state, old) >= MAX_EXCHANGES
  return often ? refuse('tooMany', { figure: MAX_EXCHANGES }) : undefined
}

/** For everybody who still travels, each as what they were sold as. */
function holdFor(state: BookingState, old: Booking, command: HoldExchange): HoldSeats {
  const { runId, fromStop, toStop, classCode, seats, product } = command
  const names = namesOf(old)
  const fares = faresPaid(old)
  const passengers = travelling(old).map((position) => ({
    name: names[position] as string,
    passengerType: fares?.[position]?.passengerType,
    ...saidBy(state, old, position),
  }))
  const journey = { runId, fromStop, toStop, classCode, seats }
  const there = travelling(old)
  const { wheelchairPlaces = there.filter((position) => hasPlace(old, position)).length } = command
  const preferences = { required: [], wished: [], apart: false, wheelchairPlaces }
  return { type: 'holdSeats', ...journey, passengers, preferences, product }
}

/** What is known of who travels goes along. */
function saidBy(state: BookingState, old: Booking, position: number) {
  const details = detailsOf(state, old, position)
  if (details === undefined) return {}
  const { birthDate, document, contact } = details
  return { birthDate, document, contact }
}

function makeExchange(
  work: Work,
  booking: Booking,
  old: Booking,
  terms: readonly RefundTerms[],
): Exchange {
  const { state } = work
  const value = totalOf(terms).refundMinor
  const carriedMinor = Math.min(value, priceOf(booking))
  const charges = state.refundRules.get(old.refundRuleId)?.charges
  const line = charges && lineOf(charges, 'confirmed', old.classCode)
  const exchange: Exchange = {
    hashLow: 0,
    hashHigh: 0,
    bookingId: booking.bookingId,
    oldBookingId: old.bookingId,
    terms,
    carriedMinor,
    surplusMinor: line?.exchange?.surplusBack === true ? value - carriedMinor : 0,
    confirmedAtMs: 0,
    undone: false,
  }
  keepExchange(state, exchange)
  writeRow(work, 'exchanges', exchange)
  return exchange
}

function reply(state: BookingState, booking: Booking, exchange: Exchange): Reply {
  const { refundMinor, chargeMinor, taxMinor } = totalOf(exchange.terms)
  return {
    type: 'exchangeHeld',
    bookingId: booking.bookingId,
    pnr: booking.pnr,
    seats: booking.seats,
    priceMinor: priceOf(booking),
    valueMinor: refundMinor,
    chargeMinor,
    taxMinor,
    dueMinor: dueMinor(state, booking),
    surplusMinor: exchange.surplusMinor,
    expiresAtMs: booking.expiresAtMs,
  }
}
