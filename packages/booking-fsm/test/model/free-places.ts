import { laterRoom } from './later-seats.ts'
import { generalRoom } from './quota-commands.ts'
import { isFree, isPlace, placesAreClosed, seatsOf } from './seat-choice.ts'
import { drawOf, isReseating, type ModelRun, trainOf, type World } from './world.ts'

/** How many passengers find a seat of the class. */
export function freeFor(
  world: World,
  run: ModelRun,
  from: number,
  to: number,
  classCode: string,
  now: number,
): number {
  if (drawOf(world, run.id) !== undefined || isReseating(world, run.id)) return 0
  const closed = placesAreClosed(world, run, now)
  const seatsLeft = seatsOf(trainOf(world, run)).filter(
    (s) =>
      s.classCode === classCode && isFree(world, run, s.seat, from, to) && !(closed && isPlace(s)),
  ).length
  const places = laterRoom(world, run, classCode, from, to, now, seatsLeft) ?? seatsLeft
  const room = generalRoom(world, run, classCode, from, to, now) ?? places
  return Math.max(0, Math.min(places, room))
}
