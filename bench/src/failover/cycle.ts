/** What is done to a leader, and how the cluster becomes whole again. */
import type { NodeStatus } from '@quorail/proto/quorail/cluster/v1/cluster_pb'
import type { TestCluster } from '../../../tools/testing/cluster.ts'
import type { ProxyMesh } from '../../../tools/testing/proxy-mesh.ts'
import { type Nodes, pause, until } from '../cluster/nodes.ts'
import type { Bookings } from './bookings.ts'
import { clockMs } from './clock.ts'
import { longestGap } from './gaps.ts'

export type Fault = 'killed' | 'paused' | 'cut off'

export interface Subjected {
  readonly cluster: TestCluster
  readonly nodes: Nodes
  readonly mesh: ProxyMesh
  readonly bookings: Bookings
}

export interface Cycle {
  readonly fault: Fault
  readonly leader: string
  /** Until another node led and served. */
  readonly electedMs: number
  /** The longest time between two acknowledged bookings, of whichever client; until all nodes had caught up. */
  readonly gapMs: number
  /** The same for each client by itself. */
  readonly clientGapsMs: readonly number[]
  readonly wholeAfterMs: number
  readonly acknowledged: number
  readonly failures: Readonly<Record<string, number>>
}

/** So long the clients are served again before a dead node comes back, and before the next fault. */
const calmMs = 1_500
/** A leader is paused or cut off for so long at least. */
const lastsMs = 3_000
const wholeWithinMs = 180_000

export async function runCycle(to: Subjected, fault: Fault): Promise<Cycle> {
  const { nodes, bookings } = to
  const { id: leader, term } = await nodes.whole(wholeWithinMs)
  await bookings.take()
  await pause(calmMs)
  const fromMs = clockMs()
  const mend = await begin(to, fault, leader)
  await nextLeader(nodes, to.cluster.nodeIds, leader, term)
  const electedMs = clockMs() - fromMs
  await pause(Math.max(calmMs, fault === 'killed' ? 0 : lastsMs - electedMs))
  await mend()
  await nodes.whole(wholeWithinMs)
  const toMs = clockMs()
  const { acknowledgedMs, failures } = await bookings.take()
  const all = Float64Array.from(acknowledgedMs.flatMap((times) => [...times]))
  const gapOf = (times: Float64Array) => longestGap(times, lastBefore(times, fromMs), toMs)
  return {
    ...{ fault, leader, electedMs, wholeAfterMs: toMs - fromMs, failures },
    gapMs: gapOf(all),
    clientGapsMs: acknowledgedMs.map(gapOf),
    acknowledged: all.length,
  }
}

/** Gives what makes the leader whole again. */
async function begin(to: Subjected, fault: Fault, leader: string): Promise<() => Promise<void>> {
  const { cluster, mesh } = to
  if (fault === 'killed') {
    const { signal } = await cluster.kill(leader)
    if (signal !== 'SIGKILL') throw new Error(`${leader} did not die by SIGKILL`)
    return () => cluster.start(leader)
  }
  if (fault === 'paused') {
    cluster.pause(leader)
    return async () => cluster.resume(leader)
  }
  for (const other of cluster.nodeIds.filter((id) => id !== leader)) {
    mesh.set(leader, other, 'cut')
    mesh.set(other, leader, 'cut')
  }
  return async () => mesh.mendAll()
}

function nextLeader(
  nodes: Nodes,
  ids: readonly string[],
  old: string,
  term: bigint,
): Promise<string> {
  const others = ids.filter((id) => id !== old)
  return until(
    60_000,
    'nobody else led',
    async () => {
      const all: (NodeStatus | undefined)[] = await Promise.all(others.map((id) => nodes.ask(id)))
      return all.find((one) => one?.leaderId === one?.id && one?.ready && one.term > term)?.id
    },
    25,
  )
}

/** The gap begins with the last answer before the fault. */
function lastBefore(times: Float64Array, fromMs: number): number {
  const before = times.filter((at) => at <= fromMs)
  return before.length === 0 ? fromMs : before.reduce((a, b) => Math.max(a, b))
}
