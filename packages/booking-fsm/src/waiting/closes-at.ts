/** When the chart of a run closes. */
import { departureMs } from '../fares.ts'
import type { Run } from '../things.ts'

export function closesAt(run: Run, beforeDepartureMs: number): number {
  return Math.max(departureMs(run, 0) - beforeDepartureMs, 0)
}
