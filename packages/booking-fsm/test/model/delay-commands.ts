import type { BookingView, Entry, RecordDelay, Reply } from '../../src/index.ts'
import { needStaff } from './caller.ts'
import { fareTaxIn, worthOf } from './cancel-commands.ts'
import { changeOf, knownReasons, visibleRun } from './disruption-basics.ts'
import { debit } from './ledger.ts'
import { sendRefund } from './money.ts'
import { tell } from './notice-commands.ts'
import { paymentOf } from './owed.ts'
import { refuse } from './refuse.ts'
import { halfUp, ruleInForce } from './rule-commands.ts'
import { checkBoolean, checkId, checkInt } from './shapes.ts'
import {
  arrivalAt,
  bookingOf,
  departureAt,
  everyBooking,
  legsNow,
  type ModelBooking,
  type ModelDelay,
  type ModelDisruption,
  runOf,
  trainOf,
  type World,
} from './world.ts'

const minute = 60_000
const day = 86_400_000

export function recordDelay(world: World, entry: Entry, command: RecordDelay): Reply {
  const { runId, stop, lateMinutes, final, reason } = command
  checkId(runId, 'runId')
  checkInt(stop, 0, 120, 'stop')
  checkInt(lateMinutes, 0, 10_080, 'lateMinutes')
  checkBoolean(final, 'final')
  if (!knownReasons.includes(reason)) refuse('invalidField', { field: 'reason' })
  needStaff(world, entry)
  const run = visibleRun(world, runId)
  const ended = world.disruptions.find((d) => d.runId === runId && d.kind === 'runCancelled')
  if (ended !== undefined && (ended.fromStop === 0 || ended.fromStop < stop)) refuse('runCancelled')
  if (stop >= trainOf(world, run).stops.length) refuse('invalidField', { field: 'stop' })
  const known = world.delays.find((it) => it.runId === runId && it.stop === stop)
  if (known?.final && !final) refuse('arrivalRecorded')
  if (final && arrivalAt(world, run, stop) + lateMinutes * minute > world.now) refuse('notArrived')
  const delay = { runId, stop, lateMinutes, final, reason, atMs: world.now }
  // The last one in the list is the newest.
  world.delays = [...world.delays.filter((it) => it !== known), delay]
  let disruption = world.disruptions.find((d) => d.runId === runId && d.kind === 'runDelayed')
  if (disruption === undefined) {
    disruption = {
      id: world.disruptions.length + 1,
      kind: 'runDelayed',
      fromStop: 0,
      ...{ runId, reason, begunAt: world.now, bookings: 0, moved: 0, phase: 'ending' },
      ...{ cursor: 0, choiceUntil: 0 },
    }
    world.disruptions.push(disruption)
  }
  disruption.phase = 'ending'
  disruption.cursor = everyBooking(world).length + 1
  const choiceMs = ruleInForce(world.compensationRules, world.now)?.choiceMs ?? 3 * day
  disruption.choiceUntil = world.now + choiceMs
  return { type: 'disruptionBegun', disruptionId: disruption.id }
}

/** What the run's delays mean for one who is on it. */
export function comeLate(world: World, booking: ModelBooking, disruption: ModelDisruption): void {
  if (booking.status !== 'confirmed') return
  const { runId } = disruption
  const minutes = lateAt(world, runId, booking.toStop)?.lateMinutes ?? 0
  const next = journeysOf(world, booking, (leg) => leg.status === 'confirmed')
    .find((legs) => legs.includes(booking))
    ?.find((_, i, legs) => legs[i - 1] === booking)
  const hit = world.hits.find((it) => it.bookingId === next?.id)
  const misses =
    next !== undefined &&
    minutes > 0 &&
    next.runId !== runId &&
    readyAt(world, booking, next) + minutes * minute > leavesAt(world, next) &&
    hit?.outcome !== 'open' &&
    hit?.disruptionId !== disruption.id
  if (misses) {
    next.offer = undefined
    world.changes.push(changeOf(world, next, 'connectionMissed', disruption.reason))
    world.hits = world.hits.filter((it) => it !== hit)
    world.hits.push({ bookingId: next.id, disruptionId: disruption.id, outcome: 'open' })
    disruption.bookings++
    const choiceUntilMs = disruption.choiceUntil
    const data = { runId, minutes, refundMinor: 0, choiceUntilMs }
    tell(world, next.accountId, next.id, 'runDelayed', data)
  }
  const refundMinor = payDelay(world, booking)
  const newest = world.delays.findLast((it) => it.runId === runId)
  const isNews =
    newest === lateAt(world, runId, booking.toStop) && newest?.final === false && minutes >= 15
  if (refundMinor > 0 || (isNews && !misses)) {
    tell(world, booking.accountId, booking.id, 'runDelayed', { runId, minutes, refundMinor })
  }
}

/** What those whose journey ends with this booking are owed by now, less what they had. */
export function payDelay(world: World, booking: ModelBooking): number {
  if (booking.status !== 'confirmed' || paymentOf(world, booking) === undefined) return 0
  const { runId, toStop } = booking
  const end = world.delays.find((it) => it.runId === runId && it.stop === toStop && it.final)
  if (end === undefined || booking.delayRule === undefined) return 0
  const minutes = Math.floor(Math.max(0, lateBy(world, booking, end)) / minute)
  const { bands, maximumMinor, minimumMinor } = booking.delayRule
  const share = bands.filter((band) => band.fromMinutes <= minutes).at(-1)?.basisPoints ?? 0
  const given = new Map<ModelBooking, { readonly position: number; readonly back: number }[]>()
  booking.passengers.forEach((passenger, position) => {
    if (passenger.cancelledAt > 0) return
    const who = personAt(world, booking, position)
    const at = (leg: ModelBooking) =>
      [...leg.passengers.keys()].find((i) => personAt(world, leg, i) === who) ?? -1
    const journey = journeysOf(
      world,
      booking,
      (leg) => leg.status === 'confirmed' && leg.passengers[at(leg)]?.cancelledAt === 0,
    ).find((legs) => legs.at(-1) === booking)
    if (journey === undefined) return
    const fare = journey.reduce((sum, leg) => sum + (leg.passengers[at(leg)]?.price ?? 0), 0)
    let due = halfUp(BigInt(fare) * BigInt(share), 10_000n)
    if (maximumMinor > 0 && due > maximumMinor) due = maximumMinor
    if (due < minimumMinor) due = 0
    for (const leg of journey) {
      for (const pay of world.delayPays) {
        if (pay.bookingId === leg.id && pay.position === at(leg)) due -= pay.amount
      }
    }
    for (const leg of journey) {
      const back = Math.max(0, Math.min(due, worthOf(leg, at(leg))))
      due -= back
      if (back === 0) continue
      given.set(leg, [...(given.get(leg) ?? []), { position: at(leg), back }])
    }
  })
  let all = 0
  // Each booking in one refund, in the order in which somebody of it was due something first: what a bank has taken
  // is kept of the first ones.
  for (const [leg, parts] of given) {
    const sum = parts.reduce((all, { back }) => all + back, 0)
    all += sum
    for (const { position, back } of parts) giveBack(world, leg, position, back)
    leg.offer = undefined
    sendRefund(world, leg, sum)
  }
  return all
}

/** The passenger's place in what was sold first. */
function personAt(world: World, booking: ModelBooking, position: number): number {
  const { exchange } = booking
  if (exchange === undefined) return position
  const before = exchange.parts[position]?.position ?? -1
  return personAt(world, bookingOf(world, exchange.old), before)
}

function giveBack(world: World, leg: ModelBooking, position: number, amount: number): void {
  const passenger = leg.passengers[position]
  if (passenger === undefined) throw new Error(`booking ${leg.id} has no ${position}`)
  const tax = fareTaxIn(leg, position, amount)
  passenger.compensated += amount
  passenger.compensatedTax += tax
  debit(world, 'fareRevenue', amount - tax)
  debit(world, 'taxPayable', tax)
  debit(world, 'refundsPayable', -amount)
  world.delayPays.push({ bookingId: leg.id, position, amount })
}

/** Against what was sold, unless another day was chosen since. */
function lateBy(world: World, booking: ModelBooking, end: ModelDelay): number {
  const run = runOf(world, booking)
  const arrives = arrivalAt(world, run, booking.toStop) + end.lateMinutes * minute
  const sold = world.changes.find((change) => change.bookingId === booking.id)
  const soldRun = world.runs.find((it) => it.id === sold?.runId)
  if (sold === undefined || soldRun === undefined) return end.lateMinutes * minute
  const leftLater =
    departureAt(world, run, booking.fromStop) - departureAt(world, soldRun, sold.fromStop)
  if (leftLater > day) return end.lateMinutes * minute
  return arrives - arrivalAt(world, soldRun, sold.toStop)
}

export function modelLate(world: World, runId: number, fromStop: number, toStop: number) {
  return {
    departureLateMinutes: lateAt(world, runId, fromStop)?.lateMinutes ?? 0,
    arrivalLateMinutes: lateAt(world, runId, toStop)?.lateMinutes ?? 0,
  }
}

export function modelBookingDelay(world: World, booking: ModelBooking): BookingView['delay'] {
  const delay = lateAt(world, booking.runId, booking.toStop)
  const pays = world.delayPays.filter((it) => it.bookingId === booking.id)
  if (delay === undefined && pays.length === 0) return undefined
  return {
    lateMinutes: delay?.lateMinutes ?? 0,
    final: delay?.final === true && delay.stop === booking.toStop,
    compensationMinor: pays.reduce((sum, it) => sum + it.amount, 0),
  }
}

/** Its own record, or that of the nearest stop before it that has one. */
function lateAt(world: World, runId: number, stop: number): ModelDelay | undefined {
  const upTo = world.delays.filter((it) => it.runId === runId && it.stop <= stop)
  return upTo.find((it) => upTo.every((other) => other.stop <= it.stop))
}

/** Legs that go on from each other, of those that count. */
function journeysOf(
  world: World,
  booking: ModelBooking,
  counts: (leg: ModelBooking) => boolean,
): ModelBooking[][] {
  const journeys: ModelBooking[][] = []
  for (const leg of legsNow(world, booking).filter(counts)) {
    const [first, last] = [journeys.at(-1)?.[0], journeys.at(-1)?.at(-1)]
    const goesOn = first !== undefined && last !== undefined && follows(world, first, last, leg)
    if (goesOn) journeys.at(-1)?.push(leg)
    else journeys.push([leg])
  }
  return journeys
}

function follows(world: World, ...legs: [ModelBooking, ModelBooking, ModelBooking]): boolean {
  const [first, last, next] = legs.map((leg) => asSold(world, leg)) as typeof legs
  const meet = (a: string[], b: string[]) => a.some((place) => b.includes(place))
  const ends = placesOf(world, last, last.toStop)
  const leaves = placesOf(world, next, next.fromStop)
  const home = placesOf(world, first, first.fromStop)
  const wait = waitFor(world, last, next)
  return (
    meet(ends, leaves) &&
    !meet(home, placesOf(world, next, next.toStop)) &&
    wait >= 0 &&
    wait <= day
  )
}

function waitFor(world: World, from: ModelBooking, to: ModelBooking): number {
  const arrives = arrivalAt(world, runOf(world, from), from.toStop)
  return departureAt(world, runOf(world, to), to.fromStop) - arrives
}

/** The booking with its first train, before it was moved, as long as that one is not archived. */
function asSold(world: World, booking: ModelBooking): ModelBooking {
  const first = world.changes.find((change) => change.bookingId === booking.id)
  const isThere = world.runs.some(({ id }) => id === first?.runId)
  if (first === undefined || !isThere) return booking
  const { runId, fromStop, toStop } = first
  return { ...booking, runId, fromStop, toStop }
}

/** Where the stop is: the station, and the group that it belongs to. */
function placesOf(world: World, booking: ModelBooking, stop: number): string[] {
  const { code, group } = stationOf(world, booking, stop)
  return group === '' ? [`station ${code}`] : [`station ${code}`, `group ${group}`]
}

function stationOf(world: World, booking: ModelBooking, stop: number) {
  const code = trainOf(world, runOf(world, booking)).stops[stop]?.stationCode ?? ''
  const input = world.stations.find((it) => it.importId === 0 && it.input.code === code)?.input
  const change = (input?.changeSeconds ?? 300) * 1_000
  return { code, group: input?.groupCode ?? '', change }
}

/** When one could be on the next train, were this one on time. */
function readyAt(world: World, from: ModelBooking, to: ModelBooking): number {
  const [here, there] = [stationOf(world, from, from.toStop), stationOf(world, to, to.fromStop)]
  const needs =
    here.code === there.code ? here.change : Math.max(here.change, there.change) + 30 * minute
  return arrivalAt(world, runOf(world, from), from.toStop) + needs
}

function leavesAt(world: World, next: ModelBooking): number {
  const late = lateAt(world, next.runId, next.fromStop)?.lateMinutes ?? 0
  return departureAt(world, runOf(world, next), next.fromStop) + late * minute
}
