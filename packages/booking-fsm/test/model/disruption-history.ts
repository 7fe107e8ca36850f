/** Draws what is about disruptions: mostly on what one has hit. */
import type { Command } from '../../src/index.ts'
import { type Asked, type Draw, onBooking, oneIn, pick, staff } from './draws.ts'
import { departureAt, isCancelled, type ModelBooking, runOf, trainOf, type World } from './world.ts'

const hour = 3_600_000

/** Mostly a run that somebody has paid for, of a train that goes again. */
export function cancelRun(world: World, draw: Draw): Asked {
  const actor = staff(world, draw)
  const going = world.runs.filter(
    (run) =>
      !isCancelled(world, run) && departureAt(world, run, oneIn(3, draw) ? 1 : 0) > world.now,
  )
  const chosen = world.bookings.filter(mayChoose(world)).length
  if (chosen > 3 && !oneIn(9, draw)) return rebook(world, draw)
  const sold = going.filter((run) =>
    world.bookings.some((b) => b.runId === run.id && b.status === 'confirmed'),
  )
  const run = pick(oneIn(8, draw) ? world.runs : sold.length > 0 ? sold : going, draw)
  const others = going.filter((other) => other !== run && other.trainId === run?.trainId)
  // A railway that cancels every train sells nothing.
  if (others.length === 0 && !oneIn(9, draw)) {
    return { actor, command: reopening(world, run?.trainId ?? 1, draw) }
  }
  const reason = pick(['strike', 'disruption', 'technicalFailure'] as const, draw) ?? 'other'
  // Now and then it goes some of the way, and may have left.
  const way = oneIn(2, draw) ? { fromStop: draw() % 4 } : {}
  return { actor, command: { type: 'cancelRun', runId: run?.id ?? draw() % 9, ...way, reason } }
}

export function continueDisruption(world: World, draw: Draw): Asked {
  const going = world.disruptions.filter((d) => d.phase !== 'over')
  const disruption = pick(going.length > 0 && !oneIn(9, draw) ? going : world.disruptions, draw)
  const disruptionId = oneIn(20, draw) ? draw() % 9 : (disruption?.id ?? 1)
  return {
    actor: oneIn(30, draw) ? staff(world, draw) : 0,
    command: { type: 'continueDisruption', disruptionId },
  }
}

/** Those that have lost their train, and the other legs of their trips. */
export function mayChoose(world: World): (booking: ModelBooking) => boolean {
  const lost = world.bookings.filter((b) => b.status === 'disrupted')
  return (booking) =>
    lost.includes(booking) ||
    (booking.status === 'confirmed' && lost.some((b) => b.trip !== 0 && b.trip === booking.trip))
}

/** Mostly a train between the same stations, if there is one. */
export function rebook(world: World, draw: Draw): Asked {
  const ending = world.disruptions.some((d) => d.phase === 'ending')
  const nobody = !world.bookings.some(mayChoose(world))
  if (nobody && !oneIn(9, draw)) {
    return ending ? continueDisruption(world, draw) : cancelRun(world, draw)
  }
  return onBooking(world, draw, mayChoose(world), (bookingId, booking) => {
    const stationAt = (on: ModelBooking, stop: number) =>
      trainOf(world, runOf(world, on)).stops[stop]?.stationCode
    const fits = world.runs.flatMap((run) => {
      if (booking === undefined || isCancelled(world, run)) return []
      const { stops } = trainOf(world, run)
      const [from, to] = [booking.fromStop, booking.toStop].map((stop) => stationAt(booking, stop))
      const cut = world.disruptions.find((d) => d.runId === booking.runId)?.fromStop ?? 0
      const start = cut > booking.fromStop && oneIn(2, draw) ? stationAt(booking, cut) : from
      const fromStop = stops.findIndex((stop) => stop.stationCode === start)
      const toStop = stops.findIndex((stop, at) => stop.stationCode === to && at > fromStop)
      return fromStop >= 0 && toStop > fromStop ? [{ runId: run.id, fromStop, toStop }] : []
    })
    const there = booking?.passengers.filter((p) => p.cancelledAt === 0) ?? []
    const first = draw() % 16
    const seats = oneIn(4, draw) ? there.map((_, i) => first + i) : []
    const odd = { runId: pick(world.runs, draw)?.id ?? 1, fromStop: draw() % 3, toStop: 2 }
    const journey = (oneIn(8, draw) ? undefined : pick(fits.slice(-4), draw)) ?? odd
    return { type: 'rebookFree', bookingId, ...journey, seats }
  })
}

export function compensation(world: World, draw: Draw): Command {
  const bands = [
    { fromMinutes: 60, basisPoints: 2_500 },
    { fromMinutes: 120, basisPoints: draw() % 10_001 },
  ]
  return {
    type: 'setCompensationRule',
    validFromMs: Math.max(0, world.now + ((draw() % 5) - 2) * hour),
    choiceMs: pick([0, hour, 48 * hour, 48 * hour], draw) ?? hour,
    rebookMs: pick([24 * hour, 100 * hour, 100 * hour], draw) ?? hour,
    minimumMinor: pick([0, 400], draw) ?? 0,
    maximumMinor: pick([0, 0, 900], draw) ?? 0,
    bands: bands.slice(draw() % 2),
  }
}

/** One more run of a train of which few are left. */
function reopening(world: World, trainId: number, draw: Draw): Command {
  const day = 24 * hour
  const baseMs = Math.floor(world.now / day) * day + (1 + (draw() % 3)) * day
  const serviceDate = 20260101 + (Math.floor(baseMs / day) % 28)
  return {
    type: 'addRuns',
    importId: undefined,
    trainId,
    trainNumber: '',
    runs: [{ serviceDate, baseMs }],
  }
}

/** Of what was paid; now and then more than is kept. */
export function override(world: World, draw: Draw): Asked {
  const able = world.accounts.filter((account) => account.role !== 'passenger')
  const actor = oneIn(8, draw) ? staff(world, draw) : (pick(able, draw)?.id ?? 0)
  const paid = world.bookings.filter((b) => ['confirmed', 'cancelled'].includes(b.status))
  const booking = pick(oneIn(9, draw) ? world.bookings : paid.slice(-20), draw)
  const all = [...(booking?.passengers.keys() ?? [0])]
  const some = all.filter(() => oneIn(2, draw))
  const passengers = oneIn(12, draw) ? [draw() % 6] : some.length > 0 ? some : all.slice(0, 1)
  const kept = passengers.reduce((sum, at) => {
    const passenger = booking?.passengers[at]
    return sum + (passenger?.price ?? 0) - (passenger?.refund ?? 0)
  }, 0)
  const amountMinor = oneIn(3, draw) ? kept : 1 + (draw() % Math.max(1, kept))
  return {
    actor,
    command: {
      type: 'overrideRefund',
      bookingId: booking?.id ?? draw() % 5,
      passengers,
      amountMinor: oneIn(15, draw) ? amountMinor + 1 : amountMinor,
      reason: pick(['medical', 'goodwill', 'staffError'] as const, draw) ?? 'other',
      note: 'As was said at the counter.',
    },
  }
}

export function decide(world: World, draw: Draw): Asked {
  const waiting = world.overrides.filter(({ status }) => status === 'waiting')
  const all = waiting.length > 0 && !oneIn(6, draw) ? waiting : world.overrides
  const overrideId = pick(all, draw)?.overrideId ?? draw() % 4
  return {
    actor: staff(world, draw),
    command: { type: 'decideOverride', overrideId, approve: !oneIn(4, draw) },
  }
}
