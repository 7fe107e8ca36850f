/** What ends by log time. Each entry does a bounded portion; every use of a hold checks it too. */
import { heapPush, heapRemove, heapTop } from './heap.ts'
import { endBooking } from './live.ts'
import { removeSession } from './sessions.ts'
import { type Work, writeRow } from './store.ts'
import type { Booking } from './things.ts'
import { legsOf } from './trips.ts'
import { lapseIfDue } from './waiting/ending.ts'

const HOLDS_PER_ENTRY = 1_000
const SESSIONS_PER_ENTRY = 100
/** What has become free is offered to so many waiting lists at most, of up to 500 bookings each. */
const LISTS_PER_ENTRY = 4

export function expireHolds(work: Work): void {
  const { holdQueue, meta } = work.state
  for (let expired = 0; expired < HOLDS_PER_ENTRY; expired++) {
    const next = heapTop(holdQueue)
    if (next === undefined || next.expiresAtMs > meta.nowMs) return
    if (work.freedLists >= LISTS_PER_ENTRY) return
    expire(work, next)
  }
}

/** A due hold that the portion above has not reached yet counts as expired all the same. */
export function expireIfDue(work: Work, booking: Booking): void {
  const held = booking.status === 'held' || booking.status === 'paying'
  if (held && booking.expiresAtMs <= work.state.meta.nowMs) expire(work, booking)
  if (booking.status === 'waiting') lapseIfDue(work, booking)
}

/** Moves a held booking's expiry, and its place in the queue; of a trip all legs'. */
export function extendHold(work: Work, booking: Booking, expiresAtMs: number): void {
  const { holdQueue } = work.state
  for (const leg of legsOf(booking)) {
    heapRemove(holdQueue, leg)
    leg.expiresAtMs = expiresAtMs
    heapPush(holdQueue, leg)
  }
}

export function expireSessions(work: Work): void {
  const { meta, sessionQueue } = work.state
  for (let expired = 0; expired < SESSIONS_PER_ENTRY; expired++) {
    const next = heapTop(sessionQueue)
    if (next === undefined || next.expiresAtMs > meta.nowMs) return
    removeSession(work, next)
  }
}

/** A trip as a whole. */
function expire(work: Work, booking: Booking): void {
  for (const leg of legsOf(booking)) {
    endBooking(work, leg, 'expired')
    writeRow(work, 'bookings', leg)
  }
}
