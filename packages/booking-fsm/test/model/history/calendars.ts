/** Draws another calendar for a train that is there. */
import type { TrainCalendar } from '../../../src/index.ts'
import { type Asked, type Draw, oneIn, pick, staff } from '../draws.ts'
import { departureAt, type World } from '../world.ts'

/** Mostly from a day on that has a run; now and then of all its days few are left. */
export function otherCalendar(world: World, draw: Draw, drawn: TrainCalendar): Asked {
  const actor = staff(world, draw)
  const ahead = world.runs.filter((run) => departureAt(world, run, 0) > world.now)
  const unsold = ahead.filter(({ id }) => !world.bookings.some((b) => b.runId === id))
  const run = pick(unsold.length > 1 && !oneIn(3, draw) ? unsold : ahead, draw)
  const trainId = oneIn(9, draw) ? draw() % 9 : (run?.trainId ?? 1)
  const { exceptions } = drawn
  const fromDate = oneIn(2, draw) ? drawn.fromDate : (run?.serviceDate ?? drawn.fromDate)
  // A railway that has no train any more sells nothing.
  const weekdays = oneIn(4, draw) ? drawn.weekdays : 127 - (1 << (draw() % 7))
  const calendar = { ...drawn, weekdays, fromDate, exceptions }
  return { actor, command: { type: 'setCalendar', trainId, calendar, reason: 'other' } }
}
