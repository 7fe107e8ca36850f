/** Places that are kept for some: pools beside what is general, per class, on each segment. */
import type { HoldSeats, QuotaPool } from '../commands.ts'
import { departureMs } from '../fares.ts'
import { refuse } from '../refusal.ts'
import type { Refusal } from '../replies.ts'
import { overbookedBy } from '../seat-promise/rule.ts'
import type { BookingState } from '../state.ts'
import type { Booking, Quota, Run } from '../things.ts'
import type { ClassLayout } from './layout.ts'
import { classOf } from './layout.ts'
import { freeBySegment, type Inventory } from './occupancy.ts'
import { isShared } from './shares.ts'

export function poolKey(classCode: string, pool: string): string {
  return `${classCode}/${pool}`
}

/** The run's own, or those of its train that were set for the last date that is not after its own. */
export function quotaOf(state: BookingState, run: Run, classCode: string): Quota | undefined {
  if (state.quotas.size === 0) return undefined
  let found: Quota | undefined
  for (const quota of state.quotas.get(run.train.trainId) ?? []) {
    if (quota.classCode !== classCode) continue
    if (quota.runId === run.runId) return quota
    if (quota.runId !== 0 || quota.fromDate > run.serviceDate) continue
    if (found === undefined || quota.fromDate > found.fromDate) found = quota
  }
  return found
}

/** Pools that are not general yet: by the clock alone, so that every node sees the same without a row. */
export function poolsKept(
  state: BookingState,
  run: Run,
  classCode: string,
  nowMs: number,
): readonly QuotaPool[] {
  const pools = quotaOf(state, run, classCode)?.pools
  if (pools === undefined) return []
  const aheadMs = departureMs(run, 0) - nowMs
  return pools.filter(({ releaseBeforeDepartureMs }) => aheadMs > releaseBeforeDepartureMs)
}

/** The pool that the places are taken out of, '' for what is general; or why there is none. */
export function choosePool(
  state: BookingState,
  run: Run,
  of: ClassLayout,
  command: HoldSeats,
  accountId: number,
): string | Refusal {
  const { pool: asked = '' } = command
  const quota = quotaOf(state, run, of.classCode)
  if (quota === undefined && asked === '') return ''
  const { fromStop, toStop, passengers } = command
  const kept = poolsKept(state, run, of.classCode, state.meta.nowMs)
  const { length } = passengers
  if (asked !== '') {
    const named = poolFor(state, run, command, accountId)
    if ('type' in named) return named
    const room = roomIn(run, of, named, fromStop, toStop)
    if (kept.includes(named) && room >= length) return asked
  }
  const extra = overbookedBy(state, run, of, state.meta.nowMs)
  const room = generalRoom(run, of, kept, fromStop, toStop, extra)
  return room >= length ? '' : refuse('quotaExhausted', { figure: Math.max(room, 0) })
}

/** The pool that is asked for, if there is such a one and the party may use it. */
export function poolFor(
  state: BookingState,
  run: Run,
  { classCode, pool = '', passengers }: HoldSeats,
  accountId: number,
): QuotaPool | Refusal {
  const named = quotaOf(state, run, classCode)?.pools.find(({ code }) => code === pool)
  if (named === undefined) return refuse('poolNotFound', { field: 'pool' })
  const types = passengers.map(({ passengerType = '' }) => passengerType)
  const may = mayUse(state, named, types, accountId)
  return may ? named : refuse('poolNotAllowed', { field: 'pool' })
}

/** Whether an expired booking's places can be counted again, where they were. */
export function hasRoomAgain(state: BookingState, booking: Booking): boolean {
  const { run, classCode, fromStop, toStop, seats } = booking
  const of = classOf(run.layout, classCode)
  if (isShared(seats)) return true
  if (of === undefined || quotaOf(state, run, classCode) === undefined) return true
  const kept = poolsKept(state, run, classCode, state.meta.nowMs)
  const pool = state.bookingPools.get(booking.bookingId)?.pool
  const own = kept.find(({ code }) => code === pool)
  const room =
    own === undefined
      ? generalRoom(run, of, kept, fromStop, toStop, overbookedBy(state, run, of, state.meta.nowMs))
      : roomIn(run, of, own, fromStop, toStop)
  return room >= seats.length
}

/** Seats of the class that are free, by segment; undefined: all are. */
export function freeOf(
  { inventory, layout }: Run,
  of: ClassLayout,
): Uint16Array | Int16Array | undefined {
  return inventory && freeBySegment(inventory, layout.classAt, of)
}

/** How many places are left for anybody, on the fullest segment: free seats less what pools keep; `extra` beyond the seats. */
export function generalRoom(
  run: Run,
  of: ClassLayout,
  kept: readonly QuotaPool[],
  from: number,
  to: number,
  extra = 0,
  free: Uint16Array | Int16Array | undefined = freeOf(run, of),
): number {
  const { inventory } = run
  let least = of.capacity + extra
  for (let segment = from; segment < to; segment++) {
    let room = (free?.[segment] ?? of.capacity) + extra
    for (const pool of kept) room -= pool.capacity - usedOf(inventory, of, pool.code, segment)
    least = Math.min(least, room)
  }
  return least
}

/** Whether the run's bookings fit pools like these. */
export function fitsPools(run: Run, of: ClassLayout, pools: readonly QuotaPool[]): boolean {
  const segments = run.train.stops.length - 1
  const roomy = pools.every((pool) => roomIn(run, of, pool, 0, segments) >= 0)
  return roomy && generalRoom(run, of, pools, 0, segments) >= 0
}

/** How many places of the pool are left on the fullest segment. */
export function roomIn(
  { inventory }: Run,
  of: ClassLayout,
  { code, capacity }: QuotaPool,
  from: number,
  to: number,
): number {
  let least = capacity
  for (let segment = from; segment < to; segment++) {
    least = Math.min(least, capacity - usedOf(inventory, of, code, segment))
  }
  return least
}

function usedOf(
  inventory: Inventory | undefined,
  { classCode }: ClassLayout,
  pool: string,
  segment: number,
): number {
  return inventory?.pools?.get(poolKey(classCode, pool))?.[segment] ?? 0
}

/** By the account's role and what the passengers are sold as. */
export function mayUse(
  state: BookingState,
  { roles, passengerTypes }: QuotaPool,
  types: readonly string[],
  accountId: number,
): boolean {
  const role = state.accounts.get(accountId)?.role
  const byRole = roles.length === 0 || (role !== undefined && roles.includes(role))
  return byRole && (passengerTypes.length === 0 || types.every((of) => passengerTypes.includes(of)))
}
