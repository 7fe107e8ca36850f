/** Formations of single runs, and re-seating under way. */
import { keepReseating } from '../consist/run-consist.ts'
import type { Party, PartyStatus, Reseating, RunConsist } from '../consist/things.ts'
import { layoutOf } from '../inventory/layout.ts'
import type { BookingState } from '../state.ts'
import type { Hashed } from '../things.ts'
import { type Cursor, int, list, numbers, required, word } from './cursor.ts'
import { coachesFrom } from './timetable.ts'

/** Before the runs, whose seats it says. */
export function loadRunConsist({ consist }: BookingState, row: Cursor): Hashed {
  const own: RunConsist = {
    hashLow: 0,
    hashHigh: 0,
    runId: int(row),
    changedAtMs: int(row),
    coaches: coachesFrom(list(row)),
  }
  consist.own.set(own.runId, own)
  return own
}

/** Its disruption is loaded before it. */
export function loadReseating(state: BookingState, row: Cursor): Hashed {
  const disruptionId = int(row)
  const { phase } = required(state.disruption.disruptions.get(disruptionId), row)
  const runId = int(row)
  const coaches = coachesFrom(list(row))
  const reseating: Reseating = {
    hashLow: 0,
    hashHigh: 0,
    disruptionId,
    runId,
    coaches,
    blockedSeats: numbers(row),
    accountId: int(row),
    layout: layoutOf(coaches),
    moved: phase === 'telling',
    parties: new Map(),
  }
  required(state.runs.get(runId), row)
  keepReseating(state, reseating)
  return reseating
}

export function loadReseatedParty(state: BookingState, row: Cursor): Hashed {
  const bookingId = int(row)
  const disruptionId = int(row)
  const disruption = required(state.disruption.disruptions.get(disruptionId), row)
  const reseating = required(state.consist.changing.get(disruption.runId), row)
  const party: Party = {
    hashLow: 0,
    hashHigh: 0,
    bookingId,
    disruptionId,
    rank: int(row),
    status: word(row) as PartyStatus,
    classCode: word(row),
    seats: numbers(row),
    backs: numbers(row),
  }
  reseating.parties.set(bookingId, party)
  return party
}
