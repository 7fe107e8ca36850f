/** Who finds no seats waits for them, here or wherever else it would do. */
import { checkLength, firstInvalid, isInstant, isInt, isObject } from '../checks.ts'
import type { HoldSeats, JoinWaitingList, WaitingChoice } from '../commands.ts'
import { priceOf, ruleAt } from '../fares.ts'
import { noteFreed } from '../freed.ts'
import { poolFor } from '../inventory/quotas.ts'
import { PNR_COUNT } from '../pnr.ts'
import { invalid, refuse } from '../refusal.ts'
import type { Refusal, Reply } from '../replies.ts'
import { type Work, writeRow } from '../store.ts'
import { closesAt } from '../waiting/closes-at.ts'
import {
  aheadOf,
  closingMs,
  keepWaiting,
  limitOfList,
  openChart,
  priceOfOption,
  reservedMinor,
  waitingFor,
} from '../waiting/list.ts'
import { poolsFor } from '../waiting/pools.ts'
import type { WaitingEntry, WaitingOption, WaitingRule } from '../waiting/things.ts'
import {
  checkShape,
  makeBooking,
  type Places,
  type Plan,
  planPrice,
  planSeats,
} from './hold-seats.ts'

const MAX_ALTERNATIVES = 5
type Priced = Omit<Plan, keyof Places>

export function joinWaitingList(work: Work, command: JoinWaitingList): Reply {
  const { state } = work
  const { nowMs, nextBookingId } = state.meta
  const holds = checkJoin(command)
  if (!Array.isArray(holds)) return holds
  if (work.actor === 0) return refuse('notAllowed')
  if (nextBookingId >= PNR_COUNT) return refuse('tooMany', { figure: PNR_COUNT })
  const rule = ruleAt(state.waitingRulesByTime, nowMs)
  if (rule === undefined || rule.capBasisPoints === 0) return refuse('noWaitingList')
  if (command.deadlineMs <= nowMs) return invalid('deadlineMs')
  const plans = planChoices(work, command, holds, rule)
  return Array.isArray(plans) ? join(work, command, plans, rule) : plans
}

function join(
  work: Work,
  command: JoinWaitingList,
  plans: readonly Priced[],
  rule: WaitingRule,
): Reply {
  const { state } = work
  const { deadlineMs, alternatives } = command
  const [first] = plans
  if (first === undefined) throw new Error('nothing to wait for')
  for (const { run } of plans) openChart(work, run, closesAt(run, rule.chartBeforeDepartureMs))
  const waits = { status: 'waiting', untilMs: deadlineMs } as const
  const plan = { ...first, seats: [], pool: '', preferences: undefined }
  const booking = makeBooking(work, plan, false, work.actor, waits)
  const entry: WaitingEntry = {
    hashLow: 0,
    hashHigh: 0,
    queueAt: -1,
    booking,
    priority: 0,
    ruleId: rule.ruleId,
    deadlineMs,
    options: plans.map((of, i) => optionOf(of, [command, ...alternatives][i])),
  }
  work.subject = `booking:${booking.bookingId}`
  keepWaiting(state, entry)
  writeRow(work, 'waiting', entry)
  // Half a berth may be free at once: it is theirs in this entry.
  for (const { run, shared } of entry.options) if (shared) noteFreed(work, run)
  const [wanted] = entry.options as [WaitingOption]
  return {
    type: 'waitingListJoined',
    bookingId: booking.bookingId,
    pnr: booking.pnr,
    priceMinor: priceOfOption(entry, wanted),
    reserveMinor: reservedMinor(entry),
    ahead: aheadOf(state, entry, wanted),
  }
}

function optionOf(plan: Priced, choice: WaitingChoice | undefined): WaitingOption {
  const { run, fromStop, toStop, classCode, priceEachMinor, namesJson } = plan
  const { pool = '', onlyPool = false, shared = false } = choice ?? {}
  return { run, fromStop, toStop, classCode, priceEachMinor, namesJson, pool, onlyPool, shared }
}

/** The wanted one first, each as the hold that it would be. */
function checkJoin(command: JoinWaitingList): HoldSeats[] | Refusal {
  const { passengers, deadlineMs, alternatives, maxPriceMinor } = command
  const wanted = holdOf(command, passengers)
  const refusal =
    checkShape(wanted) ??
    checkOnly(command) ??
    firstInvalid([[isInstant(deadlineMs), 'deadlineMs']]) ??
    checkLength(alternatives, 0, MAX_ALTERNATIVES, 'alternatives')
  if (refusal !== undefined) return refusal
  const holds = [wanted]
  for (const [i, choice] of alternatives.entries()) {
    if (!isObject(choice)) return invalid(`alternatives[${i}]`)
    const hold = holdOf(choice, passengers)
    const wrong = checkShape(hold) ?? checkOnly(choice)
    if (wrong !== undefined) return ofChoice(wrong, i + 1)
    holds.push(hold)
  }
  const price = firstInvalid([[isInt(maxPriceMinor, 0, Number.MAX_SAFE_INTEGER), 'maxPriceMinor']])
  return price ?? holds
}

function holdOf(
  { runId, fromStop, toStop, classCode, pool }: WaitingChoice,
  passengers: HoldSeats['passengers'],
): HoldSeats {
  return { type: 'holdSeats', runId, fromStop, toStop, classCode, passengers, seats: [], pool }
}

/** Nothing but a pool can only be wanted of a pool; half a berth is in none. */
function checkOnly({ pool = '', onlyPool, shared }: WaitingChoice): Refusal | undefined {
  const isKnown = onlyPool === undefined || onlyPool === false
  return firstInvalid([
    [isKnown || (onlyPool === true && pool !== ''), 'onlyPool'],
    // Half a berth is of what is general.
    [isNo(shared) || (shared === true && isNo(onlyPool)), 'shared'],
  ])
}

function isNo(value: unknown): boolean {
  return value === undefined || value === false
}

function planChoices(
  work: Work,
  command: JoinWaitingList,
  holds: readonly HoldSeats[],
  rule: WaitingRule,
): Priced[] | Refusal {
  const plans: Priced[] = []
  for (const [i, hold] of holds.entries()) {
    const plan = planPrice(work, hold)
    if ('type' in plan) return ofChoice(plan, i)
    const option = optionOf(plan, [command, ...command.alternatives][i])
    const unfit =
      mustBeLike(plans, plan) ??
      mustCost(plan, command.maxPriceMinor) ??
      mustBeWanted(work, hold, option, rule)
    if (unfit !== undefined) return ofChoice(unfit, i)
    plans.push(plan)
  }
  return plans
}

/** The same stations as what is wanted first, and not twice the same seats. */
function mustBeLike(plans: readonly Priced[], plan: Priced): Refusal | undefined {
  const [first = plan] = plans
  const station = ({ run }: Priced, stop: number) => run.train.stationIds[stop]
  if (station(plan, plan.fromStop) !== station(first, first.fromStop)) return invalid('fromStop')
  if (station(plan, plan.toStop) !== station(first, first.toStop)) return invalid('toStop')
  const again = plans.some((it) => it.run === plan.run && it.classCode === plan.classCode)
  return again ? invalid('classCode') : undefined
}

function mustBeWanted(
  work: Work,
  hold: HoldSeats,
  option: WaitingOption,
  rule: WaitingRule,
): Refusal | undefined {
  const { state, actor } = work
  const { run } = option
  const closes = state.charts.get(run.runId)
  const closing = closes ? closingMs(state, run) : closesAt(run, rule.chartBeforeDepartureMs)
  if (closing !== undefined && closing <= state.meta.nowMs) return refuse('chartClosed')
  const pool = option.pool === '' ? undefined : poolFor(state, run, hold, actor)
  if (pool !== undefined && 'type' in pool) return pool
  const seats = planSeats(work, hold)
  if (!('type' in seats)) {
    // Room in general is none for who wants the pool alone.
    const isWanted = poolsFor(state, option, actor).includes(seats.pool)
    if (isWanted) return refuse('seatsAvailable')
  } else if (seats.code !== 'notEnoughSeats' && seats.code !== 'quotaExhausted') return seats
  const own = waitingFor(state, run, option.classCode).find(
    ({ booking }) => booking.accountId === actor,
  )
  if (own !== undefined) return refuse('alreadyWaiting', { figure: own.booking.bookingId })
  const limit = limitOfList(state, option, hold.passengers.length, rule)
  return limit === undefined ? undefined : refuse('waitingListFull', { figure: limit })
}

function mustCost(plan: Priced, maxPriceMinor: number): Refusal | undefined {
  const price = priceOf(plan)
  return price > maxPriceMinor ? refuse('priceChanged', { figure: price }) : undefined
}

/** What is wrong with the passengers is wrong with all of them; the wanted one is the command itself. */
function ofChoice(refusal: Refusal, at: number): Refusal {
  const { field } = refusal
  if (at === 0 || field.startsWith('passengers')) return refusal
  const name = `alternatives[${at - 1}]`
  return { ...refusal, field: field === '' ? name : `${name}.${field}` }
}
