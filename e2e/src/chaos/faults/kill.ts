import { WorthlessRun } from '../worthless-run.ts'
import {
  type Fault,
  type FaultContext,
  type FaultRecord,
  leaderOrAny,
  waitForSales,
} from './fault.ts'

type Shape = 'one' | 'two' | 'all'

/** How many at once, one round after the other: nine nodes in four rounds. */
const shapes: readonly Shape[] = ['one', 'all', 'two', 'all']

/**
 * `kill -9` of one node, mostly the leader, of two, which is the majority, or of all at once; they are started again at once. The
 * next round begins when all of them are back and clients have bought again.
 */
export const kill: Fault = async (context, round) => {
  const { cluster, random } = context
  const shape = shapes[round % shapes.length] as Shape
  if (shape === 'all') return killNodes(context, 'kill all', cluster.nodes)
  const leader = await leaderOrAny(context)
  const others = cluster.nodes.filter((node) => node !== leader)
  if (shape === 'two') return killNodes(context, 'kill two', [leader, random.pick(others)])
  const isLeader = random.chance(0.6)
  const victim = isLeader ? leader : random.pick(others)
  return killNodes(context, isLeader ? 'kill leader' : 'kill follower', [victim])
}

async function killNodes(
  context: FaultContext,
  kind: string,
  nodes: readonly string[],
): Promise<FaultRecord> {
  const { cluster } = context
  const fromMs = performance.now()
  const before = nodes.map((node) => cluster.pid(node))
  const exits = await Promise.all(nodes.map((node) => cluster.kill(node)))
  await Promise.all(nodes.map((node) => cluster.start(node)))
  const after = nodes.map((node) => cluster.pid(node))
  const happened = exits.every(({ signal }, at) => signal === 'SIGKILL' && after[at] !== before[at])
  if (!happened) throw new WorthlessRun(`${kind}: ${nodes.join(', ')} did not die by SIGKILL.`)
  await waitForSales(context)
  return {
    kind,
    fromMs,
    toMs: performance.now(),
    nodes,
    proof: { kills: nodes.length, pidsBefore: before.join(' '), pidsAfter: after.join(' ') },
  }
}
