import type { Nodes } from '../cluster/nodes.ts'
import type { Quorail } from '../cluster/quorail.ts'
import { type Percentiles, percentilesOf } from '../harness/statistics.ts'

/** What came of full load with nothing done to the cluster. */
export interface Calm {
  readonly minutes: number
  /** Terms that began meanwhile: none, when nobody lost a leader. */
  readonly elections: number
  readonly holdsPerSecond: number
  readonly latencyMs: Percentiles | undefined
  readonly failures: Readonly<Record<string, number>>
}

/** A request to the callers lasts so long: the processes keep its latencies. */
const portionSeconds = 60

export async function runCalm(
  quorail: Quorail,
  nodes: Nodes,
  callers: number,
  seconds: number,
): Promise<Calm> {
  const before = await nodes.whole(60_000)
  const began = performance.now()
  const latencies: Float64Array[] = []
  const failures: Record<string, number> = {}
  const secondsLeft = () => seconds - (performance.now() - began) / 1_000
  for (let left = seconds; left > 0.05; left = secondsLeft()) {
    const portion = { work: 'hold', callers, seconds: Math.min(portionSeconds, left) } as const
    const report = await quorail.system('stream').run(portion)
    latencies.push(report.latenciesMs)
    for (const [what, count] of Object.entries(report.failures))
      failures[what] = (failures[what] ?? 0) + count
  }
  const wallSeconds = (performance.now() - began) / 1_000
  const after = await nodes.whole(60_000)
  const latencyMs = percentilesOf(latencies)
  return {
    minutes: seconds / 60,
    elections: Number(after.term - before.term),
    holdsPerSecond: seconds === 0 ? 0 : (latencyMs?.count ?? 0) / wallSeconds,
    ...{ latencyMs, failures },
  }
}
