/** Draws changes of consist: mostly of runs on which somebody sits, and worked off soon. */
import type { Coach, Command } from '../../../src/index.ts'
import { type Asked, type Draw, oneIn, pick, staff } from '../draws.ts'
import { seatsOf } from '../seat-choice.ts'
import { seatingLayouts } from '../seat-draws.ts'
import {
  bookingOf,
  departureAt,
  dueFor,
  isCancelled,
  isLive,
  type ModelRun,
  payerOf,
  trainOf,
  type World,
} from '../world.ts'

/** Undefined: there is nobody yet who would have to move. */
export function changeConsist(world: World, draw: Draw): Asked | undefined {
  const [going] = world.reseatings
  if (going !== undefined && !oneIn(6, draw)) {
    const { disruptionId } = going
    return { actor: 0, command: { type: 'continueDisruption', disruptionId } }
  }
  const ahead = world.runs.filter(
    (run) => !isCancelled(world, run) && departureAt(world, run, 0) > world.now,
  )
  const sold = ahead
    .map((run) => ({ run, count: soldOn(world, run) }))
    .sort((a, b) => b.count - a.count)
  // Nobody has to move in an empty train.
  const most = sold[0]?.count ?? 0
  if (most === 0 && !oneIn(9, draw)) return sell(world)
  const run = oneIn(9, draw) ? pick(world.runs, draw) : sold[oneIn(4, draw) ? 1 : 0]?.run
  return { actor: staff(world, draw), command: commandFor(world, run, draw) }
}

/** What is on its way to be sold is. */
function sell(world: World): Asked | undefined {
  const paying = world.effects.find((e) => e.kind === 'authorise' && !e.answered)
  if (paying !== undefined) {
    const outcome = { type: 'done', providerReference: 'r' } as const
    return { actor: 0, command: { type: 'recordOutcome', outboxId: paying.id, outcome } }
  }
  const held = world.bookings.findLast((b) => b.status === 'held' && b.expiresAt > world.now)
  if (held === undefined) return undefined
  const { id: bookingId, accountId: actor } = held
  const amountMinor = dueFor(world, bookingOf(world, payerOf(held)))
  return { actor, command: { type: 'startPayment', bookingId, paymentToken: 'tok', amountMinor } }
}

function soldOn(world: World, run: ModelRun): number {
  return world.bookings.filter((b) => b.runId === run.id && b.status === 'confirmed').length
}

function commandFor(world: World, run: ModelRun | undefined, draw: Draw): Command {
  const reason = pick(['technicalFailure', 'disruption'] as const, draw) ?? 'other'
  const now = run === undefined ? [] : trainOf(world, run).coaches
  const coaches = oneIn(3, draw) ? otherCoaches(world, run, now, draw) : []
  const left = coaches.length > 0 ? coaches : now
  const isLess = coaches.length === 0 || oneIn(4, draw)
  // Mostly one in which somebody sits.
  const [sat] = seats(world, run, draw)
  const coach = run && seatsOf(trainOf(world, run))[sat ?? 0]?.coachLabel
  const label = oneIn(9, draw) ? 'none' : oneIn(2, draw) ? coach : pick(left, draw)?.label
  const withoutCoaches = isLess && oneIn(2, draw) ? [label ?? '1'] : []
  return {
    type: 'changeConsist',
    runId: run?.id ?? draw() % 5,
    coaches,
    withoutCoaches,
    blockedSeats: isLess && withoutCoaches.length === 0 ? seats(world, run, draw) : [],
    reason,
  }
}

/** Some that somebody has. */
function seats(world: World, run: ModelRun | undefined, draw: Draw): number[] {
  const taken = world.bookings
    .filter((b) => b.runId === run?.id && isLive(b))
    .flatMap((b) => b.passengers.map(({ seat }) => seat))
    .filter((seat) => seat >= 0)
  const all = run === undefined ? 9 : seatsOf(trainOf(world, run)).length
  const chosen = [pick(taken, draw) ?? 0, draw() % all, draw() % (all + 2)]
  return [...new Set(chosen.slice(0, 1 + (draw() % 3)))]
}

/** The same in another order, shorter or longer, of the other class, or quite others. */
function otherCoaches(
  world: World,
  run: ModelRun | undefined,
  now: readonly Coach[],
  draw: Draw,
): readonly Coach[] {
  const ofTrain = world.trains.find((train) => train.id === run?.trainId)?.coaches ?? now
  switch (draw() % 6) {
    case 0:
      return pick(seatingLayouts, draw) ?? now
    case 1:
      return ofTrain
    case 2:
      return [...now].reverse()
    case 3:
      return now.map((coach, i) => (i === 0 ? { ...coach, label: `n${draw() % 3}` } : coach))
    case 4:
      return now.map((coach, i) => {
        const classCode = coach.classCode === '1' ? '2' : '1'
        return i === draw() % now.length ? { ...coach, classCode } : coach
      })
    default: {
      const by = (draw() % 3) - 1
      return now.map(({ seating: _, ...coach }) => ({
        ...coach,
        rows: Math.max(1, coach.rows + by),
      }))
    }
  }
}
