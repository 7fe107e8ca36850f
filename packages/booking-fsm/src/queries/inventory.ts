/** What staff see of blocks and quotas. */
import type { QuotaPool, Reason } from '../commands.ts'
import { isVisible } from '../imports.ts'
import { poolKey, poolsKept, quotaOf } from '../inventory/quotas.ts'
import type { BookingState } from '../state.ts'

export interface BlockView {
  readonly blockId: number
  readonly trainId: number
  /** 0: each run between the dates. */
  readonly runId: number
  readonly fromDate: number
  readonly toDate: number
  readonly seats: readonly number[]
  readonly reason: Reason
  readonly atMs: number
  /** Two passengers share each of them. */
  readonly shared: boolean
}

export interface PoolView {
  readonly classCode: string
  readonly pool: QuotaPool
  /** It is general by now. */
  readonly released: boolean
  /** Places taken on the fullest segment. */
  readonly used: number
}

/** The latest first; of one train, or with 0 of all. */
export function listBlocks(state: BookingState, trainId: number): BlockView[] {
  return [...state.blocks.values()]
    .filter(({ train }) => trainId === 0 || train.trainId === trainId)
    .sort((a, b) => b.blockId - a.blockId)
    .map(({ blockId, train, runId, fromDate, toDate, seats, reason, atMs, shared }) => ({
      blockId,
      trainId: train.trainId,
      runId,
      fromDate,
      toDate,
      seats,
      reason,
      atMs,
      shared,
    }))
}

/** The pools that count for a run, class by class; undefined when there is no such run. */
export function poolsOf(state: BookingState, runId: number, nowMs: number): PoolView[] | undefined {
  const run = state.runs.get(runId)
  if (run === undefined || !isVisible(state, run.importId)) return undefined
  return run.layout.classes.flatMap(({ classCode }) => {
    const kept = poolsKept(state, run, classCode, nowMs)
    return (quotaOf(state, run, classCode)?.pools ?? []).map((pool) => ({
      classCode,
      pool,
      released: !kept.includes(pool),
      used: Math.max(0, ...(run.inventory?.pools?.get(poolKey(classCode, pool.code)) ?? [])),
    }))
  })
}
