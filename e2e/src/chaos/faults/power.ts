import type { CutReport } from '../power/power-cut.ts'
import { WorthlessRun } from '../worthless-run.ts'
import { type Fault, type FaultContext, leaderOrAny, pause, waitForSales } from './fault.ts'

/** The power fails for the whole cluster at once, and every fifth time for one node only. */
export const powerCut: Fault = async (context, round) => {
  const { cluster, random } = context
  const isAll = round % 5 !== 4
  const leader = await leaderOrAny(context)
  const nodes = isAll ? cluster.nodes : [random.chance(0.5) ? leader : random.pick(cluster.nodes)]
  await pause(random.between(0, 400))
  const fromMs = performance.now()
  const reports = await cutAll(context, nodes, false)
  await Promise.all(nodes.map((node) => cluster.start(node)))
  await waitForSales(context, 60_000)
  return {
    kind: isAll ? 'power cut of all' : 'power cut of one',
    fromMs,
    toMs: performance.now(),
    nodes,
    proof: { cuts: nodes.length, ...summed(reports) },
  }
}

/** Kills the nodes at once and takes away what they had not synced. */
export async function cutAll(
  { cluster, random }: FaultContext,
  nodes: readonly string[],
  everything: boolean,
): Promise<readonly CutReport[]> {
  const exits = await Promise.all(nodes.map((node) => cluster.kill(node)))
  if (exits.some(({ signal }) => signal !== 'SIGKILL')) {
    throw new WorthlessRun(`${nodes.join(', ')} did not all die by SIGKILL.`)
  }
  const reports = nodes.map((node) => cluster.cutPower(node, random, everything))
  const syncs = reports.map((report) => report.syncs + report.lies)
  if (syncs.includes(0)) throw new WorthlessRun('The shim saw no sync of a node that was cut.')
  return reports
}

function summed(reports: readonly CutReport[]): Record<string, number> {
  const sum = { syncs: 0, bytesDropped: 0, filesTorn: 0, namesReverted: 0 }
  for (const report of reports)
    for (const key of Object.keys(sum) as (keyof typeof sum)[]) sum[key] += report[key]
  return sum
}
