/** When the chart is closed: who has no seat gets one, or is told that there is none. */
import { stillThere } from './cancel-commands.ts'
import { loseTrain } from './disrupted.ts'
import { changeOf } from './disruption-basics.ts'
import { isLater, lastStop, openAt, seatless, stretch } from './later-seats.ts'
import { tell } from './notice-commands.ts'
import { expireWhenDue } from './own-booking.ts'
import { ruleInForce } from './rule-commands.ts'
import { chooseSeats } from './seat-choice.ts'
import { legsOf, type ModelBooking, type ModelRun, trainOf, type World } from './world.ts'

/** Fifty parties an entry, of runs whose chart is closed: first those for whom there is no seat, then the others. */
export function giveSeats(world: World): void {
  let left = 50
  const without = new Set(world.bookings.filter(isLater).map(({ runId }) => runId))
  const closed = world.charts.filter((chart) => chart.closed && without.has(chart.runId))
  const runIds = closed.map(({ runId }) => runId)
  for (const runId of runIds.sort((a, b) => a - b)) {
    const run = world.runs.find((r) => r.id === runId)
    // Those who lose the train by its being cancelled are gone through first.
    const loses = world.disruptions.some(
      (d) => d.runId === runId && d.kind === 'runCancelled' && d.phase === 'ending',
    )
    if (run === undefined || loses) continue
    while (left > 0 && turnOneAway(world, run)) left--
    left -= seatSome(world, run, left)
  }
}

/** Who booked last of those on the first segment with too few seats. */
function turnOneAway(world: World, run: ModelRun): boolean {
  const classes = [...new Set(trainOf(world, run).coaches.map((coach) => coach.classCode))]
  for (const classCode of classes) {
    const at = stretch(0, lastStop(world, run)).find(
      (it) => seatless(world, run, classCode, it) > openAt(world, run, classCode, it).length,
    )
    if (at === undefined) continue
    const last = world.bookings.findLast(
      (b) =>
        b.runId === run.id &&
        b.classCode === classCode &&
        isLater(b) &&
        b.fromStop <= at &&
        at < b.toStop,
    )
    if (last === undefined) throw new Error('too many, and nobody is there')
    turnAway(world, last)
    return true
  }
  return false
}

function turnAway(world: World, booking: ModelBooking): void {
  expireWhenDue(world, booking)
  if (booking.status === 'held' || booking.status === 'paying') {
    for (const leg of legsOf(world, booking)) leg.status = 'released'
  }
  if (booking.status !== 'confirmed') return
  const { runId } = booking
  let disruption = world.disruptions.find(
    (d) => d.runId === runId && d.kind === 'overbooked' && d.phase !== 'over',
  )
  if (disruption === undefined) {
    const choiceMs = ruleInForce(world.compensationRules, world.now)?.choiceMs ?? 3 * 86_400_000
    disruption = {
      id: world.disruptions.length + 1,
      ...{
        kind: 'overbooked',
        runId,
        fromStop: 0,
        reason: 'other',
        begunAt: world.now,
        phase: 'choosing',
      },
      ...{ cursor: 0, choiceUntil: world.now + choiceMs, bookings: 0, moved: 0 },
    }
    world.disruptions.push(disruption)
  }
  loseTrain(world, booking, disruption, 'overbooked')
}

/** How many. */
function seatSome(world: World, run: ModelRun, most: number): number {
  const isWishing = ({ wish }: ModelBooking) => wish?.apart || (wish?.wished ?? []).length > 0
  const due = world.bookings
    .filter((b) => b.runId === run.id && isLater(b))
    .sort(
      (a, b) =>
        a.fromStop - b.fromStop ||
        b.passengers.length - a.passengers.length ||
        Number(isWishing(b) ?? false) - Number(isWishing(a) ?? false) ||
        a.id - b.id,
    )
  const parties = due.slice(0, most)
  for (const booking of parties) seat(world, booking)
  return parties.length
}

function seat(world: World, booking: ModelBooking): void {
  const { runId, fromStop, toStop, classCode, status, id, passengers } = booking
  const run = world.runs.find((r) => r.id === runId)
  if (run === undefined) throw new Error(`no run ${runId}`)
  const there = stillThere(booking)
  const { wished = [], apart = false } = booking.wish ?? {}
  const asked = { required: [], wished, apart, wheelchairPlaces: 0 }
  const choice = chooseSeats(world, run, fromStop, toStop, classCode, there.length, asked)
  if ('free' in choice) throw new Error(`${id} finds no seats`)
  world.changes.push(changeOf(world, booking, 'seated', 'other'))
  there.forEach((position, i) => {
    const passenger = passengers[position]
    if (passenger !== undefined) passenger.seat = choice.seats[i] ?? -1
  })
  booking.wish = undefined
  for (const ticket of world.tickets) {
    if (ticket.bookingId === id && ticket.voidedAt === 0) ticket.voidedAt = world.now
  }
  if (status === 'confirmed') tell(world, booking.accountId, id, 'seatsGiven')
}
