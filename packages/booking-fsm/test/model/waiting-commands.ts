import type {
  CloseChart,
  Entry,
  FareLineView,
  HoldSeats,
  JoinWaitingList,
  LeaveWaitingList,
  Reply,
  SetWaitingRule,
  WaitingChoice,
  WaitingView,
} from '../../src/index.ts'
import { bestSeats, checkShape, newBooking, partyOf } from './booking-commands.ts'
import { needStaff } from './caller.ts'
import { stillThere } from './cancel-commands.ts'
import { changeOf } from './disruption-basics.ts'
import { giveSeats } from './give-seats.ts'
import { queueEffect } from './money.ts'
import { tell } from './notice-commands.ts'
import { endWaiting, ownBooking } from './own-booking.ts'
import { choosePool, poolsFor, roomInPool, wantTheSame } from './quota-commands.ts'
import { Refused, refuse } from './refuse.ts'
import { ruleInForce } from './rule-commands.ts'
import { seatsOf } from './seat-choice.ts'
import { checkId, checkInt, checkLength, maxInstant, maxSafe } from './shapes.ts'
import { freeHalves, isSharing, sharersOn } from './shared-berths.ts'
import { isDue, nextOffer, takeDue, takeTwoDue } from './waiting-offers.ts'
import {
  departureAt,
  drawOf,
  isCancelled,
  isReseating,
  type ModelBooking,
  type ModelOption,
  type ModelRun,
  trainOf,
  type World,
} from './world.ts'

export function setWaitingRule(world: World, entry: Entry, command: SetWaitingRule): Reply {
  checkInt(command.validFromMs, 0, maxInstant, 'validFromMs')
  checkInt(command.capBasisPoints, 0, 10_000, 'capBasisPoints')
  checkInt(command.chartBeforeDepartureMs, 0, 1e11, 'chartBeforeDepartureMs')
  checkInt(command.promotedHoldMs, 1_000, 86_400_000, 'promotedHoldMs')
  needStaff(world, entry)
  world.waitingRules.push(command)
  return { type: 'done' }
}

export function joinWaitingList(world: World, entry: Entry, command: JoinWaitingList): Reply {
  const { passengers, deadlineMs, alternatives, maxPriceMinor } = command
  const asHold = ({ runId, fromStop, toStop, classCode, pool }: WaitingChoice): HoldSeats => ({
    ...{ type: 'holdSeats', runId, fromStop, toStop, classCode, pool, passengers, seats: [] },
  })
  checkShape(asHold(command))
  checkOnlyPool(command)
  checkInt(deadlineMs, 0, maxInstant, 'deadlineMs')
  checkLength(alternatives, 0, 5, 'alternatives')
  alternatives.forEach((choice, i) => {
    if (typeof choice !== 'object' || choice === null) {
      refuse('invalidField', { field: `alternatives[${i}]` })
    }
    inChoice(i + 1, () => {
      checkShape(asHold(choice))
      checkOnlyPool(choice)
    })
  })
  checkInt(maxPriceMinor, 0, maxSafe, 'maxPriceMinor')
  if (entry.actor === 0) refuse('notAllowed')
  const rule = ruleInForce(world.waitingRules, world.now)
  if (rule === undefined || rule.capBasisPoints === 0) refuse('noWaitingList')
  if (deadlineMs <= world.now) refuse('invalidField', { field: 'deadlineMs' })
  const choices = [command, ...alternatives]
  const options: ModelOption[] = []
  choices.forEach((choice, i) => {
    const { onlyPool: only = false, shared = false } = choice
    const option = inChoice(i, () =>
      optionFor(world, entry, asHold(choice), only, shared, options, rule, maxPriceMinor),
    )
    options.push(option)
  })
  for (const { runId } of options) {
    if (world.charts.some((chart) => chart.runId === runId)) continue
    const closesAt = closing(world, runId, rule)
    world.charts.push({ runId, closesAt, closed: false, offerAt: nextOffer(world, runId) })
  }
  const [first] = options as [ModelOption]
  const booking = newBooking(world, entry, asHold(command), first, [], '')
  booking.status = 'waiting'
  booking.expiresAt = deadlineMs
  booking.waiting = { deadline: deadlineMs, longestHold: rule.promotedHoldMs, options }
  return {
    type: 'waitingListJoined',
    bookingId: booking.id,
    pnr: '',
    priceMinor: priceOf(first),
    reserveMinor: mostOf(booking),
    ahead: ahead(world, booking, first),
  }
}

function inChoice<T>(at: number, act: () => T): T {
  try {
    return act()
  } catch (error) {
    if (!(error instanceof Refused) || at === 0) throw error
    const { field } = error.reply
    if (field.startsWith('passengers')) throw error
    const name = `alternatives[${at - 1}]`
    throw new Refused({ ...error.reply, field: field === '' ? name : `${name}.${field}` })
  }
}

function optionFor(
  world: World,
  entry: Entry,
  hold: HoldSeats,
  onlyPool: boolean,
  shared: boolean,
  earlier: readonly ModelOption[],
  rule: SetWaitingRule,
  maxPriceMinor: number,
): ModelOption {
  const { runId, fromStop, toStop, classCode, pool = '' } = hold
  const { run, lines } = partyOf(world, hold)
  const option: ModelOption = { runId, fromStop, toStop, classCode, lines, pool, onlyPool, shared }
  const [first = option] = earlier
  if (stationAt(world, option, 'fromStop') !== stationAt(world, first, 'fromStop')) {
    refuse('invalidField', { field: 'fromStop' })
  }
  if (stationAt(world, option, 'toStop') !== stationAt(world, first, 'toStop')) {
    refuse('invalidField', { field: 'toStop' })
  }
  if (earlier.some((it) => it.runId === runId && it.classCode === classCode)) {
    refuse('invalidField', { field: 'classCode' })
  }
  const price = priceOf(option)
  if (price > maxPriceMinor) refuse('priceChanged', { figure: price })
  const chart = world.charts.find((it) => it.runId === runId)
  if (chart?.closed || (chart?.closesAt ?? closing(world, runId, rule)) <= world.now) {
    refuse('chartClosed')
  }
  const party = hold.passengers.length
  const types = hold.passengers.map(({ passengerType = '' }) => passengerType)
  if (pool !== '') needPool(world, entry, hold, run)
  if (fits(world, option, entry.actor, types) !== undefined) refuse('seatsAvailable')
  const there = waitingFor(world, runId, classCode)
  const own = there.find((booking) => booking.accountId === entry.actor)
  if (own !== undefined) refuse('alreadyWaiting', { figure: own.id })
  const seats = seatsOf(trainOfRun(world, runId)).filter((seat) => seat.classCode === classCode)
  const cap = Math.floor((seats.length * rule.capBasisPoints) / 10_000)
  const waiting = there.reduce((sum, booking) => sum + booking.passengers.length, 0)
  if (waiting + party > cap) refuse('waitingListFull', { figure: cap })
  return option
}

export function leaveWaitingList(world: World, entry: Entry, command: LeaveWaitingList): Reply {
  checkId(command.bookingId, 'bookingId')
  const booking = ownBooking(world, entry, command.bookingId)
  if (booking.status === 'lapsed') refuse('waitingOver')
  if (booking.status !== 'waiting') refuse('notWaiting')
  endWaiting(world, booking, 'released')
  return { type: 'done' }
}

export function closeChart(world: World, entry: Entry, command: CloseChart): Reply {
  checkId(command.runId, 'runId')
  needStaff(world, entry)
  const run = world.runs.find((r) => r.id === command.runId && r.importId === 0)
  if (run === undefined) refuse('runNotFound')
  if (world.charts.some((chart) => chart.runId === run.id && chart.closed)) refuse('chartClosed')
  closeList(world, run.id)
  return { type: 'done' }
}

/** Everybody who does not want it any more, then everybody who fits, then one list whose time has come. */
export function waitingHousekeeping(world: World): void {
  const over = world.bookings
    .filter((b) => b.status === 'waiting' && (b.waiting?.deadline ?? 0) <= world.now)
    .sort((a, b) => (a.waiting?.deadline ?? 0) - (b.waiting?.deadline ?? 0) || a.id - b.id)
  for (const booking of over.slice(0, 200)) endWaiting(world, booking, 'lapsed')
  takeTwoDue(world)
  promoteAll(world)
  const [due] = world.charts
    .filter((chart) => !chart.closed && chart.closesAt <= world.now)
    .sort((a, b) => a.closesAt - b.closesAt || a.runId - b.runId)
  if (due !== undefined) closeList(world, due.runId)
  giveSeats(world)
  promoteAll(world)
}

/** First come, first served: whoever fits anywhere that would do, whatever has happened. */
export function promoteAll(world: World): void {
  const shared = new Set(world.bookings.filter(isSharing).map(({ runId }) => runId))
  for (const { runId } of world.charts) if (shared.has(runId)) upgradeSharers(world, runId)
  for (const booking of world.bookings.filter((b) => b.status === 'waiting')) {
    const { deadline = 0, options = [] } = booking.waiting ?? {}
    if (deadline <= world.now) continue
    for (const option of options) {
      if (!isOpen(world, option)) continue
      const types = booking.passengers.map(({ type }) => type)
      const seats =
        fits(world, option, booking.accountId, types) ?? sits(world, option, types.length)
      if (seats === undefined) continue
      promote(world, booking, option, seats)
      break
    }
  }
}

function promote(
  world: World,
  booking: ModelBooking,
  option: ModelOption,
  { seats, halves, pool }: Place,
): void {
  const { runId, fromStop, toStop, classCode } = option
  Object.assign(booking, { runId, fromStop, toStop, classCode, pool, price: priceOf(option) })
  booking.passengers.forEach((passenger, i) => {
    passenger.seat = seats[i] ?? -1
    passenger.half = halves?.[i]
    passenger.lines = option.lines[i] ?? []
    passenger.price = total(passenger.lines)
  })
  const kind = halves === undefined ? 'promoted' : 'berthShared'
  const payment = world.payments.find(
    (p) => p.bookingId === booking.id && ['authorising', 'authorised'].includes(p.status),
  )
  if (payment !== undefined) payment.amount = booking.price
  if (payment?.status === 'authorised') {
    booking.status = 'confirmed'
    booking.confirmedAt = world.now
    queueEffect(world, payment, 'capture', booking.price)
    tell(world, booking.accountId, booking.id, kind)
    return
  }
  const run = world.runs.find((r) => r.id === runId)
  const ahead = run === undefined ? 0 : departureAt(world, run, fromStop) - world.now
  const life = Math.min(booking.waiting?.longestHold ?? 0, Math.max(60_000, Math.floor(ahead / 8)))
  const window = world.cluster?.paymentWindowMs ?? 0
  booking.status = payment === undefined ? 'held' : 'paying'
  booking.extended = true
  booking.prolonged = payment !== undefined
  booking.expiresAt = world.now + (payment === undefined ? life : Math.max(life, window))
  const data = payment === undefined ? { expiresAtMs: booking.expiresAt } : {}
  tell(world, booking.accountId, booking.id, kind, data)
}

export function closeList(world: World, runId: number): void {
  takeDue(world, runId)
  promoteAll(world)
  const chart = world.charts.find((it) => it.runId === runId)
  if (chart !== undefined) chart.closed = true
  else world.charts.push({ runId, closesAt: world.now, closed: true, offerAt: 0 })
  for (const booking of sharersOn(world, runId)) {
    if (booking.status !== 'confirmed') continue
    tell(world, booking.accountId, booking.id, 'berthStaysShared')
  }
  for (const booking of world.bookings.filter((b) => b.status === 'waiting')) {
    const { options = [] } = booking.waiting ?? {}
    const closed = (it: ModelOption) => world.charts.some((c) => c.runId === it.runId && c.closed)
    if (options.every(closed)) endWaiting(world, booking, 'lapsed')
  }
}

function isOpen(
  world: World,
  { runId, fromStop }: Pick<ModelOption, 'runId' | 'fromStop'>,
): boolean {
  const run = world.runs.find((r) => r.id === runId)
  if (run === undefined || departureAt(world, run, fromStop) <= world.now) return false
  if (isCancelled(world, run) || drawOf(world, runId) !== undefined) return false
  if (isReseating(world, runId)) return false
  if (isDue(world, runId)) return false
  return world.charts.some((chart) => chart.runId === runId && !chart.closed)
}

interface Place {
  readonly seats: readonly number[]
  /** Of berths that are shared. */
  readonly halves: readonly number[] | undefined
  readonly pool: string
}

/** Seats for everybody, in a pool that will do; undefined when there are not enough. */
function fits(
  world: World,
  option: ModelOption,
  accountId: number,
  types: readonly string[],
): Place | undefined {
  const run = world.runs.find((r) => r.id === option.runId)
  if (run === undefined) return undefined
  const passengers = types.map(() => ({ name: 'P' }))
  const pool = poolsFor(world, option, accountId, types).find(
    (it) => roomInPool(world, option, it) >= types.length,
  )
  if (pool === undefined) return undefined
  try {
    const { runId, fromStop, toStop, classCode } = option
    const hold: HoldSeats = {
      ...{ type: 'holdSeats', runId, fromStop, toStop, classCode, passengers, seats: [] },
    }
    return { seats: bestSeats(world, run, hold), halves: undefined, pool }
  } catch (error) {
    if (error instanceof Refused) return undefined
    throw error
  }
}

/** Halves of berths, when they would do. */
function sits(world: World, option: ModelOption, party: number): Place | undefined {
  const run = world.runs.find((r) => r.id === option.runId)
  if (run === undefined || !option.shared) return undefined
  const seats = seatsOf(trainOf(world, run))
  const isOfClass = (seat: number) => seats[seat]?.classCode === option.classCode
  const found = freeHalves(world, run, isOfClass, option, party)
  return (
    found && {
      seats: found.map(({ seat }) => seat),
      halves: found.map(({ half }) => half),
      pool: '',
    }
  )
}

/** Whoever shares a berth and fits has a whole one, the first who joined first. */
function upgradeSharers(world: World, runId: number): void {
  for (const booking of sharersOn(world, runId)) {
    if (!isOpen(world, booking)) continue
    const there = stillThere(booking)
    const option = { ...booking, lines: [], pool: '', onlyPool: false, shared: false }
    const types = there.map(() => '')
    const place = fits(world, option, booking.accountId, types)
    if (place === undefined) continue
    world.changes.push(changeOf(world, booking, 'berthGiven', 'other'))
    booking.offer = undefined
    there.forEach((position, i) => {
      Object.assign(booking.passengers[position] ?? {}, { seat: place.seats[i], half: undefined })
    })
    for (const ticket of world.tickets) {
      if (ticket.bookingId === booking.id && ticket.voidedAt === 0) ticket.voidedAt = world.now
    }
    tell(world, booking.accountId, booking.id, 'berthGiven')
  }
}

function checkOnlyPool({ pool = '', onlyPool = false, shared = false }: WaitingChoice): void {
  if (typeof onlyPool !== 'boolean' || (onlyPool && pool === '')) {
    refuse('invalidField', { field: 'onlyPool' })
  }
  if (typeof shared !== 'boolean' || (shared && onlyPool)) {
    refuse('invalidField', { field: 'shared' })
  }
}

/** What holding with it would say of the pool itself. */
function needPool(world: World, entry: Entry, hold: HoldSeats, run: ModelRun): void {
  try {
    choosePool(world, entry, hold, run)
  } catch (error) {
    if (!(error instanceof Refused) || error.reply.code !== 'quotaExhausted') throw error
  }
}

function closing(world: World, runId: number, rule: SetWaitingRule): number {
  const run = world.runs.find((r) => r.id === runId)
  const departure = run === undefined ? 0 : departureAt(world, run, 0)
  return Math.max(0, departure - rule.chartBeforeDepartureMs)
}

/** Whoever waits for seats of the class, there and while the list is open. */
function waitingFor(world: World, runId: number, classCode: string): ModelBooking[] {
  return world.bookings.filter(
    (b) =>
      b.status === 'waiting' &&
      b.waiting?.options.some((it) => it.runId === runId && it.classCode === classCode),
  )
}

function trainOfRun(world: World, runId: number) {
  const run = world.runs.find((r) => r.id === runId)
  if (run === undefined) throw new Error(`no run ${runId}`)
  return trainOf(world, run)
}

function stationAt(world: World, option: ModelOption, end: 'fromStop' | 'toStop'): string {
  return trainOfRun(world, option.runId).stops[option[end]]?.stationCode ?? ''
}

const total = (lines: readonly FareLineView[]) =>
  lines.reduce((sum, line) => sum + line.netMinor + line.taxMinor, 0)

function priceOf({ lines }: ModelOption): number {
  return lines.reduce((sum, of) => sum + total(of), 0)
}

/** What a payment reserves. */
export function mostOf(booking: ModelBooking): number {
  return Math.max(...(booking.waiting?.options ?? []).map(priceOf))
}

function ahead(world: World, booking: ModelBooking, option: ModelOption): number {
  return waitingFor(world, option.runId, option.classCode).filter(
    (other) =>
      other.id < booking.id &&
      other.waiting?.options.some(
        (it) =>
          it.runId === option.runId &&
          it.classCode === option.classCode &&
          it.fromStop < option.toStop &&
          option.fromStop < it.toStop &&
          wantTheSame(world, it, option),
      ),
  ).length
}

export function modelWaiting(world: World, booking: ModelBooking): WaitingView | undefined {
  const { waiting, status } = booking
  if (waiting === undefined || status !== 'waiting') return undefined
  return {
    deadlineMs: waiting.deadline,
    reserveMinor: mostOf(booking),
    options: waiting.options.map((option) => {
      const chart = world.charts.find((it) => it.runId === option.runId)
      const closed = chart?.closed ?? false
      return {
        runId: option.runId,
        fromStop: option.fromStop,
        toStop: option.toStop,
        classCode: option.classCode,
        pool: option.pool,
        onlyPool: option.onlyPool,
        shared: option.shared,
        priceMinor: priceOf(option),
        closesAtMs: chart?.closesAt ?? 0,
        closed,
        ahead: closed ? 0 : ahead(world, booking, option),
      }
    }),
  }
}
