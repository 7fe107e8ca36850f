import { mustBeStaff } from '../actors.ts'
import {
  checkEach,
  checkLength,
  firstInvalid,
  isClassCode,
  isId,
  isInt,
  isObject,
  isServiceDate,
} from '../checks.ts'
import type { AccountRole, MoveQuota, QuotaPool, SetQuotas } from '../commands.ts'
import { noteFreed } from '../freed.ts'
import { isVisible, mayRun } from '../imports.ts'
import { type ClassLayout, classOf } from '../inventory/layout.ts'
import { isTakenSomewhere } from '../inventory/occupancy.ts'
import { fitsPools, quotaOf } from '../inventory/quotas.ts'
import { invalid, refuse } from '../refusal.ts'
import type { Refusal, Reply } from '../replies.ts'
import { type Work, writeRow } from '../store.ts'
import type { Run } from '../things.ts'
import { expectAgain, offerByAndBy } from '../waiting/timed.ts'
import { checkPlace, placeOf } from './seat-blocks.ts'

const MAX_POOLS = 8
const MAX_PLACES = 2_000
const MAX_TYPES = 16
/** Three years, as in other rules. */
const MAX_BEFORE_MS = 100_000_000_000
/** Runs with bookings that are looked at for one change. */
const MAX_RUNS = 100

export function setQuotas(work: Work, command: SetQuotas): Reply {
  const { state } = work
  const refusal = checkQuotas(command) ?? mustBeStaff(work)
  if (refusal !== undefined) return refusal
  const where = placeOf(state, command.runId, command.trainId)
  if ('type' in where) return where
  const { train, run } = where
  const { classCode, fromDate } = command
  const of = classOf((run ?? train).layout, classCode)
  if (of === undefined) return refuse('classNotFound', { field: 'classCode' })
  const pools = command.pools.map(poolFrom)
  if (placesIn(pools) > of.capacity) {
    return refuse('tooMany', { field: 'pools', figure: of.capacity })
  }
  const runs = run === undefined ? runsUnder(work, train.runs, classCode, fromDate) : [run]
  const unfit = mustFit(runs, of, pools)
  if (unfit !== undefined) return unfit
  keepQuota(work, train.trainId, run, fromDate, classCode, pools)
  // Of a train there may be many: they come by and by.
  if (run === undefined) offerByAndBy(work, runs)
  else freeRun(work, run)
  return { type: 'done' }
}

export function moveQuota(work: Work, command: MoveQuota): Reply {
  const { state } = work
  const refusal = checkMove(command) ?? mustBeStaff(work)
  if (refusal !== undefined) return refusal
  const { runId, classCode, fromPool, toPool, count } = command
  const run = state.runs.get(runId)
  if (run === undefined || !isVisible(state, run.importId)) {
    return refuse('runNotFound', { field: 'runId' })
  }
  const of = classOf(run.layout, classCode)
  if (of === undefined) return refuse('classNotFound', { field: 'classCode' })
  const before = quotaOf(state, run, classCode)?.pools ?? []
  for (const field of ['fromPool', 'toPool'] as const) {
    const known = command[field] === '' || before.some(({ code }) => code === command[field])
    if (!known) return refuse('poolNotFound', { field })
  }
  const pools = before.map((pool) => {
    const by = (pool.code === toPool ? count : 0) - (pool.code === fromPool ? count : 0)
    return { ...pool, capacity: pool.capacity + by }
  })
  const isLess = pools.some(({ capacity }) => capacity < 0) || placesIn(pools) > of.capacity
  if (isLess || !fitsPools(run, of, pools)) return refuse('quotaInUse', { figure: runId })
  keepQuota(work, run.train.trainId, run, 0, classCode, pools)
  freeRun(work, run)
  return { type: 'done' }
}

function freeRun(work: Work, run: Run): void {
  noteFreed(work, run)
  expectAgain(work, run)
}

/** The train's runs that what is set from this date on would count for. */
function runsUnder(
  { state }: Work,
  all: readonly Run[],
  classCode: string,
  fromDate: number,
): Run[] {
  return all.filter((run) => {
    if (run.serviceDate < fromDate || !mayRun(state, run)) return false
    const now = quotaOf(state, run, classCode)
    return now === undefined || (now.runId === 0 && now.fromDate <= fromDate)
  })
}

function mustFit(
  runs: readonly Run[],
  of: ClassLayout,
  pools: readonly QuotaPool[],
): Refusal | undefined {
  // By what is taken, and not by whether anything ever was: who was loaded does not know that.
  const taken = runs.filter(isTakenSomewhere)
  if (taken.length > MAX_RUNS) return refuse('tooMany', { field: 'fromDate', figure: MAX_RUNS })
  const full = runs.find((run) => {
    // One that goes with other coaches may have none of the class.
    const own = classOf(run.layout, of.classCode)
    return own !== undefined && !fitsPools(run, own, pools)
  })
  return full === undefined ? undefined : refuse('quotaInUse', { figure: full.runId })
}

/** In place of what was there for the same run, or the same train and date. */
export function keepQuota(
  work: Work,
  trainId: number,
  run: Run | undefined,
  date: number,
  classCode: string,
  pools: readonly QuotaPool[],
): void {
  const { quotas } = work.state
  const [runId, fromDate] = [run?.runId ?? 0, run?.serviceDate ?? date]
  const ofTrain = quotas.get(trainId) ?? []
  quotas.set(trainId, ofTrain)
  let quota = ofTrain.find(
    (it) => it.runId === runId && it.fromDate === fromDate && it.classCode === classCode,
  )
  if (quota === undefined) {
    quota = { hashLow: 0, hashHigh: 0, trainId, runId, fromDate, classCode, pools }
    ofTrain.push(quota)
  } else quota.pools = pools
  writeRow(work, 'quotas', quota)
}

function placesIn(pools: readonly QuotaPool[]): number {
  return pools.reduce((sum, { capacity }) => sum + capacity, 0)
}

function poolFrom(pool: QuotaPool): QuotaPool {
  const { code, capacity, roles, passengerTypes, releaseBeforeDepartureMs } = pool
  return {
    code,
    capacity,
    roles: [...roles],
    passengerTypes: [...passengerTypes],
    releaseBeforeDepartureMs,
  }
}

function checkQuotas(command: SetQuotas): Refusal | undefined {
  const { runId, trainId, fromDate, classCode, pools } = command
  return (
    checkPlace(runId, trainId) ??
    firstInvalid([
      [runId > 0 ? isInt(fromDate, 0, 0) : isServiceDate(fromDate), 'fromDate'],
      [isClassCode(classCode), 'classCode'],
    ]) ??
    checkLength(pools, 0, MAX_POOLS, 'pools') ??
    checkEach(pools, (pool, i) => checkPool(pool, pools, i))
  )
}

function checkPool(pool: QuotaPool, all: readonly QuotaPool[], i: number): Refusal | undefined {
  const field = `pools[${i}]`
  if (!isObject(pool)) return invalid(field)
  const { code, capacity, roles, passengerTypes, releaseBeforeDepartureMs } = pool as QuotaPool
  const again = all.findIndex((it) => it.code === code) < i
  return (
    firstInvalid([
      [isClassCode(code) && !again, `${field}.code`],
      [isInt(capacity, 0, MAX_PLACES), `${field}.capacity`],
    ]) ??
    checkLength(roles, 0, 3, `${field}.roles`) ??
    checkEach(roles, (role, j) =>
      isRole(role) && roles.indexOf(role) === j ? undefined : invalid(`${field}.roles[${j}]`),
    ) ??
    checkLength(passengerTypes, 0, MAX_TYPES, `${field}.passengerTypes`) ??
    checkEach(passengerTypes, (type, j) =>
      isClassCode(type) ? undefined : invalid(`${field}.passengerTypes[${j}]`),
    ) ??
    firstInvalid([
      [isInt(releaseBeforeDepartureMs, 0, MAX_BEFORE_MS), `${field}.releaseBeforeDepartureMs`],
    ])
  )
}

function isRole(role: unknown): role is AccountRole {
  const buyers: readonly unknown[] = ['passenger', 'agent', 'staff', 'operator', 'guest']
  return buyers.includes(role)
}

function checkMove(command: MoveQuota): Refusal | undefined {
  const { runId, classCode, fromPool, toPool, count } = command
  return firstInvalid([
    [isId(runId), 'runId'],
    [isClassCode(classCode), 'classCode'],
    [fromPool === '' || isClassCode(fromPool), 'fromPool'],
    [(toPool === '' || isClassCode(toPool)) && toPool !== fromPool, 'toPool'],
    [isInt(count, 1, MAX_PLACES), 'count'],
  ])
}
