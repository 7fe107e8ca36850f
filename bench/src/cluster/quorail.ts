import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { createConnectTransport } from '@connectrpc/connect-node'
import { createClusterTransport } from '@quorail/cluster-client'
import { TestCluster } from '../../../tools/testing/cluster.ts'
import type { Callers } from './callers.ts'
import type { Target } from './drivers.ts'
import { openRailway } from './railway.ts'
import type { RunningSystem } from './system.ts'

const operator = { email: 'operator@example.org', password: 'a good password' }

export interface Quorail {
  readonly cluster: TestCluster
  /** Calls in a stream, and each by itself. */
  system(kind: 'stream' | 'unary'): RunningSystem
  stop(): Promise<void>
}

/** Three nodes and the payment sandbox, each a process, with their data under `folder`. */
export async function startQuorail(
  folder: string,
  callers: Callers,
  runs: number,
  profile: string | undefined,
): Promise<Quorail> {
  const own = mkdtempSync(path.join(folder, 'quorail-'))
  const file = path.join(own, 'operator.json')
  writeFileSync(file, JSON.stringify(operator), { mode: 0o600 })
  const temporary = process.env.TMPDIR
  process.env.TMPDIR = own
  const cluster = await TestCluster.start({
    demo: false,
    nodeArguments: ['--first-operator', file],
    ...(profile !== undefined && {
      nodeEnvironment: { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${path.resolve(profile)}` },
    }),
  })
  if (temporary === undefined) delete process.env.TMPDIR
  else process.env.TMPDIR = temporary
  const endpoints = cluster.addresses.nodes
  const transport = createClusterTransport({
    endpoints,
    createTransport: (baseUrl) =>
      createConnectTransport({ baseUrl, httpVersion: '2', idleConnectionTimeoutMs: 100 }),
  })
  const sessionToken = await ready(cluster, () => openRailway(transport, operator, runs))
  return {
    cluster,
    system: (kind) => ({
      async processes() {
        const leader = await cluster.leader()
        const [one, other] = cluster.nodeIds.filter((id) => id !== leader.id)
        return {
          leader: cluster.pid(leader.id),
          follower: cluster.pid(one ?? ''),
          'other follower': cluster.pid(other ?? ''),
        }
      },
      async run({ work, ...order }) {
        const leader = (await cluster.leader()).address
        const { paymentSandbox: paymentUrl } = cluster.addresses
        const target: Target = {
          ...{ kind, endpoints, leader, sessionToken, runs, work, paymentUrl },
        }
        return callers.run({ ...order, target })
      },
      stop: async () => {},
    }),
    async stop() {
      await cluster.stop()
      rmSync(own, { recursive: true, force: true })
    },
  }
}

/** Nobody is left behind by a cluster that does not become one. */
async function ready(cluster: TestCluster, open: () => Promise<string>): Promise<string> {
  try {
    await cluster.leader(30_000)
    return await whenReady(open)
  } catch (error) {
    await cluster.stop()
    throw error
  }
}

/** The first operator is registered a moment after there is a leader. */
async function whenReady<T>(open: () => Promise<T>): Promise<T> {
  const until = performance.now() + 30_000
  for (;;) {
    try {
      return await open()
    } catch (error) {
      if (performance.now() > until) throw error
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
  }
}
