import type { ChaosCluster } from '../chaos-cluster.ts'
import type { Load } from '../load.ts'
import type { Random } from '../random.ts'

export interface FaultContext {
  readonly cluster: ChaosCluster
  readonly load: Load
  readonly random: Random
}

/** One fault, begun and ended. It is not over before the cluster is whole again. */
export interface FaultRecord {
  readonly kind: string
  readonly fromMs: number
  readonly toMs: number
  readonly nodes: readonly string[]
  /** What was seen of it; a fault that was not seen makes the run worthless. */
  readonly proof: Readonly<Record<string, string | number>>
}

export type Fault = (context: FaultContext, round: number) => Promise<FaultRecord>

/** The leader's name, or that of any node while none leads. */
export async function leaderOrAny({ cluster, random }: FaultContext): Promise<string> {
  return (await cluster.leader())?.id ?? random.pick(cluster.nodes)
}

export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms))

/** Waits until clients are served again: a fault into a cluster that is still down proves little. */
export async function waitForSales({ load }: FaultContext, withinMs = 30_000): Promise<void> {
  const from = performance.now()
  const sold = (): boolean => {
    for (let at = load.operations.length - 1; at >= 0; at--) {
      const operation = load.operations[at]
      if (operation === undefined || operation.endMs < from) return false
      if (operation.call.kind === 'hold' && operation.outcome.type === 'done') return true
    }
    return false
  }
  while (!sold()) {
    if (performance.now() - from > withinMs) {
      throw new Error(`Nothing was sold for ${withinMs / 1000} s though the cluster is whole.`)
    }
    await pause(20)
  }
}
