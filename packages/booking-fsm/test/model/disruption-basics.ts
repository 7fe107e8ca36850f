/** What the commands about disruptions share. */
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
