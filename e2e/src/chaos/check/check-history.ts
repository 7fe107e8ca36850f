/**
 * The witness checker: whether a whole history is linearizable, with the log's indexes as the witness for the
 * order, and whether what a railway needs is true of it. Nothing is searched for: the log says in which order
 * things happened, and all that is to be shown is that nobody was told anything else.
 */
import type { History } from '../history.ts'
import { judgeBookingReads } from './booking-reads.ts'
import { bookingsOf } from './bookings.ts'
import { judgeFinalState } from './final-state.ts'
import type { Finding } from './finding.ts'
import { describe, placeInLog } from './index-bounds.ts'
import { judgeSeats } from './seats.ts'

export interface Judgement {
  readonly findings: readonly Finding[]
  /** Seats on maps: how many were compared, and how many the indexes leave open. */
  readonly compared: number
  readonly undecided: number
}

export function checkHistory(history: History): Judgement {
  const { operations } = history
  const { bounds, findings } = placeInLog(history)
  const twice: Finding[] = []
  const bookings = bookingsOf(operations, bounds, (operation) =>
    twice.push({
      code: 'lost',
      sentence: `${describe(operation)} was given a booking that another had been given before.`,
    }),
  )
  const seats = judgeSeats(operations, bookings, bounds)
  return {
    findings: [
      ...findings,
      ...twice,
      ...seats.findings,
      ...judgeBookingReads(operations, bookings),
      ...strangeRefusals(history),
      ...judgeFinalState(history, bookings),
    ],
    compared: seats.compared,
    undecided: seats.undecided,
  }
}

/** The clients ask only for what must be granted, but for seats that somebody else wants too. */
function strangeRefusals({ operations }: History): Finding[] {
  return operations.flatMap((operation): Finding[] => {
    const { call, outcome } = operation
    if (outcome.type !== 'refused') return []
    if (call.kind === 'hold' && outcome.code === 'SEAT_TAKEN') return []
    const sentence = `${describe(operation)} was refused with ${outcome.code}.`
    return [{ code: 'refusedWithoutReason', sentence }]
  })
}
