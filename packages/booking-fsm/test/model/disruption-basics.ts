/** What the commands about disruptions share. */
import { refuse } from './refuse.ts'
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
