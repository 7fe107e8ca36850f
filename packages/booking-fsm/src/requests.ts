/**
 * The one idempotency mechanism. Bookings and payments answer for their own requests for ever; any
 * other reply is kept for 24 h of log time, in bounded numbers, and goes in log order.
 */
import { seatsAtFirst } from './disruption/hit.ts'
import { priceOf } from './fares.ts'
import { refuse } from './refusal.ts'
import type { Reply } from './replies.ts'
import type { BookingState } from './state.ts'
import { deleteRow, type Work, writeRow } from './store.ts'
import type { Booking, Payment, Remembered, Trip } from './things.ts'
import { tripPrice } from './trips.ts'

export const REQUEST_LIFE_MS = 86_400_000
/** Before feature level 2; since then `request-memory.ts` says how many. */
export const REQUEST_LIMIT = 100_000
const EVICTED_PER_ENTRY = 1_000
/** More than one only where the limits have come into force just now. */
const MADE_ROOM_PER_ENTRY = 100

export interface Answered {
  readonly contentHash: string
  readonly reply: Reply
}

/** What the request was answered, if it is known. */
export function earlierAnswer(state: BookingState, requestKey: string): Answered | undefined {
  const known = state.requests.get(requestKey) ?? state.bookings.byRequest(requestKey)
  if (known === undefined) return archivedAnswer(state, requestKey)
  const { contentHash } = known
  if ('replyJson' in known) return { contentHash, reply: JSON.parse(known.replyJson) as Reply }
  if ('paymentId' in known) return { contentHash, reply: paymentReply(known) }
  return { contentHash, reply: holdReply(state, known) }
}

/** What was asked is in the archive: whatever was asked under the key, this is all that is known of it. */
export function isArchivedAnswer({ reply }: Answered): boolean {
  return reply.type === 'refused' && reply.code === 'requestArchived'
}

function archivedAnswer({ archive, meta }: BookingState, requestKey: string): Answered | undefined {
  const figure = archive.byRequest(requestKey, meta.pnrKey)
  if (figure === undefined) return undefined
  return { contentHash: '', reply: refuse('requestArchived', { figure }) }
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
  state.remembered.add(kept)
  writeRow(work, 'requests', kept)
  makeRoom(work, kept)
}

/** By shares only from feature level 2 on: before, all were in one row, and the oldest went. */
function makeRoom(work: Work, kept: Remembered): void {
  const { remembered, meta } = work.state
  for (let evicted = 0; evicted < MADE_ROOM_PER_ENTRY; evicted++) {
    const full = remembered.size > REQUEST_LIMIT
    const first = full ? remembered.oldest() : undefined
    const going = meta.featureLevel >= 2 ? remembered.tooMany(kept) : first
    if (going === undefined) return
    evict(work, going)
  }
}

/** Housekeeping: forgets what is older than 24 h, in bounded portions. */
export function evictOldRequests(work: Work): void {
  const { state } = work
  for (let evicted = 0; evicted < EVICTED_PER_ENTRY; evicted++) {
    const oldest = state.remembered.oldest()
    if (oldest === undefined || state.meta.nowMs < oldest.atMs + REQUEST_LIFE_MS) return
    evict(work, oldest)
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

function evict(work: Work, kept: Remembered): void {
  const { state } = work
  state.remembered.remove(kept)
  state.requests.delete(kept.requestKey)
  deleteRow(work, 'requests', kept, [kept.requestKey])
}
