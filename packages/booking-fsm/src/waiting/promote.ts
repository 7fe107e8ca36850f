/**
 * What has become free goes to those who wait, in the entry that freed it: in order of rank, to each who
 * fits now with the whole party. Who is passed over did not fit at that instant.
 */
import type { HoldSeats } from '../commands.ts'
import { isReseating } from '../consist/run-consist.ts'
import { queueEffect } from '../effects.ts'
import { departureMs, hasDeparted, priceOf } from '../fares.ts'
import { planSeats } from '../handlers/hold-seats.ts'
import { enliven } from '../live.ts'
import { queueNotice } from '../notices.ts'
import { faresPaid, namesOf } from '../party.ts'
import { type Work, writeRow } from '../store.ts'
import type { Booking, Run } from '../things.ts'
import { byRank, forgetWaiting, isClosed, waitingOn } from './list.ts'
import type { WaitingEntry, WaitingOption } from './things.ts'
import { expectRelease } from './timed.ts'

/** After the housekeeping of an entry, and at its end. */
export function offerFreed(work: Work): void {
  const { freed, state } = work
  if (freed === undefined) return
  work.freed = undefined
  if (state.waiting.size > 0) offer(work, freed)
}

function offer(work: Work, freed: ReadonlySet<Run>): void {
  const { state } = work
  const waiting = new Set([...freed].flatMap((run) => waitingOn(state, run)))
  // Whoever asks for no less than one who was refused in this pass is refused, too.
  const refused = new Map<string, number>()
  for (const run of freed) if (state.waitingOnRun.has(run.runId)) expectRelease(state, run)
  for (const entry of [...waiting].sort(byRank)) {
    if (entry.deadlineMs <= state.meta.nowMs) continue
    for (const option of entry.options) {
      if (!freed.has(option.run)) continue
      const seats = placeFor(work, entry, option, refused)
      if (seats === undefined) continue
      promote(work, entry, option, seats)
      break
    }
  }
}

function placeFor(
  work: Work,
  { booking }: WaitingEntry,
  option: WaitingOption,
  refused: Map<string, number>,
): readonly number[] | undefined {
  const { run, fromStop, toStop, classCode } = option
  if (run.cancelled || isReseating(work.state, run.runId)) return undefined
  if (isClosed(work.state, run) || hasDeparted(run, fromStop, work.state.meta.nowMs))
    return undefined
  const place = `${run.runId} ${fromStop} ${toStop} ${classCode}`
  if (booking.passengers >= (refused.get(place) ?? Number.MAX_SAFE_INTEGER)) return undefined
  // Out of what is general: nobody waits for a pool.
  const asking = { state: work.state, actor: booking.accountId }
  const places = planSeats(asking, asHold(option))
  if (!('type' in places)) return places.seats
  refused.set(place, booking.passengers)
  return undefined
}

/** The question that a passenger would ask who holds now. */
function asHold(option: WaitingOption): HoldSeats {
  const { run, fromStop, toStop, classCode } = option
  const fares = faresPaid(option)
  const passengers = namesOf(option).map((name, i) => ({
    name,
    passengerType: fares?.[i]?.passengerType,
  }))
  return { type: 'holdSeats', runId: run.runId, fromStop, toStop, classCode, passengers, seats: [] }
}

function promote(
  work: Work,
  entry: WaitingEntry,
  option: WaitingOption,
  seats: readonly number[],
): void {
  const { state } = work
  const { booking } = entry
  forgetWaiting(work, entry)
  become(work, booking, option, seats)
  const payment = booking.payments.find(
    ({ status }) => status === 'authorising' || status === 'authorised',
  )
  if (payment !== undefined) {
    // Of what is reserved no more is taken than this costs.
    payment.amountMinor = priceOf(booking)
    writeRow(work, 'payments', payment)
  }
  if (payment?.status === 'authorised') {
    booking.status = 'confirmed'
    booking.confirmedAtMs = state.meta.nowMs
    queueEffect(work, 'capture', payment, payment.amountMinor)
  } else {
    booking.status = payment === undefined ? 'held' : 'paying'
    booking.extended = payment !== undefined
    booking.expiresAtMs = state.meta.nowMs + lifeOf(work, entry, booking)
  }
  enliven(state, booking)
  writeRow(work, 'bookings', booking)
  const { status, expiresAtMs } = booking
  queueNotice(work, booking, 'promoted', status === 'held' ? { expiresAtMs } : {})
}

function become(
  { state }: Work,
  booking: Booking,
  { run, fromStop, toStop, classCode, priceEachMinor, namesJson }: WaitingOption,
  seats: readonly number[],
): void {
  const before = booking.run
  Object.assign(booking, { run, fromStop, toStop, classCode, priceEachMinor, namesJson, seats })
  if (before !== run) state.bookings.moveToRun(booking.bookingId, before.runId, run.runId)
}

/** An eighth of the time until departure, a minute at least, and never more than the rule says. */
function lifeOf({ state }: Work, { ruleId }: WaitingEntry, booking: Booking): number {
  const { nowMs, paymentWindowMs } = state.meta
  const aheadMs = departureMs(booking.run, booking.fromStop) - nowMs
  const most = state.waitingRules.get(ruleId)?.promotedHoldMs ?? 0
  const life = Math.min(most, Math.max(60_000, (aheadMs - (aheadMs % 8)) / 8))
  return booking.status === 'paying' ? Math.max(life, paymentWindowMs) : life
}
