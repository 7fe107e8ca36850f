import type { WayCounts } from '../../../../tools/testing/proxy-mesh.ts'
import { WorthlessRun } from '../worthless-run.ts'
import { type Fault, type FaultContext, pause, waitForSales } from './fault.ts'
import { readDirectly, summary } from './reads-in-flight.ts'

const lastsMs = 3_000
const slowMs = 60

interface Shape {
  readonly kind: string
  /** Of the leader and the others, the ways that are cut or slow. */
  readonly ways: (
    leader: string,
    others: readonly string[],
  ) => readonly (readonly [string, string])[]
  readonly slow?: true
  /** Another must lead meanwhile. */
  readonly deposes?: true
}

const shapes: readonly Shape[] = [
  {
    kind: 'leader cut off',
    ways: (leader, others) =>
      others.flatMap((node) => [[leader, node] as const, [node, leader] as const]),
    deposes: true,
  },
  {
    kind: 'nothing from the leader arrives',
    ways: (leader, others) => others.map((node) => [leader, node] as const),
    deposes: true,
  },
  {
    kind: 'nothing arrives at the leader',
    ways: (leader, others) => others.map((node) => [node, leader] as const),
    deposes: true,
  },
  {
    kind: 'leader and one follower cut apart',
    ways: (leader, [node = '']) => [[leader, node] as const, [node, leader] as const],
  },
  {
    kind: 'follower cut off',
    ways: (leader, [node = '', other = '']) => [
      ...[[leader, node] as const, [node, leader] as const],
      ...[[other, node] as const, [node, other] as const],
    ],
  },
  {
    kind: 'slow leader',
    ways: (leader, others) =>
      others.flatMap((node) => [[leader, node] as const, [node, leader] as const]),
    slow: true,
  },
]

/** The shapes one after the other. Clients reach all nodes all the time, also one that is cut off. */
export const partition: Fault = async (context, round) => {
  const { cluster, random } = context
  const shape = shapes[round % shapes.length] as Shape
  const { id: leader, term } = await cluster.waitForLeader()
  const others = cluster.nodes.filter((node) => node !== leader)
  if (random.chance(0.5)) others.reverse()
  const ways = shape.ways(leader, others)
  const before = ways.map(([from, to]) => cluster.mesh.counts(from, to))
  const fromMs = performance.now()
  try {
    for (const [from, to] of ways)
      cluster.mesh.set(from, to, shape.slow ? { delayMs: slowMs } : 'cut')
    const successor = shape.deposes ? await otherLeader(context, leader, term) : undefined
    if (!shape.slow) await waitForSales(context)
    const reads = await readDirectly(context, leader, 2)
    await pause(Math.max(0, lastsMs - (performance.now() - fromMs)))
    cluster.mesh.mendAll()
    const bytes = ways.reduce((sum, [from, to], at) => {
      const [now, then] = [cluster.mesh.counts(from, to), before[at] as WayCounts]
      return sum + now.swallowed - then.swallowed + now.delayed - then.delayed
    }, 0)
    if (bytes === 0)
      throw new WorthlessRun(`${shape.kind}: nothing came to the ways that were cut.`)
    await waitForSales(context)
    return {
      kind: shape.kind,
      fromMs,
      toMs: performance.now(),
      nodes: [leader, ...others],
      proof: {
        [shape.slow ? 'bytesDelayed' : 'bytesSwallowed']: bytes,
        ...(successor !== undefined && { successor }),
        readsAtTheOldLeader: summary(reads),
      },
    }
  } finally {
    cluster.mesh.mendAll()
  }
}

async function otherLeader({ cluster }: FaultContext, old: string, term: number): Promise<string> {
  const deadline = performance.now() + 30_000
  while (performance.now() < deadline) {
    const leader = await cluster.leader()
    if (leader !== undefined && leader.id !== old && leader.term > term) return leader.id
    await pause(50)
  }
  throw new WorthlessRun(`The leader ${old} was cut off, and nobody else led within 30 s.`)
}
