import type {
  BlockSeats,
  Entry,
  HoldSeats,
  MoveQuota,
  QuotaPool,
  Reply,
  SetQuotas,
  UnblockSeats,
} from '../../src/index.ts'
import { needStaff } from './caller.ts'
import { beyondSeats, leavesEnough, seatless } from './later-seats.ts'
import { quotaFor } from './quota-for.ts'
import { refuse } from './refuse.ts'
import { isFree, seatsOf } from './seat-choice.ts'
import {
  checkBoolean,
  checkId,
  checkInt,
  checkLength,
  checkPattern,
  classPattern,
  isRealDate,
  maxSafe,
} from './shapes.ts'
import { satOn } from './shared-berths.ts'
import { byAndBy, expectNext } from './waiting-offers.ts'
import {
  departureAt,
  isLive,
  isOfRun,
  isReseating,
  type ModelOption,
  type ModelRun,
  type ModelTrain,
  trainOf,
  type World,
} from './world.ts'

const reasons: readonly string[] = [
  'strike',
  'disruption',
  'connectionBroken',
  'technicalFailure',
  'staffError',
  'goodwill',
  'medical',
  'other',
]

function checkReason(reason: string): void {
  if (!reasons.includes(reason)) refuse('invalidField', { field: 'reason' })
}

function checkPlace(runId: number, trainId: number): void {
  checkInt(runId, 0, maxSafe, 'runId')
  checkInt(trainId, 0, maxSafe, 'trainId')
  if ((runId === 0) === (trainId === 0)) refuse('invalidField', { field: 'trainId' })
}

function checkDate(runId: number, date: number, from: number, field: string): void {
  const good = runId > 0 ? date === 0 && !Object.is(date, -0) : isRealDate(date) && date >= from
  if (!good) refuse('invalidField', { field })
}

function runNamed(world: World, runId: number): ModelRun {
  const run = world.runs.find((it) => it.id === runId && it.importId === 0)
  return run ?? refuse('runNotFound', { field: 'runId' })
}

function trainNamed(world: World, runId: number, trainId: number): ModelTrain {
  if (runId > 0) return trainOf(world, runNamed(world, runId))
  const train = world.trains.find((it) => it.id === trainId && it.importId === 0)
  return train ?? refuse('trainNotFound', { field: 'trainId' })
}

export function blockSeats(world: World, entry: Entry, command: BlockSeats): Reply {
  const { runId, trainId, seats, reason, shared = false } = command
  checkPlace(runId, trainId)
  checkDate(runId, command.fromDate, 0, 'fromDate')
  checkDate(runId, command.toDate, command.fromDate, 'toDate')
  checkLength(seats, 1, 200, 'seats')
  seats.forEach((seat, i) => {
    checkInt(seat, 0, 1_999, `seats[${i}]`)
    if (seats.slice(0, i).includes(seat)) refuse('invalidField', { field: `seats[${i}]` })
  })
  checkReason(reason)
  checkBoolean(shared, 'shared')
  needStaff(world, entry)
  const train = trainNamed(world, runId, trainId)
  const date = world.runs.find((run) => run.id === runId)?.serviceDate
  const block = {
    id: world.given.blocks + 1,
    trainId: train.id,
    runId,
    fromDate: date ?? command.fromDate,
    toDate: date ?? command.toDate,
    seats,
    shared,
  }
  const capacity = seatsOf(train).length
  seats.forEach((seat, i) => {
    if (seat >= capacity) refuse('seatNotFound', { field: `seats[${i}]` })
  })
  const isOwn = (id: number) => world.runs.some((run) => run.id === id && run.own !== undefined)
  const meets = (other: typeof block) =>
    (other.runId === runId || (!isOwn(runId) && !isOwn(other.runId))) &&
    other.trainId === block.trainId &&
    (runId === 0 || other.runId === 0 || other.runId === runId) &&
    other.fromDate <= block.toDate &&
    block.fromDate <= other.toDate
  // As the machine looks at them: by departure.
  const runs = world.runs
    .filter((run) => isOfRun(block, run))
    .sort((a, b) => a.baseMs - b.baseMs || a.id - b.id)
  const changing = runs.find((run) => isReseating(world, run.id))
  if (changing !== undefined) refuse('consistChanging', { figure: changing.id })
  const blocked = seats.filter((seat) =>
    world.blocks.some((other) => meets(other) && other.seats.includes(seat)),
  )
  if (blocked.length > 0) refuse('seatBlocked', { seats: blocked })
  const last = train.stops.length - 1
  for (const run of runs) {
    const taken = seats.filter((seat) => !isFree(world, run, seat, 0, last))
    if (taken.length > 0) refuse('seatTaken', { seats: taken, figure: run.id })
    if (!leavesEnough(world, run, seats, last)) refuse('seatsNeeded', { figure: run.id })
  }
  world.given.blocks++
  world.blocks.push(block)
  // Who waits and would share is looked at by and by.
  if (shared && runId === 0) {
    byAndBy(
      world,
      runs.map((run) => run.id),
    )
  }
  return { type: 'seatsBlocked', blockId: block.id }
}

export function unblockSeats(world: World, entry: Entry, command: UnblockSeats): Reply {
  checkId(command.blockId, 'blockId')
  checkReason(command.reason)
  needStaff(world, entry)
  if (!world.blocks.some((block) => block.id === command.blockId)) {
    refuse('blockNotFound', { field: 'blockId' })
  }
  const gone = world.blocks.find((block) => block.id === command.blockId)
  if (gone?.shared) needNobodyOn(world, gone)
  world.blocks = world.blocks.filter((block) => block !== gone)
  if (gone?.runId === 0) {
    const runs = world.runs.filter(
      (run) =>
        run.trainId === gone.trainId &&
        run.serviceDate >= gone.fromDate &&
        run.serviceDate <= gone.toDate,
    )
    byAndBy(
      world,
      runs.map((run) => run.id),
    )
  }
  return { type: 'done' }
}

/** On a run that may still be sold. */
function needNobodyOn(world: World, block: World['blocks'][number]): void {
  const runs = world.runs
    .filter((run) => isOfRun(block, run))
    .sort((a, b) => a.baseMs - b.baseMs || a.id - b.id)
  for (const run of runs) {
    const beforeLast = trainOf(world, run).stops.length - 2
    if (departureAt(world, run, beforeLast) <= world.now) continue
    const seats = satOn(world, run, block.seats)
    if (seats.length > 0) refuse('seatTaken', { seats, figure: run.id })
  }
}

export function setQuotas(world: World, entry: Entry, command: SetQuotas): Reply {
  const { runId, trainId, classCode, pools } = command
  checkPlace(runId, trainId)
  checkDate(runId, command.fromDate, 0, 'fromDate')
  checkPattern(classCode, classPattern, 'classCode')
  checkLength(pools, 0, 8, 'pools')
  pools.forEach((pool, i) => {
    checkPool(pool, pools.slice(0, i), `pools[${i}]`)
  })
  needStaff(world, entry)
  const train = trainNamed(world, runId, trainId)
  const capacity = capacityOf(train, classCode)
  const places = pools.reduce((sum, pool) => sum + pool.capacity, 0)
  if (places > capacity) refuse('tooMany', { field: 'pools', figure: capacity })
  const date = world.runs.find((run) => run.id === runId)?.serviceDate ?? command.fromDate
  const quota = { trainId: train.id, runId, fromDate: date, classCode, pools }
  keep(world, quota)
  if (runId > 0) expectNext(world, runId)
  else byAndBy(world, runsOf(world, quota))
  return { type: 'done' }
}

function checkPool(pool: QuotaPool, earlier: readonly QuotaPool[], at: string): void {
  checkPattern(pool.code, classPattern, `${at}.code`)
  if (earlier.some((other) => other.code === pool.code)) {
    refuse('invalidField', { field: `${at}.code` })
  }
  checkInt(pool.capacity, 0, 2_000, `${at}.capacity`)
  checkLength(pool.roles, 0, 3, `${at}.roles`)
  pool.roles.forEach((role, j) => {
    const known = ['passenger', 'agent', 'staff', 'operator', 'guest'].includes(role)
    if (!known || pool.roles.slice(0, j).includes(role)) {
      refuse('invalidField', { field: `${at}.roles[${j}]` })
    }
  })
  checkLength(pool.passengerTypes, 0, 16, `${at}.passengerTypes`)
  pool.passengerTypes.forEach((type, j) => {
    checkPattern(type, classPattern, `${at}.passengerTypes[${j}]`)
  })
  checkInt(pool.releaseBeforeDepartureMs, 0, 100_000_000_000, `${at}.releaseBeforeDepartureMs`)
}

function capacityOf(train: ModelTrain, classCode: string): number {
  const seats = seatsOf(train).filter((seat) => seat.classCode === classCode)
  if (seats.length === 0) refuse('classNotFound', { field: 'classCode' })
  return seats.length
}

/** Those that it counts for. */
function runsOf(world: World, quota: World['quotas'][number]): number[] {
  const runs = world.runs.filter(({ trainId }) => trainId === quota.trainId)
  return runs.filter((run) => quotaFor(world, run, quota.classCode) === quota).map((run) => run.id)
}

/** As if it were set; when somebody's places do not fit any more, it is not. */
function keep(world: World, quota: World['quotas'][number]): void {
  const before = world.quotas
  world.quotas = before.filter(
    (other) =>
      other.trainId !== quota.trainId ||
      other.runId !== quota.runId ||
      other.fromDate !== quota.fromDate ||
      other.classCode !== quota.classCode,
  )
  world.quotas.push(quota)
  const runs = world.runs
    .filter((run) => run.trainId === quota.trainId)
    .filter((run) => quotaFor(world, run, quota.classCode) === quota)
    .filter((run) => trainOf(world, run).coaches.some((c) => c.classCode === quota.classCode))
    .sort((a, b) => a.baseMs - b.baseMs || a.id - b.id)
  const last = (world.trains.find((train) => train.id === quota.trainId)?.stops.length ?? 1) - 1
  const full = runs.find(
    (run) =>
      roomFor(world, run, quota.classCode, quota.pools, 0, last) < 0 ||
      quota.pools.some((pool) => poolRoom(world, run, quota.classCode, pool, 0, last) < 0),
  )
  if (full === undefined) return
  world.quotas = before
  refuse('quotaInUse', { figure: full.id })
}

/** What the new coaches have no room for is given up, when everybody has moved. */
export function dropTightQuotas(world: World, run: ModelRun): void {
  const { coaches, stops } = trainOf(world, run)
  const last = stops.length - 1
  for (const classCode of new Set(coaches.map((coach) => coach.classCode))) {
    if (quotaFor(world, run, classCode) === undefined) continue
    const pools = keptPools(world, run, classCode, world.now)
    const fits =
      roomFor(world, run, classCode, pools, 0, last) >= 0 &&
      pools.every((pool) => poolRoom(world, run, classCode, pool, 0, last) >= 0)
    if (fits) continue
    const { trainId, id: runId, serviceDate: fromDate } = run
    world.quotas = world.quotas.filter((q) => q.runId !== runId || q.classCode !== classCode)
    world.quotas.push({ trainId, runId, fromDate, classCode, pools: [] })
  }
}

export function moveQuota(world: World, entry: Entry, command: MoveQuota): Reply {
  const { runId, classCode, fromPool, toPool, count } = command
  checkId(runId, 'runId')
  checkPattern(classCode, classPattern, 'classCode')
  if (fromPool !== '') checkPattern(fromPool, classPattern, 'fromPool')
  if (toPool !== '') checkPattern(toPool, classPattern, 'toPool')
  if (toPool === fromPool) refuse('invalidField', { field: 'toPool' })
  checkInt(count, 1, 2_000, 'count')
  needStaff(world, entry)
  const run = runNamed(world, runId)
  const train = trainOf(world, run)
  const capacity = capacityOf(train, classCode)
  const now = quotaFor(world, run, classCode)?.pools ?? []
  const known = (code: string) => code === '' || now.some((pool) => pool.code === code)
  if (!known(fromPool)) refuse('poolNotFound', { field: 'fromPool' })
  if (!known(toPool)) refuse('poolNotFound', { field: 'toPool' })
  const pools = now.map((pool) => {
    if (pool.code === fromPool) return { ...pool, capacity: pool.capacity - count }
    if (pool.code === toPool) return { ...pool, capacity: pool.capacity + count }
    return pool
  })
  const places = pools.reduce((sum, pool) => sum + pool.capacity, 0)
  if (places > capacity || pools.some((pool) => pool.capacity < 0)) {
    refuse('quotaInUse', { figure: runId })
  }
  keep(world, { trainId: train.id, runId, fromDate: run.serviceDate, classCode, pools })
  expectNext(world, runId)
  return { type: 'done' }
}

function keptPools(world: World, run: ModelRun, classCode: string, now: number): QuotaPool[] {
  const pools = quotaFor(world, run, classCode)?.pools ?? []
  return pools.filter((pool) => departureAt(world, run, 0) - pool.releaseBeforeDepartureMs > now)
}

function segments(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i)
}

function takenOf(world: World, run: ModelRun, classCode: string, code: string, at: number): number {
  return world.bookings
    .filter((b) => isLive(b) && b.runId === run.id && b.pool === code && b.classCode === classCode)
    .filter((b) => b.fromStop <= at && at < b.toStop)
    .reduce((sum, b) => sum + b.passengers.filter((p) => p.cancelledAt === 0).length, 0)
}

function poolRoom(
  world: World,
  run: ModelRun,
  classCode: string,
  pool: QuotaPool,
  from: number,
  to: number,
): number {
  const taken = segments(from, to).map((at) => takenOf(world, run, classCode, pool.code, at))
  return pool.capacity - Math.max(...taken)
}

/** Seats that are free on the fullest segment, less what the pools still keep there. */
function roomFor(
  world: World,
  run: ModelRun,
  classCode: string,
  pools: readonly QuotaPool[],
  from: number,
  to: number,
): number {
  const ofClass = seatsOf(trainOf(world, run)).filter((seat) => seat.classCode === classCode)
  const rooms = segments(from, to).map((at) => {
    const free = ofClass.filter(({ seat }) => isFree(world, run, seat, at, at + 1)).length
    const unused = pools.map(
      (pool) => pool.capacity - takenOf(world, run, classCode, pool.code, at),
    )
    return free - seatless(world, run, classCode, at) - unused.reduce((sum, of) => sum + of, 0)
  })
  return Math.min(...rooms)
}

/** How many places anybody may still have; undefined: no pool keeps any. */
export function generalRoom(
  world: World,
  run: ModelRun,
  classCode: string,
  from: number,
  to: number,
  now: number,
): number | undefined {
  const pools = keptPools(world, run, classCode, now)
  return pools.length === 0
    ? undefined
    : roomFor(world, run, classCode, pools, from, to) + beyondSeats(world, run, classCode, now)
}

export function choosePool(world: World, entry: Entry, command: HoldSeats, run: ModelRun): string {
  const { fromStop, toStop, classCode, passengers, pool = '' } = command
  const quota = quotaFor(world, run, classCode)
  if (quota === undefined && pool === '') return ''
  const kept = keptPools(world, run, classCode, world.now)
  if (pool !== '') {
    const named = quota?.pools.find((it) => it.code === pool)
    if (named === undefined) refuse('poolNotFound', { field: 'pool' })
    const role = world.accounts.find((account) => account.id === entry.actor)?.role ?? ''
    const types = passengers.map((passenger) => passenger.passengerType ?? '')
    const allowed =
      (named.roles.length === 0 || named.roles.some((it) => it === role)) &&
      (named.passengerTypes.length === 0 || types.every((it) => named.passengerTypes.includes(it)))
    if (!allowed) refuse('poolNotAllowed', { field: 'pool' })
    const isKept = kept.some((it) => it.code === pool)
    const room = poolRoom(world, run, classCode, named, fromStop, toStop)
    if (isKept && room >= passengers.length) return pool
  }
  const room =
    roomFor(world, run, classCode, kept, fromStop, toStop) + beyondSeats(world, run, classCode)
  if (room < passengers.length) refuse('quotaExhausted', { figure: Math.max(0, room) })
  return ''
}

/** Where a party that waits may have its places now, the better first; '' is what is general. */
export function poolsFor(
  world: World,
  option: ModelOption,
  accountId: number,
  types: readonly string[],
): string[] {
  const run = world.runs.find((it) => it.id === option.runId) as ModelRun
  const kept = keptPools(world, run, option.classCode, world.now)
  const own = kept.find(({ code }) => code === option.pool)
  if (own === undefined) return ['']
  const role = world.accounts.find(({ id }) => id === accountId)?.role ?? ''
  const byRole = own.roles.length === 0 || own.roles.some((it) => it === role)
  const byType =
    own.passengerTypes.length === 0 || types.every((it) => own.passengerTypes.includes(it))
  return [...(byRole && byType ? [own.code] : []), ...(option.onlyPool ? [] : [''])]
}

/** How many places are left there. */
export function roomInPool(world: World, option: ModelOption, pool: string): number {
  const { runId, classCode, fromStop, toStop } = option
  const run = world.runs.find((it) => it.id === runId) as ModelRun
  const kept = keptPools(world, run, classCode, world.now)
  const own = kept.find(({ code }) => code === pool)
  return own === undefined
    ? roomFor(world, run, classCode, kept, fromStop, toStop) + beyondSeats(world, run, classCode)
    : poolRoom(world, run, classCode, own, fromStop, toStop)
}

/** What the two want of the same kind, as the pools are kept now. */
export function wantTheSame(world: World, one: ModelOption, other: ModelOption): boolean {
  const run = world.runs.find((it) => it.id === one.runId) as ModelRun
  const kept = keptPools(world, run, one.classCode, world.now).map(({ code }) => code)
  const kinds = ({ pool, onlyPool }: ModelOption) => {
    if (!kept.includes(pool)) return ['general']
    return onlyPool ? [`pool ${pool}`] : [`pool ${pool}`, 'general']
  }
  return kinds(one).some((kind) => kinds(other).includes(kind))
}

/** Whether an expired booking can be where it was. */
export function hasRoomAgain(
  world: World,
  run: ModelRun,
  booking: World['bookings'][number],
): boolean {
  const { classCode, fromStop, toStop, passengers, pool } = booking
  if (passengers.some(({ half }) => half !== undefined)) return true
  if (quotaFor(world, run, classCode) === undefined) return true
  const kept = keptPools(world, run, classCode, world.now)
  const own = kept.find((it) => it.code === pool)
  const room =
    own === undefined
      ? roomFor(world, run, classCode, kept, fromStop, toStop) + beyondSeats(world, run, classCode)
      : poolRoom(world, run, classCode, own, fromStop, toStop)
  return room >= passengers.length
}
