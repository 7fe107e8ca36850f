import type {
  BookingView,
  CancelRun,
  ContinueDisruption,
  DisruptionView,
  Entry,
  HoldSeats,
  Reason,
  RebookFree,
  Reply,
  SetCompensationRule,
  TakeRefund,
} from '../../src/index.ts'
import { bestSeats, checkedSeats } from './booking-commands.ts'
import { needCluster, needStaff, roleOf } from './caller.ts'
import { leave, stillThere, worthOf } from './cancel-commands.ts'
import { continueConsist } from './consist-commands.ts'
import { comeLate, payDelay } from './delay-commands.ts'
import { loseTrain, rulesAt } from './disrupted.ts'
import { changeOf, knownReasons, visibleRun } from './disruption-basics.ts'
import { noteLater } from './later-seats.ts'
import { tell } from './notice-commands.ts'
import { expireWhenDue, noBooking, ownBooking } from './own-booking.ts'
import { choosePool } from './quota-commands.ts'
import { refuse } from './refuse.ts'
import { isPlace, seatsOf } from './seat-choice.ts'
import { checkId, checkInt, checkLength, maxInstant } from './shapes.ts'
import { closeList } from './waiting-commands.ts'
import {
  departureAt,
  drawOf,
  everyBooking,
  isCancelled,
  isReseating,
  legsNow,
  legsOf,
  losesTrain,
  type ModelBooking,
  type ModelDisruption,
  type ModelTicket,
  runOf,
  trainOf,
  type World,
} from './world.ts'

const day = 86_400_000
export function setCompensationRule(
  world: World,
  entry: Entry,
  command: SetCompensationRule,
): Reply {
  const { type: _, ...rule } = command
  checkInt(rule.validFromMs, 0, maxInstant, 'validFromMs')
  checkInt(rule.choiceMs, 0, 31_622_400_000, 'choiceMs')
  checkInt(rule.rebookMs, 0, 31_622_400_000, 'rebookMs')
  checkInt(rule.minimumMinor, 0, 1_000_000_000, 'minimumMinor')
  checkInt(rule.maximumMinor, 0, 1_000_000_000, 'maximumMinor')
  checkLength(rule.bands, 0, 8, 'bands')
  rule.bands.forEach((band, i) => {
    if (typeof band !== 'object' || band === null) refuse('invalidField', { field: `bands[${i}]` })
    const before = rule.bands[i - 1]?.fromMinutes ?? 0
    checkInt(band.fromMinutes, before + 1, 100_000, `bands[${i}].fromMinutes`)
    checkInt(band.basisPoints, 0, 10_000, `bands[${i}].basisPoints`)
  })
  needStaff(world, entry)
  world.compensationRules.push(structuredClone(rule))
  return { type: 'done' }
}

export function cancelRun(
  world: World,
  entry: Entry,
  { runId, reason, fromStop = 0 }: CancelRun,
): Reply {
  checkId(runId, 'runId')
  checkInt(fromStop, 0, 120, 'fromStop')
  if (!knownReasons.includes(reason)) refuse('invalidField', { field: 'reason' })
  needStaff(world, entry)
  const run = visibleRun(world, runId)
  if (isCancelled(world, run)) refuse('runCancelled')
  if (fromStop > trainOf(world, run).stops.length - 2) {
    refuse('invalidField', { field: 'fromStop' })
  }
  if (departureAt(world, run, fromStop) <= world.now) refuse('runDeparted')
  if (world.reseatings.some((it) => it.runId === runId)) refuse('consistChanging')
  return { type: 'disruptionBegun', disruptionId: takeOff(world, runId, reason, fromStop) }
}

export function takeOff(world: World, runId: number, reason: Reason, fromStop: number): number {
  const disruption: ModelDisruption = {
    id: world.disruptions.length + 1,
    kind: 'runCancelled',
    fromStop,
    runId,
    reason,
    begunAt: world.now,
    phase: 'ending',
    cursor: everyBooking(world).length + 1,
    choiceUntil: world.now + (rulesAt(world, world.now)?.choiceMs ?? 3 * day),
    bookings: 0,
    moved: 0,
  }
  const list = world.charts.find((chart) => chart.runId === runId)
  if (list !== undefined && !list.closed) closeList(world, runId)
  world.disruptions.push(disruption)
  return disruption.id
}

export function continueDisruption(
  world: World,
  entry: Entry,
  { disruptionId }: ContinueDisruption,
): Reply {
  checkId(disruptionId, 'disruptionId')
  needCluster(entry)
  const disruption = world.disruptions.find((d) => d.id === disruptionId)
  if (disruption === undefined) refuse('disruptionNotFound')
  const isLate = disruption.kind === 'runDelayed'
  const most = isLate ? 50 : 200
  if (disruption.phase === 'ending') {
    const left = world.bookings
      .filter((b) => b.runId === disruption.runId && b.id < disruption.cursor)
      .sort((a, b) => b.id - a.id)
    for (const booking of left.slice(0, most)) {
      disruption.cursor = booking.id
      if (isLate) {
        comeLate(world, booking, disruption)
        continue
      }
      expireWhenDue(world, booking)
      if (booking.status === 'confirmed' && losesTrain(world, booking))
        loseTrain(world, booking, disruption)
      if (booking.status === 'held' || booking.status === 'paying') {
        for (const leg of legsOf(world, booking)) leg.status = 'released'
      }
    }
    if (left.length <= most) {
      const idle = isLate && openOf(world, disruption).length === 0
      disruption.phase = idle ? 'over' : 'choosing'
    }
    return { type: 'done' }
  }
  if (['listing', 'seating', 'telling'].includes(disruption.phase)) {
    continueConsist(world, disruption)
    return { type: 'done' }
  }
  const isDue = disruption.phase === 'choosing' && disruption.choiceUntil <= world.now
  if (!isDue) refuse('nothingDue')
  const open = openOf(world, disruption)
  for (const hit of open.slice(0, 100)) {
    const booking = world.bookings.find((b) => b.id === hit.bookingId)
    if (booking === undefined) continue
    if (isLate) closeHit(world, booking, 'kept')
    else payAllBack(world, booking)
  }
  if (open.length <= 100) disruption.phase = 'over'
  return { type: 'done' }
}

export function rebookFree(world: World, entry: Entry, command: RebookFree): Reply {
  const { bookingId, runId, fromStop, toStop, seats } = command
  checkId(bookingId, 'bookingId')
  checkId(runId, 'runId')
  checkInt(fromStop, 0, 120, 'fromStop')
  checkInt(toStop, 0, 120, 'toStop')
  checkLength(seats, 0, 6, 'seats')
  seats.forEach((seat, i) => {
    checkInt(seat, 0, 1_999, `seats[${i}]`)
    if (seats.slice(0, i).includes(seat)) refuse('invalidField', { field: `seats[${i}]` })
  })
  const booking = bookingFor(world, entry, bookingId)
  needDisrupted(world, booking)
  const by = choices(world, booking)[0]
  if (by === undefined) refuse('offerExpired')
  const there = stillThere(booking)
  if (seats.length > 0 && seats.length !== there.length) refuse('invalidField', { field: 'seats' })
  const run = visibleRun(world, runId)
  if (isCancelled(world, run)) refuse('runCancelled')
  if (drawOf(world, run.id) !== undefined) refuse('runInDraw')
  if (isReseating(world, run.id)) refuse('consistChanging')
  const train = trainOf(world, run)
  const last = train.stops.length - 1
  if (fromStop >= last) refuse('invalidField', { field: 'fromStop' })
  if (toStop <= fromStop || toStop > last) refuse('invalidField', { field: 'toStop' })
  if (!train.stops[fromStop]?.boarding) refuse('stopNotAllowed', { field: 'fromStop' })
  if (!train.stops[toStop]?.alighting) refuse('stopNotAllowed', { field: 'toStop' })
  if (departureAt(world, run, fromStop) <= world.now) refuse('runDeparted')
  const before = trainOf(world, runOf(world, booking))
  const ends = world.disruptions.find(
    (d) => d.runId === booking.runId && d.kind === 'runCancelled',
  )?.fromStop
  const onTheWay = booking.status === 'disrupted' && ends !== undefined && ends > booking.fromStop
  const lostAt = [booking.fromStop, ...(onTheWay ? [ends] : [])].find(
    (stop) => before.stops[stop]?.stationCode === train.stops[fromStop]?.stationCode,
  )
  const same = before.stops[booking.toStop]?.stationCode === train.stops[toStop]?.stationCode
  if (lostAt === undefined || !same) refuse('otherStations')
  const lost = departureAt(world, runOf(world, booking), lostAt)
  const most = rulesAt(world, by.begunAt)?.rebookMs ?? 7 * day
  if (Math.abs(departureAt(world, run, fromStop) - lost) > most) refuse('tooFarApart')
  const meets = legsNow(world, booking).some(
    (leg) =>
      leg.status === 'confirmed' &&
      leg.runId === runId &&
      leg.fromStop < toStop &&
      fromStop < leg.toStop,
  )
  if (meets) refuse('invalidField', { field: 'runId' })
  const { classCode } = booking
  if (!train.coaches.some((coach) => coach.classCode === classCode)) {
    refuse('classNotFound', { field: 'classCode' })
  }
  const seatsBefore = seatsOf(before)
  const lastChange = world.changes.findLast((change) => change.bookingId === bookingId)
  const needy = there.filter((position) =>
    booking.status === 'disrupted' && lastChange !== undefined
      ? lastChange.had[position]?.includes('wheelchair')
      : seatsBefore.some((it) => it.seat === booking.passengers[position]?.seat && isPlace(it)),
  )
  const others = there.filter((position) => !needy.includes(position))
  const hold: HoldSeats = {
    type: 'holdSeats',
    runId,
    fromStop,
    toStop,
    classCode,
    seats,
    passengers: there.map(() => ({ name: '' })),
    preferences: { required: [], wished: [], apart: false, wheelchairPlaces: needy.length },
  }
  const found = seats.length > 0 ? checkedSeats(world, run, hold) : bestSeats(world, run, hold)
  choosePool(world, { ...entry, actor: booking.accountId }, hold, run)
  const takers = seats.length > 0 ? there : [...needy, ...others]
  const chosen = there.map((position) => found[takers.indexOf(position)] ?? -1)
  world.changes.push(changeOf(world, booking, 'rebooked', by.reason))
  closeHit(world, booking, 'rebooked')
  // They say another train.
  for (const ticket of world.tickets.filter((t) => t.bookingId === bookingId)) {
    if (ticket.voidedAt === 0) ticket.voidedAt = world.now
  }
  booking.runId = runId
  booking.pool = ''
  if (booking.product !== undefined) booking.product = { ...booking.product, counts: false }
  booking.fromStop = fromStop
  booking.toStop = toStop
  booking.status = 'confirmed'
  there.forEach((position, i) => {
    const passenger = booking.passengers[position]
    if (passenger !== undefined)
      Object.assign(passenger, { seat: chosen[i] ?? -1, half: undefined })
  })
  noteLater(world, booking, undefined)
  tell(world, booking.accountId, booking.id, 'exchanged', { runId })
  return { type: 'rebooked', runId, seats: chosen }
}

export function takeRefund(world: World, entry: Entry, { bookingId }: TakeRefund): Reply {
  checkId(bookingId, 'bookingId')
  const booking = bookingFor(world, entry, bookingId)
  needDisrupted(world, booking)
  const refundMinor = payAllBack(world, booking)
  for (const leg of legsNow(world, booking)) payDelay(world, leg)
  return { type: 'bookingCancelled', refundMinor }
}

/** The fare was never paid: nobody chooses any more. */
export function closeHit(
  world: World,
  booking: ModelBooking,
  outcome: 'rebooked' | 'refunded' | 'unpaid' | 'kept',
): void {
  for (const hit of world.hits) {
    if (hit.bookingId === booking.id && hit.outcome === 'open') hit.outcome = outcome
  }
}

export function modelChanges(world: World, booking: ModelBooking): BookingView['changes'] {
  return world.changes
    .filter((change) => change.bookingId === booking.id)
    .map(({ bookingId: _, had: __, backs, ...view }) => ({
      ...view,
      backMinor: backs.reduce((sum, back) => sum + back, 0),
    }))
}

export function modelChoice(world: World, booking: ModelBooking): BookingView['disruption'] {
  const isLost = booking.status === 'disrupted'
  if (!isLost && booking.status !== 'confirmed') return undefined
  const [choice] = choices(world, booking)
  const own = world.hits.findLast((hit) => hit.bookingId === booking.id)
  const by =
    choice ?? (isLost ? world.disruptions.find((d) => d.id === own?.disruptionId) : undefined)
  if (by === undefined) return undefined
  const gone = !isLost && isGone(world, booking)
  return {
    disruptionId: by.id,
    reason: by.reason,
    choiceUntilMs: by.choiceUntil,
    mayRebook: choice !== undefined && !gone,
    mayTakeRefund: !gone,
  }
}

/** The hits of a disruption that nobody has chosen for. */
export function openOf(world: World, disruption: ModelDisruption): World['hits'] {
  return world.hits
    .filter((hit) => hit.disruptionId === disruption.id && hit.outcome === 'open')
    .sort((a, b) => a.bookingId - b.bookingId)
}

/** As staff see them, the latest first. */
export function modelDisruptions(world: World): DisruptionView[] {
  return world.disruptions
    .map((it) => {
      const parties = world.reseatings.find((of) => of.disruptionId === it.id)?.parties ?? []
      return {
        disruptionId: it.id,
        kind: it.kind,
        runId: it.runId,
        reason: it.reason,
        begunAtMs: it.begunAt,
        phase: it.phase,
        choiceUntilMs: it.choiceUntil,
        fromStop: it.fromStop,
        bookings: it.bookings,
        open: openOf(world, it).length,
        moved: it.moved,
        listed: parties.length,
        seated: parties.filter(({ status }) => ['seated', 'lost'].includes(status)).length,
      }
    })
    .reverse()
}

function payAllBack(world: World, booking: ModelBooking): number {
  closeHit(world, booking, 'refunded')
  const parts = stillThere(booking).map((position) => ({
    position,
    refund: worthOf(booking, position),
    charge: 0,
    tax: 0,
  }))
  leave(world, booking, parts, false)
  return parts.reduce((sum, part) => sum + part.refund, 0)
}

/** The disruptions of the trip's legs by which the passenger may choose now. */
export function choices(world: World, booking: ModelBooking): ModelDisruption[] {
  return legsNow(world, booking).flatMap((leg) => {
    const hit = world.hits.find((it) => it.bookingId === leg.id)
    if (hit === undefined || ['unpaid', 'kept'].includes(hit.outcome)) return []
    if (leg === booking && hit.outcome !== 'open') return []
    const by = world.disruptions.find((d) => d.id === hit.disruptionId)
    return by !== undefined && by.choiceUntil > world.now ? [by] : []
  })
}

function needDisrupted(world: World, booking: ModelBooking): void {
  if (booking.status === 'disrupted') return
  if (booking.status !== 'confirmed' || choices(world, booking).length === 0) {
    refuse('notDisrupted')
  }
  if (isGone(world, booking)) refuse('runDeparted')
}

/** Its train has left; who may have missed it is not gone, unless somebody saw a ticket of it that was not replaced. */
function isGone(world: World, booking: ModelBooking): boolean {
  const left = departureAt(world, runOf(world, booking), booking.fromStop) <= world.now
  const hit = world.hits.find((it) => it.bookingId === booking.id && it.outcome === 'open')
  const by = world.disruptions.find((d) => d.id === hit?.disruptionId)
  const made = world.tickets.filter((t) => t.bookingId === booking.id)
  const isLast = ({ position, version }: ModelTicket) =>
    !made.some((t) => t.position === position && t.version > version)
  const seen = made.some((t) => isLast(t) && t.scan !== undefined)
  return left && (by?.kind !== 'runDelayed' || seen)
}

/** One's own, or anybody's for staff. */
function bookingFor(world: World, entry: Entry, bookingId: number): ModelBooking {
  const isStaff = ['staff', 'operator', 'cluster'].includes(roleOf(world, entry))
  if (!isStaff) return ownBooking(world, entry, bookingId)
  const booking = world.bookings.find((b) => b.id === bookingId)
  if (booking === undefined) noBooking(world, entry, bookingId, true)
  return booking
}
