/** What nodes say of themselves, asked without a process of its own. */
import { createClient } from '@connectrpc/connect'
import { createConnectTransport } from '@connectrpc/connect-node'
import { ClusterService, type NodeStatus, Role } from '@quorail/proto/quorail/cluster/v1/cluster_pb'
import type { TestCluster } from '../../../tools/testing/cluster.ts'

export class Nodes {
  readonly #asked: ReadonlyMap<string, () => Promise<NodeStatus | undefined>>

  constructor({ nodeIds, addresses }: TestCluster) {
    this.#asked = new Map(nodeIds.map((id, at) => [id, askNode(addresses.nodes[at] ?? '')]))
  }

  /** Undefined when it does not answer. */
  ask(id: string): Promise<NodeStatus | undefined> {
    return this.#asked.get(id)?.() ?? Promise.resolve(undefined)
  }

  async all(): Promise<readonly NodeStatus[]> {
    const answers = await Promise.all([...this.#asked.values()].map((ask) => ask()))
    return answers.filter((status) => status !== undefined)
  }

  /** The one that leads and serves, in the highest term. */
  async leader(): Promise<NodeStatus | undefined> {
    const leading = (await this.all()).filter(({ role, ready }) => role === Role.LEADER && ready)
    return leading.sort((a, b) => Number(b.term - a.term))[0]
  }

  /** Until all are ready and know as much as the leader, within `entries`; gives the leader. */
  async whole(withinMs: number, entries = 5_000n): Promise<NodeStatus> {
    return until(withinMs, 'not all nodes were ready', async () => {
      const [leader, all] = [await this.leader(), await this.all()]
      if (leader === undefined || all.length < this.#asked.size) return undefined
      const near = leader.appliedIndex - entries
      return all.every(({ ready, appliedIndex }) => ready && appliedIndex >= near)
        ? leader
        : undefined
    })
  }
}

export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms))

/** Asks again and again until there is an answer. */
export async function until<T>(
  withinMs: number,
  otherwise: string,
  ask: () => Promise<T | undefined>,
  everyMs = 50,
): Promise<T> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    if (performance.now() > deadline) throw new Error(`${otherwise} within ${withinMs / 1000} s`)
    await pause(everyMs)
  }
}

export function askNode(url: string): () => Promise<NodeStatus | undefined> {
  const transport = createConnectTransport({ baseUrl: url, httpVersion: '1.1' })
  const client = createClient(ClusterService, transport)
  return async () => {
    try {
      return (await client.getStatus({}, { timeoutMs: 1_000 })).status
    } catch {
      return undefined
    }
  }
}
