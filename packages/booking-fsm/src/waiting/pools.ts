/** Which places a party that waits may have: those of a pool, what is general, or either. */
import { classOf } from '../inventory/layout.ts'
import { generalRoom, mayUse, poolsKept, roomIn } from '../inventory/quotas.ts'
import { faresPaid } from '../party.ts'
import { overbookedBy } from '../seat-promise/rule.ts'
import type { BookingState } from '../state.ts'
import type { Account, Run } from '../things.ts'
import type { WaitingOption } from './things.ts'

/**
 * The pools that will do now, the better first; '' is what is general. A pool that is not kept any more, or
 * that the run does not have, is general; one that the account may not use any more gives it nothing.
 */
export function poolsFor(
  state: BookingState,
  option: WaitingOption,
  accountId: number,
): readonly string[] {
  const { run, classCode, pool, onlyPool } = option
  if (pool === '') return GENERAL
  const own = poolsKept(state, run, classCode, state.meta.nowMs).find(({ code }) => code === pool)
  if (own === undefined) return GENERAL
  const types = faresPaid(option)?.map(({ passengerType }) => passengerType) ?? ['']
  const mine = mayUse(state, own, types, accountId) ? [pool] : []
  return onlyPool ? mine : [...mine, '']
}

type Wanted = Pick<WaitingOption, 'run' | 'classCode' | 'pool' | 'onlyPool'>

const GENERAL = ['']

/** Whether both want places of one kind: then the one of the better rank is ahead. */
export function sharePlaces(state: BookingState, one: Wanted, other: Wanted): boolean {
  if (!one.onlyPool && !other.onlyPool) return true
  const kept = poolsKept(state, one.run, one.classCode, state.meta.nowMs)
  const kinds = ({ pool, onlyPool }: Wanted) =>
    kept.some(({ code }) => code === pool) ? (onlyPool ? [pool] : [pool, '']) : GENERAL
  const theirs = kinds(other)
  return kinds(one).some((kind) => theirs.includes(kind))
}

/** Where the account waits for a pool. */
export function runsOfPools({ waiting }: BookingState, { bookingIds }: Account): Run[] {
  const options = bookingIds.flatMap((bookingId) => waiting.get(bookingId)?.options ?? [])
  return options.filter(({ pool }) => pool !== '').map(({ run }) => run)
}

/** How many places are left in the pool, or of what is general, on the fullest segment; seats are another question. */
export function roomInPool(
  state: BookingState,
  {
    run,
    classCode,
    fromStop,
    toStop,
  }: Pick<WaitingOption, 'run' | 'classCode' | 'fromStop' | 'toStop'>,
  pool: string,
  free?: Uint16Array | Int16Array,
): number {
  const of = classOf(run.layout, classCode)
  if (of === undefined) return 0
  const kept = poolsKept(state, run, classCode, state.meta.nowMs)
  const extra = overbookedBy(state, run, of, state.meta.nowMs)
  // Where nothing is kept the seats alone say it: most runs have no pools.
  if (kept.length === 0) return of.capacity + extra
  if (pool === '') return generalRoom(run, of, kept, fromStop, toStop, extra, free)
  const own = kept.find(({ code }) => code === pool)
  return own === undefined ? 0 : roomIn(run, of, own, fromStop, toStop)
}
