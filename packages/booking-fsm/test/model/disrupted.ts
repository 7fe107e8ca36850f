/** What a disruption does to a booking, and what it looks at. */
import { tell } from './notice-commands.ts'
import { refuse } from './refuse.ts'
import { ruleInForce } from './rule-commands.ts'
import { seatsOf } from './seat-choice.ts'
import {
  type ModelBooking,
  type ModelChange,
  type ModelDisruption,
  type ModelRun,
  runOf,
  trainOf,
  type World,
} from './world.ts'

export function loseTrain(
  world: World,
  booking: ModelBooking,
  disruption: ModelDisruption,
  kind: 'trainCancelled' | 'seatsLost' = 'trainCancelled',
): void {
  world.changes.push(changeOf(world, booking, kind, disruption.reason))
  booking.offer = undefined
  booking.status = 'disrupted'
  world.hits = world.hits.filter((hit) => hit.bookingId !== booking.id)
  world.hits.push({ bookingId: booking.id, disruptionId: disruption.id, outcome: 'open' })
  disruption.bookings++
  const { runId, choiceUntil } = disruption
  const notice = kind === 'seatsLost' ? 'seatsLost' : 'runCancelled'
  tell(world, booking.accountId, booking.id, notice, { runId, choiceUntilMs: choiceUntil })
}

export function visibleRun(world: World, runId: number): ModelRun {
  const run = world.runs.find((r) => r.id === runId)
  if (run === undefined) refuse('runNotFound')
  if (run.importId !== 0) refuse('runNotOnSale')
  return run
}

export function changeOf(
  world: World,
  booking: ModelBooking,
  kind: ModelChange['kind'],
  reason: ModelDisruption['reason'],
): World['changes'][number] {
  const { id, runId, fromStop, toStop, classCode, passengers } = booking
  const all = seatsOf(trainOf(world, runOf(world, booking)))
  const had = passengers.map(({ seat }) => all[seat])
  return {
    bookingId: id,
    atMs: world.now,
    kind,
    reason,
    runId,
    fromStop,
    toStop,
    classCode,
    seats: passengers.map(({ seat }) => seat),
    places: had.map((seat) => ({
      coachLabel: seat?.coachLabel ?? '',
      seatLabel: seat === undefined ? '' : `${seat.row}${seat.letter}`,
    })),
    had: had.map((seat) => seat?.properties ?? []),
    lost: [],
    backs: [],
  }
}

export function rulesAt(
  world: World,
  instant: number,
): World['compensationRules'][number] | undefined {
  return ruleInForce(world.compensationRules, instant)
}
