/** One run: a cluster, its clients, the faults one after the other, and the judgement. */
import { ChaosCluster } from './chaos-cluster.ts'
import { checkHistory } from './check/check-history.ts'
import type { Finding } from './check/finding.ts'
import type { Fault, FaultRecord } from './faults/fault.ts'
import { kill } from './faults/kill.ts'
import { partition } from './faults/partition.ts'
import { pauseLeader } from './faults/pause.ts'
import { readFinalState } from './final-state.ts'
import { longestGap } from './gaps.ts'
import type { History } from './history.ts'
import { Load } from './load.ts'
import type { ChaosOptions, FaultKind } from './options.ts'
import { Random } from './random.ts'
import { countsOf, type TrafficCounts, tooLittle } from './traffic.ts'

export interface ChaosResult {
  readonly seed: number
  readonly seconds: number
  readonly faults: readonly FaultRecord[]
  readonly traffic: TrafficCounts
  readonly findings: readonly Finding[]
  /** Why the run proves nothing; empty: it does. */
  readonly worthless: readonly string[]
  /** The longest time without a sale, of the whole run and in the faults of each kind. */
  readonly gapsMs: Readonly<Record<string, number>>
  readonly comparedSeats: number
  readonly undecidedSeats: number
  readonly history: History
}

const faultsOf: Readonly<Partial<Record<FaultKind, Fault>>> = {
  kill,
  pause: pauseLeader,
  partition,
}

const quietMs = 1_500
/** Of seats on maps. */
const undecidedShareMost = 0.05

export async function runChaos(
  options: Pick<ChaosOptions, 'faults' | 'rounds' | 'seed'>,
  progress: (line: string) => void,
): Promise<ChaosResult> {
  const { seed } = options
  const cluster = await ChaosCluster.start()
  try {
    await cluster.waitForLeader()
    const load = await Load.prepare({
      urls: cluster.urls,
      paymentUrl: cluster.paymentUrl,
      login: cluster.logins.passenger,
      seed,
    })
    const beganMs = performance.now()
    load.start()
    await new Promise((resolve) => setTimeout(resolve, quietMs))
    const faults: FaultRecord[] = []
    for (const kind of options.faults) {
      const fault = faultsOf[kind]
      if (fault === undefined) continue
      const context = { cluster, load, random: new Random(seed, kind) }
      for (let round = 0; round < options.rounds[kind]; round++) {
        const record = await fault(context, round)
        faults.push(record)
        progress(`${faults.length} ${describeFault(record)}`)
      }
    }
    await new Promise((resolve) => setTimeout(resolve, quietMs))
    const endedMs = performance.now()
    await load.stop()
    const final = await readFinalState(
      cluster,
      load.runs.map(({ runId }) => runId),
    )
    const history: History = { operations: load.operations, ...final }
    return judge(options.seed, history, faults, beganMs, endedMs)
  } finally {
    await cluster.stop()
  }
}

function judge(
  seed: number,
  history: History,
  faults: readonly FaultRecord[],
  beganMs: number,
  endedMs: number,
): ChaosResult {
  const { findings, compared, undecided } = checkHistory(history)
  const traffic = countsOf(history.operations)
  const worthless = tooLittle(traffic, endedMs - beganMs)
  if (undecided > undecidedShareMost * compared)
    worthless.push(`the log's order leaves ${undecided} of ${compared} seats on maps open`)
  const gapsMs: Record<string, number> = {
    all: longestGap(history.operations, beganMs, endedMs).ms,
  }
  for (const { kind, fromMs, toMs } of faults)
    gapsMs[kind] = Math.max(gapsMs[kind] ?? 0, longestGap(history.operations, fromMs, toMs).ms)
  return {
    ...{ seed, seconds: (endedMs - beganMs) / 1_000, faults, traffic, findings, worthless },
    ...{ gapsMs, comparedSeats: compared, undecidedSeats: undecided, history },
  }
}

function describeFault({ kind, nodes, fromMs, toMs, proof }: FaultRecord): string {
  const shown = Object.entries(proof).map(([name, value]) => `${name} ${value}`)
  return `${kind} (${nodes.join(', ')}) ${Math.round(toMs - fromMs)} ms: ${shown.join('; ')}`
}
