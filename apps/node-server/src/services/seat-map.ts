import {
  type BookingState,
  findJourney,
  findRun,
  type JourneyView,
  quote,
  type SeatView,
  seatMap,
} from '@quorail/booking-fsm'
import type { CoachLayout } from '@quorail/proto/quorail/booking/v1/types_pb'
import { invalidField, unknownRun } from '../errors/door-errors.ts'
import { coachMessage } from '../mapping/seats.ts'
import { journeyMessage, stopMessage } from '../mapping/views.ts'

export interface SeatMapOfRun {
  /** With prices and numbers of free seats. */
  readonly journey: ReturnType<typeof journeyMessage>
  readonly stops: ReturnType<typeof stopMessage>[]
  readonly coaches: CoachLayout[]
  readonly seats: readonly SeatView[]
}

/** The seats of a run for a journey; throws what a caller is told when there is no such thing. */
export function readSeatMap(
  state: BookingState,
  runId: number,
  fromStop: number,
  toStop: number,
  nowMs: number,
): SeatMapOfRun {
  const run = findRun(state, runId)
  if (run === undefined) throw unknownRun()
  const journey = findJourney(state, runId, fromStop, toStop)
  if (journey === undefined) {
    throw invalidField('to_stop', 'The journey must end behind the stop where it begins.')
  }
  const seats = seatMap(state, run.runId, fromStop, toStop, nowMs)
  const offered = { ...journey, classes: offersOf(state, journey, seats, nowMs) }
  return {
    journey: journeyMessage(state, offered, 1),
    stops: run.stops.map((stop) => stopMessage(state, stop)),
    coaches: run.coaches.map(coachMessage),
    seats,
  }
}

function offersOf(
  state: BookingState,
  journey: JourneyView,
  seats: readonly SeatView[],
  atMs: number,
) {
  const classes = [...new Set(seats.map((seat) => seat.classCode))]
  return classes.flatMap((classCode) => {
    const price = quote(state, journey.runId, journey.fromStop, journey.toStop, classCode, atMs)
    if (price === undefined) return []
    const ofClass = seats.filter((seat) => seat.classCode === classCode)
    const freeSeats = ofClass.filter((seat) => seat.free).length
    return [
      {
        classCode,
        freeSeats,
        capacity: ofClass.length,
        pricePerPassengerMinor: price,
        enoughSeats: freeSeats > 0,
      },
    ]
  })
}
