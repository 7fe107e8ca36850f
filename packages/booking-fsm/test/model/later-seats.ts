import type {
  Entry,
  HoldSeats,
  Reply,
  SetOverbookingRule,
  SetSeatPromiseRule,
} from '../../src/index.ts'
import { needStaff } from './caller.ts'
import { stillThere } from './cancel-commands.ts'
import { refuse } from './refuse.ts'
import { ruleInForce } from './rule-commands.ts'
import {
  chooseSeats,
  isFree,
  isPlace,
  type ModelSeat,
  placesAreClosed,
  residual,
  seatsOf,
} from './seat-choice.ts'
import {
  checkBoolean,
  checkInt,
  checkLength,
  checkPattern,
  checkText,
  classPattern,
  maxInstant,
} from './shapes.ts'
import { isHalfFree } from './shared-berths.ts'
import { byAndBy, nextOffer } from './waiting-offers.ts'
import {
  departureAt,
  isLive,
  type ModelBooking,
  type ModelRun,
  trainOf,
  type World,
} from './world.ts'

/** Seats that are given later: a passenger without one has -1, and counts on every segment of the way. */

export function setSeatPromiseRule(world: World, entry: Entry, command: SetSeatPromiseRule): Reply {
  checkInt(command.validFromMs, 0, maxInstant, 'validFromMs')
  checkInt(command.chartBeforeDepartureMs, 0, 100_000_000_000, 'chartBeforeDepartureMs')
  const { lines } = command
  checkLength(lines, 0, 64, 'lines')
  lines.forEach((line, i) => {
    const at = `lines[${i}]`
    if (typeof line !== 'object' || line === null) refuse('invalidField', { field: at })
    checkText(line.trainNumber, 0, 32, `${at}.trainNumber`)
    checkPattern(line.classCode, classPattern, `${at}.classCode`)
    const known = lines
      .slice(0, i)
      .some((it) => it.trainNumber === line.trainNumber && it.classCode === line.classCode)
    if (known) refuse('invalidField', { field: `${at}.classCode` })
    checkBoolean(line.promised, `${at}.promised`)
  })
  needStaff(world, entry)
  world.promiseRules.push(structuredClone(command))
  byAndBy(
    world,
    world.runs.map(({ id }) => id),
  )
  return { type: 'done' }
}

/** The rule that says so, while the chart is open. */
export function laterRule(
  world: World,
  run: ModelRun,
  classCode: string,
  now = world.now,
): SetSeatPromiseRule | undefined {
  const rule = ruleInForce(world.promiseRules, now)
  const { number } = trainOf(world, run)
  const about = (train: string) =>
    rule?.lines.find((line) => line.trainNumber === train && line.classCode === classCode)
  const line = about(number) ?? about('')
  if (rule === undefined || line === undefined || line.promised) return undefined
  const chart = world.charts.find((it) => it.runId === run.id)
  const open = chart === undefined ? chartInstant(world, run, rule) > now : !chart.closed
  return open ? rule : undefined
}

export function setOverbookingRule(world: World, entry: Entry, command: SetOverbookingRule): Reply {
  checkInt(command.validFromMs, 0, maxInstant, 'validFromMs')
  const { lines } = command
  checkLength(lines, 0, 64, 'lines')
  lines.forEach((line, i) => {
    const at = `lines[${i}]`
    if (typeof line !== 'object' || line === null) refuse('invalidField', { field: at })
    checkText(line.trainNumber, 0, 32, `${at}.trainNumber`)
    checkPattern(line.classCode, classPattern, `${at}.classCode`)
    const known = lines
      .slice(0, i)
      .some((it) => it.trainNumber === line.trainNumber && it.classCode === line.classCode)
    if (known) refuse('invalidField', { field: `${at}.classCode` })
    checkInt(line.basisPoints, 0, 10_000, `${at}.basisPoints`)
  })
  needStaff(world, entry)
  world.overbookingRules.push(structuredClone(command))
  byAndBy(
    world,
    world.runs.map(({ id }) => id),
  )
  return { type: 'done' }
}

/** Places that may be promised beyond the seats, while seats are given later. */
export function beyondSeats(
  world: World,
  run: ModelRun,
  classCode: string,
  now = world.now,
): number {
  if (laterRule(world, run, classCode, now) === undefined) return 0
  const lines = ruleInForce(world.overbookingRules, now)?.lines ?? []
  const { number } = trainOf(world, run)
  const about = (train: string) =>
    lines.find((line) => line.trainNumber === train && line.classCode === classCode)
  const { basisPoints = 0 } = about(number) ?? about('') ?? {}
  return Math.floor((seatsIn(world, run, classCode).length * basisPoints) / 10_000)
}

function chartInstant(world: World, run: ModelRun, rule: SetSeatPromiseRule): number {
  return Math.max(0, departureAt(world, run, 0) - rule.chartBeforeDepartureMs)
}

export function isLater(booking: ModelBooking): boolean {
  if (!isLive(booking)) return false
  const there = stillThere(booking)
  return there.length > 0 && there.every((at) => booking.passengers[at]?.seat === -1)
}

/** How many sit nowhere yet on a segment. */
export function seatless(world: World, run: ModelRun, classCode: string, at: number): number {
  return world.bookings
    .filter((b) => b.runId === run.id && b.fromStop <= at && at < b.toStop)
    .filter((b) => b.classCode === classCode && isLater(b))
    .reduce((sum, b) => sum + stillThere(b).length, 0)
}

function seatsIn(world: World, run: ModelRun, classCode: string): ModelSeat[] {
  return seatsOf(trainOf(world, run)).filter((seat) => seat.classCode === classCode)
}

export function lastStop(world: World, run: ModelRun): number {
  return trainOf(world, run).stops.length - 1
}

/** The seats that are free from a segment to the end. */
export function openAt(world: World, run: ModelRun, classCode: string, at: number): number[] {
  return seatsIn(world, run, classCode)
    .filter((s) => !isPlace(s) && isFree(world, run, s.seat, at, lastStop(world, run)))
    .map((s) => s.seat)
}

export function stretch(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i)
}

function placesLeft(
  world: World,
  run: ModelRun,
  classCode: string,
  from: number,
  to: number,
  now = world.now,
) {
  const extra = beyondSeats(world, run, classCode, now)
  const left = stretch(from, to).map(
    (at) => openAt(world, run, classCode, at).length + extra - seatless(world, run, classCode, at),
  )
  return Math.max(0, Math.min(...left))
}

/** How many seats may be taken so that everybody without one still finds one; undefined: nobody is without. */
function spare(world: World, run: ModelRun, classCode: string, to: number): number | undefined {
  const all = stretch(0, lastStop(world, run))
  if (all.every((at) => seatless(world, run, classCode, at) === 0)) return undefined
  const size = seatsIn(world, run, classCode).length
  const left = stretch(0, to)
    .filter((at) => seatless(world, run, classCode, at) > 0)
    .map((at) => openAt(world, run, classCode, at).length - seatless(world, run, classCode, at))
  return Math.max(0, Math.min(size, ...left))
}

/** Whether everybody still finds a seat when these are gone up to a stop. */
export function leavesEnough(
  world: World,
  run: ModelRun,
  seats: readonly number[],
  to: number,
): boolean {
  const classes = new Set(trainOf(world, run).coaches.map(({ classCode }) => classCode))
  return [...classes].every((classCode) =>
    stretch(0, to).every((at) => {
      const open = openAt(world, run, classCode, at)
      const left = open.filter((seat) => !seats.includes(seat)).length
      return left === open.length || left >= seatless(world, run, classCode, at)
    }),
  )
}

/** Free seats that nobody who is seated later can have, the best first. */
function gaps(
  world: World,
  run: ModelRun,
  classCode: string,
  from: number,
  to: number,
  now: number,
): number[] {
  const closed = placesAreClosed(world, run, now)
  const last = lastStop(world, run)
  return seatsIn(world, run, classCode)
    .filter((s) => isFree(world, run, s.seat, from, to))
    .filter((s) => (isPlace(s) ? !closed : !isFree(world, run, s.seat, from, last)))
    .map((s) => ({ seat: s.seat, gap: residual(world, run, s.seat, from, to) }))
    .sort((a, b) => a.gap - b.gap || a.seat - b.seat)
    .map(({ seat }) => seat)
}

/** Where a party goes; undefined: as in any class. */
export function laterSeats(
  world: World,
  run: ModelRun,
  command: HoldSeats,
): readonly number[] | undefined {
  const { fromStop, toStop, classCode, passengers, preferences } = command
  const places = preferences?.wheelchairPlaces ?? 0
  const later = places === 0 && laterRule(world, run, classCode) !== undefined
  const wanted = passengers.length
  const inGaps = (otherwise: number) => {
    const found = gaps(world, run, classCode, fromStop, toStop, world.now)
    if (found.length < wanted) {
      refuse('notEnoughSeats', { figure: Math.max(found.length, otherwise) })
    }
    return found.slice(0, wanted).sort((a, b) => a - b)
  }
  const isBound = (preferences?.required ?? []).length > 0
  if (later) {
    if (isBound) refuse('seatGivenLater', { field: 'preferences.required' })
    const left = placesLeft(world, run, classCode, fromStop, toStop)
    return left >= wanted ? passengers.map(() => -1) : inGaps(left)
  }
  const left = spare(world, run, classCode, toStop)
  if (left === undefined) return undefined
  const choice = chooseSeats(world, run, fromStop, toStop, classCode, wanted, preferences)
  if (wanted <= left + places && 'seats' in choice) return choice.seats
  const figure = Math.min('free' in choice ? choice.free : wanted, left + places)
  if (places > 0 || isBound) refuse('notEnoughSeats', { figure })
  return inGaps(figure)
}

/** For how many there is room; undefined: as in any class. */
export function laterRoom(
  world: World,
  run: ModelRun,
  classCode: string,
  from: number,
  to: number,
  now: number,
  freeSeats: number,
): number | undefined {
  const found = () => gaps(world, run, classCode, from, to, now).length
  if (laterRule(world, run, classCode, now) !== undefined) {
    return Math.max(found(), placesLeft(world, run, classCode, from, to, now))
  }
  const left = spare(world, run, classCode, to)
  return left === undefined ? undefined : Math.max(found(), Math.min(left, freeSeats))
}

/** Chosen seats, after they were seen to be free. */
export function needEnough(world: World, run: ModelRun, command: HoldSeats): void {
  const { seats, toStop, classCode } = command
  if (leavesEnough(world, run, seats, toStop)) return
  refuse('notEnoughSeats', { figure: spare(world, run, classCode, toStop) ?? 0 })
}

/** The same seats are free, or there are places again. */
export function isThereAgain(world: World, run: ModelRun, leg: ModelBooking): boolean {
  const { classCode, fromStop, toStop, passengers } = leg
  if (passengers.some(({ half }) => half !== undefined)) {
    return passengers.every(({ seat, half = 0 }) =>
      isHalfFree(world, run, { seat, half }, fromStop, toStop),
    )
  }
  const seats = passengers.map(({ seat }) => seat)
  if (seats.includes(-1)) {
    return placesLeft(world, run, classCode, fromStop, toStop) >= seats.length
  }
  const free = seats.every((seat) => isFree(world, run, seat, fromStop, toStop))
  return free && leavesEnough(world, run, seats, toStop)
}

/** Its chart closes with the first who has no seat. */
export function noteLater(
  world: World,
  booking: ModelBooking,
  preferences: ModelBooking['wish'],
): void {
  const run = world.runs.find((r) => r.id === booking.runId)
  if (run === undefined || booking.status === 'waiting' || !isLater(booking)) return
  const rule = laterRule(world, run, booking.classCode)
  if (rule !== undefined && !world.charts.some((chart) => chart.runId === run.id)) {
    const closesAt = chartInstant(world, run, rule)
    const offerAt = nextOffer(world, run.id)
    world.charts.push({ runId: run.id, closesAt, closed: false, offerAt })
  }
  if (preferences !== undefined) booking.wish = preferences
}
