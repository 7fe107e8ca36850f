/** Draws delays: mostly of runs that somebody is on, and often where somebody gets off. */
import { type Asked, type Draw, oneIn, pick, staff } from '../draws.ts'
import {
  arrivalAt,
  bookingOf,
  departureAt,
  dueFor,
  isCancelled,
  type ModelBooking,
  runOf,
  trainOf,
  type World,
} from '../world.ts'

const minute = 60_000

export function delay(world: World, draw: Draw): Asked {
  const begun = world.disruptions.find((it) => it.kind === 'runDelayed' && it.phase === 'ending')
  if (begun !== undefined && !oneIn(3, draw)) {
    return { actor: 0, command: { type: 'continueDisruption', disruptionId: begun.id } }
  }
  const actor = staff(world, draw)
  const legs = sold(world).filter((it) => it.trip === it.id)
  const come = sold(world).filter(
    (it) => arrivalAt(world, runOf(world, it), it.toStop) + 60 * minute <= world.now,
  )
  const usual = legs.length > 0 && oneIn(2, draw) ? legs : sold(world).slice(-12)
  const booking = pick(come.length > 0 && !oneIn(6, draw) ? come.slice(-9) : usual, draw)
  const asked = oneIn(9, draw) ? undefined : booking && runOf(world, booking)
  const run = asked ?? pick(world.runs, draw)
  const stop =
    booking !== undefined && asked === run && !oneIn(4, draw) ? booking.toStop : draw() % 4
  const known = world.trains.some((train) => train.id === run?.trainId)
  const since = run !== undefined && known ? world.now - arrivalAt(world, run, stop) : 0
  const arrived = since >= 0 && !oneIn(6, draw)
  const most = Math.floor(Math.max(0, since) / minute)
  const some = pick([0, 14, 15, 59, 60, 61, 119, 120, 200, draw() % 300], draw) ?? 0
  const missing = booking === undefined ? undefined : minutesToMiss(world, booking, draw)
  const lateMinutes = missing !== undefined && !arrived && oneIn(2, draw) ? missing : some
  return {
    actor,
    command: {
      type: 'recordDelay',
      runId: run?.id ?? draw() % 5,
      stop,
      // It has just come, or came earlier: late enough for money, mostly.
      lateMinutes: arrived && !oneIn(6, draw) ? Math.min(most, 60 + (draw() % 80)) : lateMinutes,
      final: arrived,
      reason: pick(['disruption', 'technicalFailure', 'medical'] as const, draw) ?? 'other',
    },
  }
}

/** From one train to another where both call, else the trip as it was drawn. */
export function connection(world: World, draw: Draw, { actor, command }: Asked): Asked {
  if (command.type !== 'holdTrip') throw new Error('no trip')
  const bought = oneIn(4, draw) ? undefined : goOn(world)
  if (bought !== undefined) return bought
  const going = world.runs.filter(
    (run) =>
      run.importId === 0 && !isCancelled(world, run) && departureAt(world, run, 0) > world.now,
  )
  const changes = going.slice(0, 4).flatMap((run) =>
    going.slice(0, 4).flatMap((other) => {
      const [here, there] = [trainOf(world, run).stops, trainOf(world, other).stops]
      return here.flatMap(({ stationCode, alighting }, toStop) => {
        const fromStop = there.findIndex(
          (stop) => stop.stationCode === stationCode && stop.boarding,
        )
        const fits =
          toStop > 0 &&
          alighting &&
          run !== other &&
          fromStop >= 0 &&
          fromStop < there.length - 1 &&
          within(departureAt(world, other, fromStop) - arrivalAt(world, run, toStop))
        return fits ? [{ run, other, toStop, fromStop }] : []
      })
    }),
  )
  const found = pick(changes, draw)
  if (found === undefined) return { actor, command }
  const { run, other, toStop, fromStop } = found
  const here = trainOf(world, run).stops
  const last = trainOf(world, other).stops.length - 1
  const first = here[0]?.boarding ? 0 : draw() % toStop
  const classOf = ({ id }: typeof run) =>
    trainOf(world, world.runs.find((it) => it.id === id) ?? run).coaches[0]?.classCode ?? '2'
  const one = { runId: run.id, fromStop: first, toStop, classCode: classOf(run), seats: [] }
  const two = { runId: other.id, fromStop, toStop: last, classCode: classOf(other), seats: [] }
  return { actor, command: { ...command, legs: [one, two] } }
}

/** A trip that is held is paid. */
function goOn(world: World): Asked | undefined {
  for (const { id, trip, status, accountId: actor } of world.bookings.toReversed()) {
    if (trip !== id) continue
    if (status === 'held') {
      const amountMinor = dueFor(world, bookingOf(world, id))
      const paymentToken = 'tok_1'
      return { actor, command: { type: 'startPayment', bookingId: id, paymentToken, amountMinor } }
    }
    const payment = world.payments.find((it) => it.bookingId === id)
    const effect = world.effects.find((it) => it.paymentId === payment?.id && !it.answered)
    if (effect === undefined || effect.kind === 'refund') continue
    const outcome = { type: 'done', providerReference: 'reference' } as const
    return { actor: 0, command: { type: 'recordOutcome', outboxId: effect.id, outcome } }
  }
  return undefined
}

function within(waitMs: number): boolean {
  return waitMs >= 0 && waitMs <= 1_440 * minute
}

/** Just too late for the next train, or just not; else undefined. */
function minutesToMiss(world: World, booking: ModelBooking, draw: Draw): number | undefined {
  const next = world.bookings.find((it) => it.id === booking.id + 1 && it.trip === booking.trip)
  if (next === undefined || booking.trip === 0) return undefined
  const leaves = departureAt(world, runOf(world, next), next.fromStop)
  const wait = leaves - arrivalAt(world, runOf(world, booking), booking.toStop)
  return within(wait) ? Math.max(0, Math.floor(wait / minute) - 6 + (draw() % 4)) : undefined
}

/** Two hours behind the first one that somebody gets off at, if it is soon. */
export function nextArrival(world: World): number | undefined {
  const late = sold(world).map(
    (booking) => arrivalAt(world, runOf(world, booking), booking.toStop) + 125 * minute,
  )
  const ahead = late.filter((at) => at > world.now && at < world.now + 1_440 * minute)
  return ahead.length === 0 ? undefined : Math.min(...ahead)
}

/** When those who are on a train get off, and some time later. */
export function arrivalsOf(world: World): number[] {
  return sold(world).flatMap((booking) => {
    const arrives = arrivalAt(world, runOf(world, booking), booking.toStop)
    return [arrives, arrives + 61 * minute, arrives + 121 * minute]
  })
}

/** Those of trips, whose next train may be missed, among others. */
function sold(world: World): ModelBooking[] {
  return world.bookings.filter(
    (it) => it.status === 'confirmed' && !isCancelled(world, runOf(world, it)),
  )
}
