/** Pools that the new formation has no room for are given up on the run: what is sold comes first. */
import { keepQuota } from '../handlers/quotas.ts'
import { fitsPools, poolsKept, quotaOf } from '../inventory/quotas.ts'
import type { Work } from '../store.ts'
import type { Run } from '../things.ts'

export function fitQuotas(work: Work, run: Run): void {
  const { state } = work
  for (const of of run.layout.classes) {
    if (quotaOf(state, run, of.classCode) === undefined) continue
    const kept = poolsKept(state, run, of.classCode, state.meta.nowMs)
    if (!fitsPools(run, of, kept)) keepQuota(work, run.train.trainId, run, 0, of.classCode, [])
  }
}
