import type {
  Entry,
  FareLineView,
  HoldSeats,
  HoldTrip,
  ReleaseHold,
  Reply,
} from '../../src/index.ts'
import { type Journey, linesOf, total } from './fare-lines.ts'
import { laterRule, laterSeats, needEnough, noteLater } from './later-seats.ts'
import { ownBooking } from './own-booking.ts'
import { checkRequired, checkSaid, saidOf } from './passenger-data.ts'
import { chooseProduct } from './product-commands.ts'
import { choosePool } from './quota-commands.ts'
import { Refused, refuse } from './refuse.ts'
import { ruleInForce } from './rule-commands.ts'
import { checkSale, holdLength } from './sales-commands.ts'
import { chooseSeats, isFree, seatsOf } from './seat-choice.ts'
import { checkOffered, checkPreferences } from './seat-rules.ts'
import {
  checkId,
  checkInt,
  checkLength,
  checkPattern,
  checkText,
  classPattern,
  maxSafe,
} from './shapes.ts'
import { checkTypes } from './tariff-commands.ts'
import {
  departureAt,
  drawOf,
  everyBooking,
  isCancelled,
  isReseating,
  legsOf,
  type ModelBooking,
  type ModelRun,
  trainOf,
  type World,
} from './world.ts'

export function checkShape(command: HoldSeats): void {
  const { runId, fromStop, toStop, classCode, passengers, seats } = command
  checkId(runId, 'runId')
  checkInt(fromStop, 0, 120, 'fromStop')
  checkInt(toStop, 0, 120, 'toStop')
  checkPattern(classCode, classPattern, 'classCode')
  checkLength(passengers, 1, 6, 'passengers')
  passengers.forEach((passenger, i) => {
    checkText(passenger.name, 1, 512, `passengers[${i}].name`)
    const type = passenger.passengerType ?? ''
    if (type !== '') checkPattern(type, classPattern, `passengers[${i}].passengerType`)
    if (passenger.passengerType === null) {
      refuse('invalidField', { field: `passengers[${i}].passengerType` })
    }
    checkSaid(passenger, `passengers[${i}]`)
  })
  if (!Array.isArray(seats) || (seats.length > 0 && seats.length !== passengers.length)) {
    refuse('invalidField', { field: 'seats' })
  }
  seats.forEach((seat, i) => {
    checkInt(seat, 0, 1_999, `seats[${i}]`)
    if (seats.slice(0, i).includes(seat)) refuse('invalidField', { field: `seats[${i}]` })
  })
  checkPreferences(command.preferences, passengers.length)
  const { pool = '', product = '' } = command
  if (pool !== '') checkPattern(pool, classPattern, 'pool')
  if (product !== '') checkPattern(product, classPattern, 'product')
  checkPrice(command.expectedPriceMinor)
}

function checkPrice(price: number | undefined): void {
  if (price !== undefined) checkInt(price, 0, maxSafe, 'expectedPriceMinor')
}

/** What was shown, where something was. */
function needPrice(held: readonly ModelBooking[], expected: number | undefined): void {
  const price = held.reduce((sum, leg) => sum + leg.price, 0)
  if (expected !== undefined && expected !== price) refuse('priceChanged', { figure: price })
}

export function holdSeats(world: World, entry: Entry, command: HoldSeats): Reply {
  const charts = [...world.charts]
  const reply = holdOne(world, entry, command)
  const held = world.bookings.slice(-1)
  try {
    checkSale(world, entry, held, [''])
    needPrice(held, command.expectedPriceMinor)
  } catch (error) {
    world.bookings.pop()
    world.charts = charts
    throw error
  }
  return reply
}

export function holdOne(world: World, entry: Entry, command: HoldSeats): Reply {
  checkShape(command)
  if (entry.actor === 0) refuse('notAllowed')
  const isLater =
    command.preferences !== undefined ||
    Boolean(command.pool) ||
    Boolean(command.product) ||
    command.passengers.some((p) => Object.values(saidOf(p)).some(Boolean))
  if (isLater && world.featureLevel < 2) refuse('featureNotActive', { figure: 2 })
  const { run, lines, product } = partyOf(world, command)
  const chosen =
    command.seats.length > 0 ? checkedSeats(world, run, command) : bestSeats(world, run, command)
  const pool = choosePool(world, entry, command, run)
  const booking = newBooking(world, entry, command, { lines }, chosen, pool)
  booking.product = product
  return {
    type: 'seatsHeld',
    bookingId: booking.id,
    pnr: '',
    seats: chosen,
    priceMinor: booking.price,
    expiresAtMs: booking.expiresAt,
  }
}

/** What everybody would pay, if there were seats. */
export function partyOf(
  world: World,
  command: HoldSeats,
): { run: ModelRun; lines: FareLineView[][]; product: ModelBooking['product'] } {
  const { runId, fromStop, toStop, classCode, passengers } = command
  const run = world.runs.find((r) => r.id === runId)
  if (run === undefined) refuse('runNotFound')
  if (run.importId !== 0) refuse('runNotOnSale')
  if (isCancelled(world, run)) refuse('runCancelled')
  const train = trainOf(world, run)
  const last = train.stops.length - 1
  const draw = drawOf(world, runId)
  if (draw !== undefined && draw !== world.drawing) refuse('runInDraw')
  if (isReseating(world, runId)) refuse('consistChanging')
  if (fromStop >= last) refuse('invalidField', { field: 'fromStop' })
  if (toStop <= fromStop || toStop > last) refuse('invalidField', { field: 'toStop' })
  if (!train.stops[fromStop]?.boarding) refuse('stopNotAllowed', { field: 'fromStop' })
  if (!train.stops[toStop]?.alighting) refuse('stopNotAllowed', { field: 'toStop' })
  if (departureAt(world, run, fromStop) <= world.now) refuse('runDeparted')
  if (!train.coaches.some((coach) => coach.classCode === classCode))
    refuse('classNotFound', { field: 'classCode' })
  const rule = ruleInForce(world.fareRules, world.now)
  if (rule === undefined) refuse('noFare')
  const types = passengers.map((passenger) => passenger.passengerType ?? '')
  checkTypes(rule.tariff, types)
  const journey: Journey = { run, fromStop, toStop, classCode, types, now: world.now }
  const product = chooseProduct(world, journey, command.product)
  checkRequired(world, passengers, product)
  const lines = types.map((type) =>
    linesOf(world, train, fromStop, toStop, classCode, type, product?.of),
  )
  if (lines.some((of) => of.length === 0)) refuse('noFare')
  return { run, lines, product }
}

export function newBooking(
  world: World,
  entry: Entry,
  command: HoldSeats,
  { lines }: { lines: FareLineView[][] },
  chosen: readonly number[],
  pool: string,
): ModelBooking {
  const { runId, fromStop, toStop, classCode, passengers } = command
  const booking: ModelBooking = {
    id: everyBooking(world).length + 1,
    accountId: entry.actor,
    status: 'held',
    runId,
    fromStop,
    toStop,
    classCode,
    pool,
    wish: undefined,
    product: undefined,
    passengers: passengers.map((passenger, i) => ({
      name: passenger.name,
      said: saidOf(passenger),
      seat: chosen[i] ?? -1,
      half: undefined,
      type: passengers[i]?.passengerType ?? '',
      price: total(lines[i] ?? []),
      lines: lines[i] ?? [],
      cancelledAt: 0,
      refund: 0,
      tax: 0,
      compensated: 0,
      compensatedTax: 0,
    })),
    price: lines.reduce((sum, of) => sum + total(of), 0),
    refundRule: ruleInForce(world.refundRules, world.now),
    fareRule: ruleInForce(world.fareRules, world.now),
    delayRule: ruleInForce(world.compensationRules, world.now),
    offer: undefined,
    exchange: undefined,
    trip: 0,
    heldAt: world.now,
    prolonged: false,
    waiting: undefined,
    extended: false,
    expiresAt: world.now + holdLength(world),
    confirmedAt: 0,
    cancelledAt: 0,
    refund: 0,
  }
  world.bookings.push(booking)
  if (chosen.length > 0) noteLater(world, booking, command.preferences)
  return booking
}

export function checkedSeats(world: World, run: ModelRun, command: HoldSeats): readonly number[] {
  const { seats, fromStop, toStop, classCode } = command
  const all = seatsOf(trainOf(world, run))
  seats.forEach((number, i) => {
    const seat = all[number]
    if (seat === undefined) refuse('seatNotFound', { field: `seats[${i}]` })
    if (seat.classCode !== classCode) refuse('seatInOtherClass', { field: `seats[${i}]` })
  })
  if (laterRule(world, run, classCode)) refuse('seatGivenLater', { field: 'seats' })
  const taken = seats.filter((seat) => !isFree(world, run, seat, fromStop, toStop))
  if (taken.length > 0) refuse('seatTaken', { seats: taken })
  checkOffered(world, run, command)
  needEnough(world, run, command)
  return seats
}

export function bestSeats(world: World, run: ModelRun, command: HoldSeats): readonly number[] {
  const { fromStop, toStop, classCode, passengers } = command
  const places = laterSeats(world, run, command)
  if (places !== undefined) return places
  const choice = chooseSeats(
    world,
    run,
    fromStop,
    toStop,
    classCode,
    passengers.length,
    command.preferences,
  )
  if ('free' in choice) refuse('notEnoughSeats', { figure: choice.free })
  return choice.seats
}

export function needHeld(booking: ModelBooking): void {
  if (booking.status === 'waiting') refuse('onWaitingList')
  if (booking.status === 'lapsed') refuse('waitingOver')
  if (booking.status === 'expired') refuse('holdExpired')
  if (booking.status === 'released') refuse('notHeld')
  if (booking.status === 'cancelled') refuse('alreadyCancelled')
  if (['confirmed', 'disrupted'].includes(booking.status)) refuse('alreadyConfirmed')
  if (booking.status === 'exchanged') refuse('alreadyExchanged')
  if (booking.status === 'paying') refuse('alreadyPaying')
}

export function holdTrip(world: World, entry: Entry, command: HoldTrip): Reply {
  const { legs, passengers } = command
  checkLength(legs, 1, 6, 'legs')
  legs.forEach((leg, i) => {
    if (typeof leg !== 'object' || leg === null) refuse('invalidField', { field: `legs[${i}]` })
    inLeg(i, () => checkShape({ ...leg, type: 'holdSeats', passengers }))
  })
  checkPrice(command.expectedPriceMinor)
  if (entry.actor === 0) refuse('notAllowed')
  legs.forEach((leg, i) => {
    const meets = (other: typeof leg) =>
      other.runId === leg.runId && other.fromStop < leg.toStop && leg.fromStop < other.toStop
    if (legs.slice(0, i).some(meets)) refuse('invalidField', { field: `legs[${i}].runId` })
  })
  const before = world.bookings.length
  const charts = [...world.charts]
  try {
    legs.forEach((leg, i) => {
      inLeg(i, () => holdOne(world, entry, { ...leg, type: 'holdSeats', passengers }))
    })
    const fields = legs.map((_, i) => `legs[${i}]`)
    checkSale(world, entry, world.bookings.slice(before), fields)
    needPrice(world.bookings.slice(before), command.expectedPriceMinor)
  } catch (error) {
    // All or none.
    world.bookings.length = before
    world.charts = charts
    throw error
  }
  const held = world.bookings.slice(before)
  const tripId = held[0]?.id ?? 0
  for (const leg of held) leg.trip = tripId
  return {
    type: 'tripHeld',
    tripId,
    pnr: '',
    legs: held.map((leg) => ({
      bookingId: leg.id,
      seats: leg.passengers.map(({ seat }) => seat),
      priceMinor: leg.price,
    })),
    priceMinor: held.reduce((sum, leg) => sum + leg.price, 0),
    expiresAtMs: held[0]?.expiresAt ?? 0,
  }
}

/** A refusal names the leg, unless all of them are at fault. */
function inLeg(at: number, act: () => unknown): void {
  try {
    act()
  } catch (error) {
    if (!(error instanceof Refused) || error.reply.field.startsWith('passengers')) throw error
    const { field } = error.reply
    const name = field === '' ? `legs[${at}]` : `legs[${at}].${field}`
    throw new Refused({ ...error.reply, field: name })
  }
}

export function releaseHold(world: World, entry: Entry, command: ReleaseHold): Reply {
  checkId(command.bookingId, 'bookingId')
  const booking = ownBooking(world, entry, command.bookingId)
  needHeld(booking)
  for (const leg of legsOf(world, booking)) leg.status = 'released'
  return { type: 'done' }
}
