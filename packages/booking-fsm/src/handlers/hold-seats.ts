import {
  checkLength,
  firstInvalid,
  isClassCode,
  isId,
  isInt,
  isObject,
  isServiceDate,
  isText,
} from '../checks.ts'
import type { HoldSeats, PassengerInput, SeatPreferences } from '../commands.ts'
import { isReseating } from '../consist/run-consist.ts'
import { isInDraw } from '../draws/draw.ts'
import { hasSaid } from '../draws/said.ts'
import { hasDeparted, priceEach, priceOf, ruleAt } from '../fares.ts'
import { isVisible } from '../imports.ts'
import { chooseSeats } from '../inventory/choose.ts'
import { type ClassLayout, classOf, coachOf } from '../inventory/layout.ts'
import { isFree } from '../inventory/occupancy.ts'
import { choosePool } from '../inventory/quotas.ts'
import { residualOf } from '../inventory/residual.ts'
import { arePlacesClosed, choiceLimit } from '../inventory/seat-rule.ts'
import { wishesOf } from '../inventory/wishes.ts'
import { enliven, inventoryOf, keepBooking, resumeClaim, suspendClaim } from '../live.ts'
import { packParty } from '../party.ts'
import { encodePnr, PNR_COUNT } from '../pnr.ts'
import { keepProduct, type SoldAs } from '../products/buckets.ts'
import { askedProduct, cutOf, type Priced } from '../products/choose.ts'
import { detailsSaid, keepDetails, mustSay, type SaidDetails } from '../products/passenger-data.ts'
import { invalid, refuse } from '../refusal.ts'
import type { Refusal, Reply } from '../replies.ts'
import { holdReply } from '../requests.ts'
import { checkSale, holdLengthMs } from '../sales-rules.ts'
import { keepLater } from '../seat-promise/keep.ts'
import { findPlaces, mustBePromised, mustLeaveEnough } from '../seat-promise/places.ts'
import type { BookingState } from '../state.ts'
import { type Work, writeRow } from '../store.ts'
import { type Cut, faresOf, unfitType } from '../tariff.ts'
import {
  type Booking,
  type BookingPool,
  type FareRule,
  none,
  type PassengerFare,
  type Run,
} from '../things.ts'
import { checkPreferences } from './preferences.ts'

/** All or none: one booking for all the passengers, or a refusal. */
export function holdSeats(work: Work, command: HoldSeats): Reply {
  const refusal = checkShape(command)
  if (refusal !== undefined) return refusal
  if (work.actor === 0) return refuse('notAllowed')
  if (work.state.meta.featureLevel < 2 && isLater(command))
    return refuse('featureNotActive', { figure: 2 })
  if (work.state.meta.nextBookingId >= PNR_COUNT) return refuse('tooMany', { figure: PNR_COUNT })
  const plan = planHold(work, command)
  if ('type' in plan) return plan
  const unfit = checkSale(work, [plan], () => '') ?? mustCost([plan], command.expectedPriceMinor)
  return unfit ?? holdReply(work.state, makeBooking(work, plan, true))
}

/** A cluster at the first level does not know of these. */
function isLater({ preferences, pool = '', product = '', passengers }: HoldSeats): boolean {
  const says = passengers.some(hasSaid)
  return preferences !== undefined || pool !== '' || product !== '' || says
}

/** The price is the one that was shown, where one was. */
export function mustCost(
  plans: readonly Plan[],
  expectedPriceMinor: number | undefined,
): Refusal | undefined {
  if (expectedPriceMinor === undefined) return undefined
  const price = plans.reduce((sum, plan) => sum + priceOf(plan), 0)
  return price === expectedPriceMinor ? undefined : refuse('priceChanged', { figure: price })
}

/** What a booking will be, when nothing speaks against it. */
export type Plan = Pick<
  Booking,
  | 'run'
  | 'fromStop'
  | 'toStop'
  | 'classCode'
  | 'seats'
  | 'passengers'
  | 'namesJson'
  | 'priceEachMinor'
  | 'fareRuleId'
> & {
  /** The quota's pool; '': what is general. */
  readonly pool: string
  /** They count again for who gets the seats later. */
  readonly preferences: SeatPreferences | undefined
  /** Undefined: the full fare. */
  readonly product: SoldAs | undefined
  readonly details: readonly SaidDetails[]
}

/** The part of the work that planning looks at. */
export type Asking = Pick<Work, 'state' | 'actor'>
/** How `planHold` is asked by others than the passenger who holds. */
export interface PlanOptions {
  /** Whose the booking will be; absent: the actor's. */
  readonly accountId?: number
  /** Live bookings whose seats count as free, because they go when this one comes. */
  readonly ignoring?: readonly Booking[]
}

/**
 * Whether it fits now, where, and at what price: the one answer for holding, waiting lists, exchange and
 * re-seating. Changes nothing. The shape must have been checked.
 */
export function planHold(
  work: Asking,
  command: HoldSeats,
  options: PlanOptions = {},
): Plan | Refusal {
  const { accountId, ignoring = none } = options
  const asking = accountId === undefined ? work : { state: work.state, actor: accountId }
  if (ignoring.length === 0) return plan(asking, command)
  for (const booking of ignoring) suspendClaim(work.state, booking)
  const planned = plan(asking, command)
  for (const booking of ignoring) resumeClaim(work.state, booking)
  return planned
}

function plan(work: Asking, command: HoldSeats): Plan | Refusal {
  const priced = planPrice(work, command)
  if ('type' in priced) return priced
  const places = planSeats(work, command)
  if ('type' in places) return places
  // Field by field: a hold's hot path.
  return {
    run: priced.run,
    fromStop: priced.fromStop,
    toStop: priced.toStop,
    classCode: priced.classCode,
    seats: places.seats,
    pool: places.pool,
    preferences: places.preferences,
    passengers: priced.passengers,
    namesJson: priced.namesJson,
    priceEachMinor: priced.priceEachMinor,
    fareRuleId: priced.fareRuleId,
    product: priced.product,
    details: priced.details,
  }
}

/** Where somebody sits, and out of which pool; '': what is general. */
export type Places = Pick<Plan, 'seats' | 'pool' | 'preferences'>

/** Where it fits now for the actor, whatever it costs; the journey must be one of the run. */
export function planSeats({ state, actor }: Asking, command: HoldSeats): Places | Refusal {
  const run = state.runs.get(command.runId)
  const ofClass = run && classOf(run.layout, command.classCode)
  if (run === undefined || ofClass === undefined) return refuse('classNotFound')
  const seats = findSeats(state, run, ofClass, command)
  if ('type' in seats) return seats
  const pool = choosePool(state, run, ofClass, command, actor)
  return typeof pool === 'string' ? { seats, pool, preferences: command.preferences } : pool
}

/** What it is and what it costs, though there may be no seats. */
export function planPrice(
  { state }: Asking,
  command: HoldSeats,
): Omit<Plan, keyof Places> | Refusal {
  const { fromStop, toStop, classCode } = command
  const run = state.runs.get(command.runId)
  if (run === undefined) return refuse('runNotFound')
  const unfit = checkJourney(state, run, command)
  if (unfit !== undefined) return unfit
  if (classOf(run.layout, classCode) === undefined) {
    return refuse('classNotFound', { field: 'classCode' })
  }
  const rule = ruleAt(state.fareRulesByTime, state.meta.nowMs)
  if (rule === undefined) return refuse('noFare')
  const price = priceParty(state, rule, run, command)
  if ('type' in price) return price
  const names = command.passengers.map(({ name }) => name)
  return {
    run,
    fromStop,
    toStop,
    classCode,
    passengers: names.length,
    namesJson: packParty(names, price.fares),
    priceEachMinor: price.priceEachMinor,
    fareRuleId: rule.ruleId,
    product: price.product,
    details: detailsSaid(command.passengers),
  }
}

/** `answers`: the booking answers for the entry's request. It is the actor's where no account is named. `lasts`: where it is no hold of the usual length. */
export function makeBooking(
  work: Work,
  plan: Plan,
  answers: boolean,
  accountId = work.actor,
  lasts?: { readonly status: 'held' | 'waiting'; readonly untilMs: number },
): Booking {
  const { state } = work
  const { meta } = state
  const bookingId = meta.nextBookingId++
  const expiresAtMs = lasts?.untilMs ?? meta.nowMs + holdLengthMs(state)
  const booking: Booking = {
    hashLow: 0,
    hashHigh: 0,
    queueAt: -1,
    bookingId,
    accountId,
    run: plan.run,
    fromStop: plan.fromStop,
    toStop: plan.toStop,
    classCode: plan.classCode,
    seats: plan.seats,
    passengers: plan.passengers,
    namesJson: plan.namesJson,
    priceEachMinor: plan.priceEachMinor,
    pnr: encodePnr(meta.pnrKey, bookingId),
    status: lasts?.status ?? 'held',
    heldAtMs: meta.nowMs,
    heldUntilMs: expiresAtMs,
    expiresAtMs,
    extended: false,
    confirmedAtMs: 0,
    cancelledAtMs: 0,
    refundMinor: 0,
    fareRuleId: plan.fareRuleId,
    refundRuleId: ruleAt(state.refundRulesByTime, meta.nowMs)?.ruleId ?? 0,
    requestKey: answers ? work.requestKey : '',
    contentHash: answers ? work.contentHash : '',
    heldAtIndex: work.index,
    payments: none,
    cancelled: none,
    offer: undefined,
    trip: undefined,
  }
  keepBooking(state, booking)
  if (plan.pool !== '') keepPool(work, booking, plan.pool)
  keepDetails(work, booking, plan.details)
  if (plan.product !== undefined) keepProduct(work, booking, plan.product)
  enliven(state, booking)
  keepLater(work, booking, plan.preferences)
  writeRow(work, 'bookings', booking)
  return booking
}

export function keepPool(work: Work, { bookingId }: Booking, pool: string): void {
  const claim: BookingPool = { hashLow: 0, hashHigh: 0, bookingId, pool }
  work.state.bookingPools.set(bookingId, claim)
  writeRow(work, 'booking_pools', claim)
}

interface PartyPrice {
  /** 0 when the fares are set. */
  readonly priceEachMinor: number
  readonly fares: readonly PassengerFare[] | undefined
  readonly product: SoldAs | undefined
}

/** One price for all, or by a tariff each their own. */
function priceParty(
  state: BookingState,
  rule: FareRule,
  run: Run,
  command: HoldSeats,
): PartyPrice | Refusal {
  const { fromStop, toStop, classCode, passengers } = command
  const types = passengers.map(({ passengerType = '' }) => passengerType)
  const unfit = unfitType(rule.tariff, types)
  if (unfit !== undefined) {
    return refuse(unfit.code, { field: `passengers[${unfit.position}].passengerType` })
  }
  let product: SoldAs | undefined
  let cut: Cut | undefined
  if ((command.product ?? '') !== '') {
    const of: Priced = { rule, run, fromStop, toStop, classCode, types, nowMs: state.meta.nowMs }
    const asked = askedProduct(state, of, command)
    if (asked !== undefined && 'type' in asked) return asked
    product = asked
    cut = asked && cutOf(asked.product, of)
  }
  const unsaid = mustSay(state, passengers, product)
  if (unsaid !== undefined) return unsaid
  if (rule.tariff === undefined) {
    const priceEachMinor = priceEach(rule, run, fromStop, toStop, classCode, cut)
    if (priceEachMinor === undefined) return refuse('noFare')
    return { priceEachMinor, fares: undefined, product }
  }
  const fares = faresOf(rule, run, fromStop, toStop, classCode, types, cut)
  return fares === undefined ? refuse('noFare') : { priceEachMinor: 0, fares, product }
}

export function checkShape(command: HoldSeats): Refusal | undefined {
  const { runId, fromStop, toStop, classCode, passengers, seats } = command
  const refusal =
    firstInvalid([
      [isId(runId), 'runId'],
      [isInt(fromStop, 0, 120), 'fromStop'],
      [isInt(toStop, 0, 120), 'toStop'],
      [isClassCode(classCode), 'classCode'],
    ]) ?? checkLength(passengers, 1, 6, 'passengers')
  if (refusal !== undefined) return refusal
  for (const [i, passenger] of passengers.entries()) {
    if (!isObject(passenger)) return invalid(`passengers[${i}]`)
    const { name, passengerType } = passenger as PassengerInput
    if (!isText(name, 1, 512)) return invalid(`passengers[${i}].name`)
    const full = passengerType === undefined || passengerType === ''
    if (!full && !isClassCode(passengerType)) return invalid(`passengers[${i}].passengerType`)
    const said = checkSaid(passenger as PassengerInput, `passengers[${i}]`)
    if (said !== undefined) return said
  }
  if (!Array.isArray(seats)) return invalid('seats')
  if (seats.length !== 0 && seats.length !== passengers.length) return invalid('seats')
  for (let i = 0; i < seats.length; i++) {
    const again = seats.indexOf(seats[i]) < i
    if (!isInt(seats[i], 0, 1_999) || again) return invalid(`seats[${i}]`)
  }
  const { preferences, pool = '', product = '' } = command
  const preferred = checkPreferences(preferences, passengers.length)
  if (preferred !== undefined) return preferred
  return firstInvalid([
    [pool === '' || isClassCode(pool), 'pool'],
    [product === '' || isClassCode(product), 'product'],
    [isPriceOrNone(command.expectedPriceMinor), 'expectedPriceMinor'],
  ])
}

function checkSaid({ birthDate, document, contact }: PassengerInput, field: string) {
  if (birthDate === undefined && document === undefined && contact === undefined) return undefined
  const born = birthDate === undefined || birthDate === 0 || isServiceDate(birthDate)
  return firstInvalid([
    [born && !Object.is(birthDate, -0), `${field}.birthDate`],
    [document === undefined || isText(document, 0, 64), `${field}.document`],
    [contact === undefined || isText(contact, 0, 254), `${field}.contact`],
  ])
}

export function isPriceOrNone(value: unknown): boolean {
  return value === undefined || isInt(value, 0, Number.MAX_SAFE_INTEGER)
}

export function checkJourney(
  state: BookingState,
  run: Run,
  command: HoldSeats,
): Refusal | undefined {
  const { fromStop, toStop } = command
  const { stops } = run.train
  if (!isVisible(state, run.importId)) {
    // What an aborted import left to be removed is gone already.
    const waits = run.importId === state.openImport?.importId
    return refuse(waits ? 'runNotOnSale' : 'runNotFound')
  }
  if (run.cancelled) return refuse('runCancelled')
  if (isInDraw(state, run.runId)) return refuse('runInDraw')
  if (isReseating(state, run.runId)) return refuse('consistChanging')
  if (fromStop >= stops.length - 1) return invalid('fromStop')
  if (toStop <= fromStop || toStop >= stops.length) return invalid('toStop')
  if (stops[fromStop]?.boarding !== true) return refuse('stopNotAllowed', { field: 'fromStop' })
  if (stops[toStop]?.alighting !== true) return refuse('stopNotAllowed', { field: 'toStop' })
  return hasDeparted(run, fromStop, state.meta.nowMs) ? refuse('runDeparted') : undefined
}

export function findSeats(
  state: BookingState,
  run: Run,
  ofClass: ClassLayout,
  command: HoldSeats,
): readonly number[] | Refusal {
  const { fromStop, toStop, passengers, seats, preferences } = command
  const closed = arePlacesClosed(state, run, ofClass, state.meta.nowMs)
  if (seats.length > 0) return checkSeats(state, run, ofClass, command, closed) ?? [...seats]
  const places = findPlaces(state, run, ofClass, command)
  if (places !== undefined) return places
  const chosen = chooseSeats(
    inventoryOf(run),
    run.layout,
    ofClass,
    fromStop,
    toStop,
    passengers.length,
    wishesOf(preferences, closed),
  )
  return typeof chosen === 'number' ? refuse('notEnoughSeats', { figure: chosen }) : chosen
}

function checkSeats(
  state: BookingState,
  run: Run,
  ofClass: ClassLayout,
  command: HoldSeats,
  closed: boolean,
): Refusal | undefined {
  const { fromStop, toStop, classCode, seats } = command
  for (const [i, seat] of seats.entries()) {
    const coach = coachOf(run.layout, seat)
    if (coach === undefined) return refuse('seatNotFound', { field: `seats[${i}]` })
    if (coach.classCode !== classCode) return refuse('seatInOtherClass', { field: `seats[${i}]` })
  }
  const later = mustBePromised(state, run, ofClass)
  if (later !== undefined) return later
  const inventory = inventoryOf(run)
  const taken = seats.filter((seat) => !isFree(inventory, seat, fromStop, toStop))
  if (taken.length > 0) return refuse('seatTaken', { seats: taken })
  return (
    checkOffered(state, run, ofClass, command, closed) ??
    mustLeaveEnough(run, ofClass, seats, toStop)
  )
}

/** Wheelchair places are for who asks for them; on a busy run the rule says what may be chosen. */
function checkOffered(
  state: BookingState,
  run: Run,
  ofClass: ClassLayout,
  command: HoldSeats,
  closed: boolean,
): Refusal | undefined {
  const { fromStop, toStop, seats, preferences } = command
  let places = preferences?.wheelchairPlaces ?? 0
  const limit = choiceLimit(state, run, ofClass, fromStop, toStop, state.meta.nowMs)
  for (const [i, seat] of seats.entries()) {
    const isPlace = ofClass.wheelchairs.includes(seat)
    const isKept = closed && isPlace && places-- <= 0
    const residual = residualOf(inventoryOf(run), seat, fromStop, toStop)
    // Who needs a wheelchair place has little to choose from.
    const isBad = limit !== undefined && residual > limit && !isPlace
    if (isKept || isBad) return refuse('seatNotOffered', { field: `seats[${i}]` })
  }
  return undefined
}
