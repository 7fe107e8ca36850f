/** Seats: none sold twice, every map as the log has it at its index, every refusal with a reason. */
import type { Operation, SeatMapCall } from '../history.ts'
import { type Bookings, isDoneAt, type SoldBooking } from './bookings.ts'
import type { Finding } from './finding.ts'
import { type Bounds, describe } from './index-bounds.ts'

export interface SeatsJudged {
  readonly findings: readonly Finding[]
  /** Seats on maps that were compared, and those of which the index leaves open what is right. */
  readonly compared: number
  readonly undecided: number
}

interface Stretch {
  readonly fromStop: number
  readonly toStop: number
}

const overlap = (a: Stretch, b: Stretch): boolean => a.fromStop < b.toStop && b.fromStop < a.toStop

export function judgeSeats(
  operations: readonly Operation[],
  bookings: Bookings,
  bounds: ReadonlyMap<Operation, Bounds>,
): SeatsJudged {
  const runs = byRunAndSeat(bookings)
  const maps = operations.map((operation) => judgeMap(operation, runs))
  return {
    findings: [
      ...soldTwice(runs),
      ...maps.flatMap(({ findings }) => findings),
      ...operations.flatMap((operation) => judgeRefusal(operation, runs, bounds.get(operation))),
    ],
    compared: maps.reduce((sum, map) => sum + map.compared, 0),
    undecided: maps.reduce((sum, map) => sum + map.undecided, 0),
  }
}

type Runs = ReadonlyMap<number, ReadonlyMap<number, readonly SoldBooking[]>>

function byRunAndSeat(bookings: Bookings): Runs {
  const runs = new Map<number, Map<number, SoldBooking[]>>()
  for (const booking of [...bookings.values()].sort((a, b) => a.held.high - b.held.high)) {
    const seats = runs.get(booking.hold.runId) ?? new Map<number, SoldBooking[]>()
    runs.set(booking.hold.runId, seats)
    const seat = booking.answer.seat
    seats.set(seat, [...(seats.get(seat) ?? []), booking])
  }
  return runs
}

function soldTwice(runs: Runs): Finding[] {
  const findings: Finding[] = []
  for (const seats of runs.values())
    for (const [seat, bookings] of seats)
      for (const [at, first] of bookings.entries())
        for (const second of bookings.slice(at + 1)) {
          if (!overlap(first.hold, second.hold) || mayFollow(first, second)) continue
          if (mayFollow(second, first)) continue
          const sentence = `Seat ${seat} of run ${first.hold.runId} was sold to booking ${first.bookingId} (${first.hold.name}) and to booking ${second.bookingId} (${second.hold.name}) for the same stretch at once.`
          findings.push({ code: 'soldTwice', sentence })
        }
  return findings
}

/** The first may have ended before the second was held. */
const mayFollow = (first: SoldBooking, second: SoldBooking): boolean =>
  first.ended !== undefined && first.ended.low < second.held.high

function judgeMap(operation: Operation, runs: Runs): SeatsJudged {
  const { call, outcome } = operation
  const none = { findings: [], compared: 0, undecided: 0 }
  if (call.kind !== 'seatMap' || outcome.type !== 'done') return none
  if (outcome.answer.kind !== 'seatMap') return none
  const seats = runs.get(call.runId) ?? new Map<number, readonly SoldBooking[]>()
  const taken = new Set(outcome.answer.taken)
  const findings: Finding[] = []
  let undecided = 0
  for (const seat of new Set([...seats.keys(), ...taken])) {
    const should = isTaken(seats.get(seat) ?? [], call, outcome.index)
    if (should === undefined) undecided++
    else if (should !== taken.has(seat)) {
      const sentence = `${describe(operation)} shows seat ${seat} as ${should ? 'free' : 'taken'} at index ${outcome.index}, where it is ${should ? 'taken' : 'free'}.`
      findings.push({ code: 'wrongRead', sentence })
    }
  }
  return { findings, compared: seats.size, undecided }
}

function isTaken(
  bookings: readonly SoldBooking[],
  stretch: SeatMapCall,
  index: number,
): boolean | undefined {
  let open = false
  for (const booking of bookings) {
    if (!overlap(booking.hold, stretch)) continue
    const held = isDoneAt(booking.held, index)
    const ended = isDoneAt(booking.ended, index)
    if (held === true && ended === false) return true
    if (held !== false && ended !== true) open = true
  }
  return open ? undefined : false
}

/** A hold that was refused for its seat needs somebody who may have had it at some index in between. */
function judgeRefusal(operation: Operation, runs: Runs, bounds: Bounds | undefined): Finding[] {
  const { call, outcome } = operation
  if (call.kind !== 'hold' || outcome.type !== 'refused' || bounds === undefined) return []
  if (outcome.code !== 'SEAT_TAKEN') return []
  const bookings = runs.get(call.runId)?.get(call.seat) ?? []
  const explained = bookings.some(
    ({ hold, held, ended }) =>
      overlap(hold, call) &&
      held.low <= bounds.high &&
      (ended === undefined || ended.high >= bounds.low),
  )
  if (explained) return []
  const sentence = `${describe(operation)} was refused for its seat, which nobody had then.`
  return [{ code: 'refusedWithoutReason', sentence }]
}
