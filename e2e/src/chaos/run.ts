/** One run: a cluster, its clients, the faults one after the other, and the judgement. */
import { ChaosCluster, type ChaosClusterOptions } from './chaos-cluster.ts'
import { checkHistory } from './check/check-history.ts'
import type { Finding } from './check/finding.ts'
import { diskFault } from './faults/disk.ts'
import { type Fault, type FaultRecord, waitForSales } from './faults/fault.ts'
import { kill } from './faults/kill.ts'
import { partition } from './faults/partition.ts'
import { pauseLeader } from './faults/pause.ts'
import { cutAll, powerCut } from './faults/power.ts'
import { leftovers, snapshot } from './faults/snapshot.ts'
import { readFinalState } from './final-state.ts'
import { longestGap } from './gaps.ts'
import type { History } from './history.ts'
import { Load } from './load.ts'
import type { ChaosOptions, FaultKind } from './options.ts'
import { Random } from './random.ts'
import { countsOf, type TrafficCounts, tooLittle } from './traffic.ts'
import { whyWorthless } from './why-worthless.ts'

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

const faultsOf: Readonly<Record<FaultKind, Fault>> = {
  kill,
  pause: pauseLeader,
  partition,
  power: powerCut,
  disk: diskFault,
  snapshot,
}

/** Of what is done to disks. */
export const needsShim = (kind: FaultKind): boolean => kind === 'power' || kind === 'disk'

function clusterFor(faults: readonly FaultKind[]): ChaosClusterOptions {
  // Little of the log is kept, so that whoever was away is sent the state; and enough that it needs no second one because the first took long.
  const nodeArguments = faults.includes('snapshot') ? ['--retain-log-mib', '0.06'] : []
  return { power: faults.some(needsShim), nodeArguments }
}

const quietMs = 1_500
const enoughWithinMs = 60_000
/** The control sells for so long what it will lose. */
const lyingMs = 4_000

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
/** All faults of the options on one cluster. */
export function runChaos(
  options: Pick<ChaosOptions, 'faults' | 'rounds' | 'seed'> & { readonly tls?: boolean },
  progress: (line: string) => void,
): Promise<ChaosResult> {
  const { seed, faults, rounds, tls = false } = options
  return runOn(seed, { ...clusterFor(faults), tls }, async (cluster, load) => {
    const records: FaultRecord[] = []
    for (const kind of faults) {
      const context = { cluster, load, random: new Random(seed, kind) }
      for (let round = 0; round < rounds[kind]; round++) {
        const record = await faultsOf[kind](context, round)
        records.push(record)
        progress(`${records.length} ${describeFault(record)}`)
      }
    }
    return records
  })
}

/** The control: the power of all is cut while syncs do nothing. A run that loses nothing is worth nothing. */
export function runControl(seed: number): Promise<ChaosResult> {
  return runOn(seed, { power: true }, async (cluster, load) => {
    const context = { cluster, load, random: new Random(seed, 'control') }
    await waitForSales(context)
    const fromMs = performance.now()
    cluster.letSyncsLie(true)
    await wait(lyingMs)
    const reports = await cutAll(context, cluster.nodes, true)
    cluster.letSyncsLie(false)
    await Promise.all(cluster.nodes.map((node) => cluster.start(node)))
    await waitForSales(context, 60_000)
    const lies = reports.reduce((sum, report) => sum + report.lies, 0)
    const bytesDropped = reports.reduce((sum, report) => sum + report.bytesDropped, 0)
    return [
      {
        kind: 'power cut without syncs',
        fromMs,
        toMs: performance.now(),
        nodes: cluster.nodes,
        proof: { lies, bytesDropped },
      },
    ]
  })
}

async function runOn(
  seed: number,
  options: ChaosClusterOptions,
  harm: (cluster: ChaosCluster, load: Load) => Promise<readonly FaultRecord[]>,
): Promise<ChaosResult> {
  const cluster = await ChaosCluster.start(options)
  let load: Load | undefined
  try {
    await cluster.waitForLeader()
    load = await Load.prepare({
      urls: cluster.urls,
      paymentUrl: cluster.paymentUrl,
      login: cluster.logins.passenger,
      seed,
    })
    const beganMs = performance.now()
    load.start()
    await wait(quietMs)
    const faults = await harm(cluster, load)
    await wait(quietMs)
    await enoughTraffic(load, faults.length)
    const endedMs = performance.now()
    await load.stop()
    const runs = load.runs.map(({ runId }) => runId)
    const final = await readFinalState(cluster, runs)
    const left = cluster.nodes.flatMap((node) => leftovers(cluster.dataFolder(node)))
    if (left.length > 0) throw new Error(`Left over of attempts: ${left.join(', ')}`)
    const history: History = { operations: load.operations, ...final }
    return judge(seed, history, faults, beganMs, endedMs)
  } finally {
    load?.abandon()
    await cluster.stop()
  }
}

/** A machine that is busy with other things sells slowly; the run is no worse for it. */
async function enoughTraffic(load: Load, faults: number): Promise<void> {
  const deadline = performance.now() + enoughWithinMs
  while (tooLittle(countsOf(load.operations), faults).length > 0 && performance.now() < deadline)
    await wait(500)
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
  const worthless = whyWorthless(traffic, faults, { compared, undecided })
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
