/**
 * The one idempotency mechanism. Bookings and payments answer for their own requests for ever; any
 * other reply is kept for 24 h of log time, at most 100,000 of them, and goes in log order.
 */
import { seatsAtFirst } from './disruption/hit.ts'
import { priceOf } from './fares.ts'
import type { Reply } from './replies.ts'
import type { BookingState } from './state.ts'
import { deleteRow, type Work, writeRow } from './store.ts'
import type { Booking, Payment, Remembered, Trip } from './things.ts'
import { tripPrice } from './trips.ts'

export const REQUEST_LIFE_MS = 86_400_000
export const REQUEST_LIMIT = 100_000
const EVICTED_PER_ENTRY = 1_000

export interface Answered {
  readonly contentHash: string
  readonly reply: Reply
}

/** What the request was answered, if it is known. */
export function earlierAnswer(state: BookingState, requestKey: string): Answered | undefined {
  const known = state.requests.get(requestKey) ?? state.bookings.byRequest(requestKey)
  if (known === undefined) return undefined
  const { contentHash } = known
  if ('replyJson' in known) return { contentHash, reply: JSON.parse(known.replyJson) as Reply }
  if ('paymentId' in known) return { contentHash, reply: paymentReply(known) }
  return { contentHash, reply: holdReply(state, known) }
}

/** Keeps a reply for repeats, unless a booking or a payment does it. */
export function remember(work: Work, requestKey: string, contentHash: string, reply: Reply): void {
  const { type } = reply
  if (type === 'seatsHeld' || type === 'tripHeld' || type === 'paymentStarted') return
  const { state } = work
  const kept: Remembered = {
    hashLow: 0,
    hashHigh: 0,
    requestKey,
    contentHash,
    replyJson: JSON.stringify(reply),
    index: work.index,
    atMs: state.meta.nowMs,
  }
  state.requests.set(requestKey, kept)
  state.requestQueue.push(kept)
  writeRow(work, 'requests', kept)
  if (state.requestQueue.length - state.requestHead > REQUEST_LIMIT) evictOldest(work)
}

/** Housekeeping: forgets what is older than 24 h, in bounded portions. */
export function evictOldRequests(work: Work): void {
  const { state } = work
  for (let evicted = 0; evicted < EVICTED_PER_ENTRY; evicted++) {
    const oldest = state.requestQueue[state.requestHead]
    if (oldest === undefined || state.meta.nowMs < oldest.atMs + REQUEST_LIFE_MS) return
    evictOldest(work)
  }
}

/** Always the same object for the same booking, field for field. */
export function holdReply(state: BookingState, booking: Booking): Reply {
  if (booking.trip !== undefined) return tripReply(state, booking.trip)
  return {
    type: 'seatsHeld',
    bookingId: booking.bookingId,
    pnr: booking.pnr,
    seats: seatsAtFirst(state, booking),
    priceMinor: priceOf(booking),
    expiresAtMs: booking.heldUntilMs,
  }
}

function tripReply(state: BookingState, { legs }: Trip): Reply {
  const [first] = legs
  return {
    type: 'tripHeld',
    tripId: first.bookingId,
    pnr: first.pnr,
    legs: legs.map((leg) => ({
      bookingId: leg.bookingId,
      seats: seatsAtFirst(state, leg),
      priceMinor: priceOf(leg),
    })),
    priceMinor: tripPrice(first),
    expiresAtMs: first.heldUntilMs,
  }
}

export function paymentReply(payment: Payment): Reply {
  return {
    type: 'paymentStarted',
    paymentId: payment.paymentId,
    expiresAtMs: payment.startedUntilMs,
  }
}

function evictOldest(work: Work): void {
  const { state } = work
  const oldest = state.requestQueue[state.requestHead]
  if (oldest === undefined) return
  state.requestHead++
  state.requests.delete(oldest.requestKey)
  deleteRow(work, 'requests', oldest, [oldest.requestKey])
  if (state.requestHead >= 4_096 && state.requestHead * 2 > state.requestQueue.length) {
    state.requestQueue.splice(0, state.requestHead)
    state.requestHead = 0
  }
}
