/** What the commands about disruptions share. */
import { tell } from './notice-commands.ts'
import { refuse } from './refuse.ts'
import type { ModelBooking, ModelDisruption, ModelRun, World } from './world.ts'

export const knownReasons = [
  'strike',
  'disruption',
  'connectionBroken',
  'technicalFailure',
  'staffError',
  'goodwill',
  'medical',
  'other',
]

export function visibleRun(world: World, runId: number): ModelRun {
  const run = world.runs.find((r) => r.id === runId)
  if (run === undefined) refuse('runNotFound')
  if (run.importId !== 0) refuse('runNotOnSale')
  return run
}

export function changeOf(
  world: World,
  booking: ModelBooking,
  kind: World['changes'][number]['kind'],
  reason: ModelDisruption['reason'],
): World['changes'][number] {
  const { id, runId, fromStop, toStop, classCode, passengers } = booking
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
  }
}

export function loseTrain(world: World, booking: ModelBooking, disruption: ModelDisruption): void {
  const isFull = disruption.kind === 'overbooked'
  const why = isFull ? 'overbooked' : 'trainCancelled'
  world.changes.push(changeOf(world, booking, why, disruption.reason))
  booking.offer = undefined
  booking.status = 'disrupted'
  world.hits = world.hits.filter((hit) => hit.bookingId !== booking.id)
  world.hits.push({ bookingId: booking.id, disruptionId: disruption.id, outcome: 'open' })
  disruption.bookings++
  const { runId, choiceUntil } = disruption
  const kind = isFull ? 'noSeats' : 'runCancelled'
  tell(world, booking.accountId, booking.id, kind, { runId, choiceUntilMs: choiceUntil })
}
