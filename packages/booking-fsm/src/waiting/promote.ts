/**
 * What has become free goes to those who wait, in the entry that freed it: in order of rank, to each who
 * fits now with the whole party. Who is passed over did not fit at that instant.
 */
import type { HoldSeats } from '../commands.ts'
import { isReseating } from '../consist/run-consist.ts'
import { isInDraw } from '../draws/draw.ts'
import { queueEffect } from '../effects.ts'
import { departureMs, hasDeparted, priceOf } from '../fares.ts'
import { findSeats, keepPool, type Places } from '../handlers/hold-seats.ts'
import { type ClassLayout, classOf } from '../inventory/layout.ts'
import { freeOf } from '../inventory/quotas.ts'
import { findHalves, isShared } from '../inventory/shares.ts'
import { enliven } from '../live.ts'
import { queueNotice } from '../notices.ts'
import { faresPaid, namesOf } from '../party.ts'
import { type Work, writeRow } from '../store.ts'
import type { Booking, Run } from '../things.ts'
import { byRank, forgetWaiting, isClosed, waitingOn } from './list.ts'
import { poolsFor, roomInPool } from './pools.ts'
import type { WaitingEntry, WaitingOption } from './things.ts'
import { isDue } from './timed.ts'
import { upgradeSharers } from './upgrade.ts'

/** After the housekeeping of an entry, and at its end. */
export function offerFreed(work: Work): void {
  const { freed, state } = work
  if (freed === undefined) return
  work.freed = undefined
  // Whose turn comes by and by has it then, or before anybody else takes a place.
  const open = new Set([...freed].filter((run) => !isDue(state, run)))
  upgradeSharers(work, open)
  if (state.waiting.size > 0) offer(work, open)
}

function offer(work: Work, freed: ReadonlySet<Run>): void {
  const { state } = work
  const waiting = new Set([...freed].flatMap((run) => waitingOn(state, run)))
  // Whoever asks for no less than one who was refused in this pass is refused, too.
  const pass: Pass = { refused: new Map(), free: new Map() }
  for (const entry of [...waiting].sort(byRank)) {
    if (entry.deadlineMs <= state.meta.nowMs) continue
    for (const option of entry.options) {
      if (!freed.has(option.run)) continue
      const places = placeFor(work, entry, option, pass)
      if (places === undefined) continue
      promote(work, entry, option, places)
      pass.free.clear()
      break
    }
  }
}

interface Pass {
  /** The smallest party that was refused, by what it asked for. */
  readonly refused: Map<string, number>
  /** Free seats by segment, of each class of a run, since the last one was promoted. */
  readonly free: Map<string, Uint16Array | Int16Array | undefined>
}

function placeFor(
  work: Work,
  { booking }: WaitingEntry,
  option: WaitingOption,
  { refused, free }: Pass,
): Places | undefined {
  const { state } = work
  const { run, fromStop, toStop, classCode } = option
  const of = classOf(run.layout, classCode)
  if (of === undefined || run.cancelled || isInDraw(state, run.runId)) return undefined
  if (isReseating(state, run.runId)) return undefined
  if (isClosed(state, run) || hasDeparted(run, fromStop, state.meta.nowMs)) return undefined
  const pools = poolsFor(state, option, booking.accountId)
  const kinds = `${pools.join('/')} ${option.shared}`
  const place = `${run.runId} ${fromStop} ${toStop} ${classCode} ${kinds}`
  if (booking.passengers >= (refused.get(place) ?? Number.MAX_SAFE_INTEGER)) return undefined
  const key = `${run.runId} ${classCode}`
  if (!free.has(key)) free.set(key, freeOf(run, of))
  const room = (of: string) => roomInPool(state, option, of, free.get(key))
  const pool = pools.find((it) => room(it) >= booking.passengers)
  const seats = pool === undefined ? undefined : findSeats(state, run, of, asHold(option))
  if (pool !== undefined && seats !== undefined && !('type' in seats))
    return { seats, pool, preferences: undefined }
  const halves = option.shared ? halvesFor(option, of, booking.passengers) : undefined
  if (halves !== undefined) return { seats: halves, pool: '', preferences: undefined }
  refused.set(place, booking.passengers)
  return undefined
}

/** Half a berth for each; they are nobody else's, whatever pools keep. */
function halvesFor(
  { run, fromStop, toStop }: WaitingOption,
  of: ClassLayout,
  party: number,
): readonly number[] | undefined {
  return findHalves(run.inventory, run.layout.classAt, of, fromStop, toStop, party)
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
  { seats, pool }: Places,
): void {
  const { state } = work
  const { booking } = entry
  forgetWaiting(work, entry)
  become(work, booking, option, seats)
  if (pool !== '') keepPool(work, booking, pool)
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
  const kind = isShared(seats) ? 'berthShared' : 'promoted'
  queueNotice(work, booking, kind, status === 'held' ? { expiresAtMs } : {})
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
