/** What the passenger of a disrupted booking chooses: another train, or the money. */
import { mustBeStaff, noBooking, ownBooking } from '../actors.ts'
import { checkLength, firstInvalid, isId, isInt } from '../checks.ts'
import type { HoldSeats, RebookFree, TakeRefund } from '../commands.ts'
import { maskAt } from '../consist/run-consist.ts'
import { choiceOf, closeChoice, hasLeft, noteChange, refundWhole } from '../disruption/hit.ts'
import { payDelay } from '../disruption/paying-delays.ts'
import { disruptionRuleAt } from '../disruption/rules.ts'
import type { Disruption } from '../disruption/things.ts'
import { legsNow } from '../exchanges.ts'
import { departureMs } from '../fares.ts'
import { classOf } from '../inventory/layout.ts'
import { choosePool } from '../inventory/quotas.ts'
import { propertyBits } from '../inventory/seat-properties.ts'
import { freePassengers, leavePool, moveBooking, travelling } from '../live.ts'
import { queueNotice } from '../notices.ts'
import { invalid, refuse } from '../refusal.ts'
import type { Refusal, Reply } from '../replies.ts'
import { keepLater } from '../seat-promise/keep.ts'
import type { BookingState } from '../state.ts'
import { type Work, writeRow } from '../store.ts'
import type { Booking, Run } from '../things.ts'
import { runOnSale } from './cancel-run.ts'
import { checkJourney, findSeats } from './hold-seats.ts'

/** The booking stays what it is, PNR and payment too: only its train is another one. */
export function rebookFree(work: Work, command: RebookFree): Reply {
  const { state } = work
  const { bookingId, runId, fromStop, toStop, seats } = command
  const refusal = checkRebooking(command)
  if (refusal !== undefined) return refusal
  const booking = bookingOf(work, bookingId)
  if (booking === undefined) return noBooking(work, bookingId, mustBeStaff(work) === undefined)
  const disruption = choiceOf(state, booking)
  const unfit = mustBeDisrupted(state, booking, disruption)
  if (unfit !== undefined) return unfit
  if (disruption === undefined) return refuse('offerExpired')
  const there = travelling(booking)
  if (seats.length !== 0 && seats.length !== there.length) return invalid('seats')
  const run = runOnSale(state, runId)
  if ('type' in run) return run
  const needing = needsPlaces(state, booking, there)
  const order = [...needing, ...there.filter((position) => !needing.includes(position))]
  const journey: HoldSeats = {
    ...{ type: 'holdSeats', runId, fromStop, toStop, seats, classCode: booking.classCode },
    passengers: there.map(() => ({ name: '-' })),
    preferences: {
      ...{ required: [], wished: [], apart: false },
      wheelchairPlaces: needing.length,
    },
  }
  const wrong =
    checkJourney(state, run, journey) ?? mustReplace(state, booking, disruption, run, command)
  if (wrong !== undefined) return wrong
  const ofClass = classOf(run.layout, booking.classCode)
  if (ofClass === undefined) return refuse('classNotFound', { field: 'classCode' })
  const found = findSeats(state, run, ofClass, journey)
  if ('type' in found) return found
  const chosen =
    seats.length > 0 ? found : there.map((position) => found[order.indexOf(position)] as number)
  const pool = choosePool(state, run, ofClass, journey, booking.accountId)
  if (typeof pool !== 'string') return pool
  noteChange(work, booking, 'rebooked', disruption.reason)
  closeChoice(work, booking, 'rebooked')
  // A leg that still had its train gives the seats back.
  freePassengers(work, booking, there)
  leavePool(work, booking)
  moveBooking(state, booking, run, fromStop, toStop, chosen)
  keepLater(work, booking, undefined)
  writeRow(work, 'bookings', booking)
  queueNotice(work, booking, 'exchanged', { runId })
  return { type: 'rebooked', runId, seats: chosen }
}

export function takeRefund(work: Work, { bookingId }: TakeRefund): Reply {
  const { state } = work
  const refusal = firstInvalid([[isId(bookingId), 'bookingId']])
  if (refusal !== undefined) return refusal
  const booking = bookingOf(work, bookingId)
  if (booking === undefined) return noBooking(work, bookingId, mustBeStaff(work) === undefined)
  const unfit = mustBeDisrupted(state, booking, choiceOf(state, booking))
  if (unfit !== undefined) return unfit
  const refundMinor = refundWhole(work, booking)
  // The journey ends with another leg now, which may have been late.
  for (const leg of legsNow(state, booking)) payDelay(work, leg)
  return { type: 'bookingCancelled', refundMinor }
}

/** Who had a wheelchair place, which nobody has who has not asked for it. */
function needsPlaces(
  { disruption }: BookingState,
  booking: Booking,
  positions: readonly number[],
): readonly number[] {
  const { run, seats, bookingId, status } = booking
  // Of one that has lost its seats the run may have other coaches by now.
  const lost = status === 'disrupted' ? disruption.changes.get(bookingId)?.at(-1) : undefined
  return positions.filter((position) => {
    const mask = lost?.had[position] ?? maskAt(run.layout, seats[position] as number)
    return (mask & propertyBits.wheelchair) !== 0
  })
}

/** One's own; staff may choose for everybody. */
function bookingOf(work: Work, bookingId: number): Booking | undefined {
  const isStaff = mustBeStaff(work) === undefined
  return isStaff ? work.state.bookings.get(bookingId) : ownBooking(work, bookingId)
}

/** It has lost its train; or it is a leg that has not left, of a trip of which another leg has. */
function mustBeDisrupted(
  state: BookingState,
  booking: Booking,
  choice: Disruption | undefined,
): Refusal | undefined {
  if (booking.status === 'disrupted') return undefined
  if (booking.status !== 'confirmed' || choice === undefined) return refuse('notDisrupted')
  return hasLeft(state, booking) ? refuse('runDeparted') : undefined
}

/** Where they wanted to board, or where their train ends on the way. */
function startsOf({ run, fromStop, status }: Booking): readonly number[] {
  const isCut = status === 'disrupted' && run.cancelled && run.goesTo > fromStop
  return isCut ? [fromStop, run.goesTo] : [fromStop]
}

/** The same stations, near enough in time, and nobody in two places at once. */
function mustReplace(
  state: BookingState,
  booking: Booking,
  { begunAtMs }: Disruption,
  run: Run,
  { runId, fromStop, toStop }: RebookFree,
): Refusal | undefined {
  const stationsOf = (of: Run, from: number, to: number) =>
    `${of.train.stationIds[from]} ${of.train.stationIds[to]}`
  const lostAt = startsOf(booking).find(
    (stop) => stationsOf(run, fromStop, toStop) === stationsOf(booking.run, stop, booking.toStop),
  )
  if (lostAt === undefined) return refuse('otherStations')
  const lost = departureMs(booking.run, lostAt)
  const { rebookMs } = disruptionRuleAt(state, begunAtMs)
  if (Math.abs(departureMs(run, fromStop) - lost) > rebookMs) return refuse('tooFarApart')
  const meets = legsNow(state, booking).some(
    (leg) =>
      leg.run.runId === runId &&
      leg.status === 'confirmed' &&
      leg.fromStop < toStop &&
      fromStop < leg.toStop,
  )
  return meets ? invalid('runId') : undefined
}

function checkRebooking(command: RebookFree): Refusal | undefined {
  const { bookingId, runId, fromStop, toStop, seats } = command
  const refusal =
    firstInvalid([
      [isId(bookingId), 'bookingId'],
      [isId(runId), 'runId'],
      [isInt(fromStop, 0, 120), 'fromStop'],
      [isInt(toStop, 0, 120), 'toStop'],
    ]) ?? checkLength(seats, 0, 6, 'seats')
  if (refusal !== undefined) return refusal
  for (let i = 0; i < seats.length; i++) {
    const again = seats.indexOf(seats[i] as number) < i
    if (!isInt(seats[i], 0, 1_999) || again) return invalid(`seats[${i}]`)
  }
  return undefined
}
