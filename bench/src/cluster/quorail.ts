import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Transport } from '@connectrpc/connect'
import { createConnectTransport } from '@connectrpc/connect-node'
import { createClusterTransport } from '@quorail/cluster-client'
import { TestCluster, type TestClusterOptions } from '../../../tools/testing/cluster.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { guardFolder } from '../harness/guard.ts'
import type { Callers } from './callers.ts'
import type { Railway, Way, Work } from './drivers.ts'
import type { Profiles } from './profiles.ts'
import { type Login, openRailway } from './railway.ts'
import { believing } from './railway-drivers.ts'
import type { RunningSystem } from './system.ts'

const operator = { email: 'operator@example.org', password: 'a good password' }

export interface Quorail {
  readonly cluster: TestCluster
  /** Calls in a stream, and each by itself. */
  system(kind: Way): RunningSystem
  target(kind: Way, work: Work, leader: string): Railway
  readonly transport: Transport
  readonly operator: Login
  /** Of a passenger who may hold as much as there is. */
  readonly sessionToken: string
}

export interface QuorailOptions {
  readonly folder: string
  readonly callers: Callers
  readonly runs: number
  readonly cleanup: Cleanup
  /** Where the nodes' CPU profiles are written. */
  readonly profile?: string | undefined
  /** Who samples the nodes while they run. */
  readonly profiles?: Profiles | undefined
  /** Without one that is there already: with a timetable of its own. */
  readonly open?: (transport: Transport, operator: Login, runs: number) => Promise<string>
  readonly more?: Omit<TestClusterOptions, 'demo'>
}

/** Three nodes and the payment sandbox, each a process, with their data under `folder`. */
export async function startQuorail(options: QuorailOptions): Promise<Quorail> {
  const { folder, callers, runs, cleanup, profile, profiles, more, open = openRailway } = options
  const own = mkdtempSync(path.join(folder, 'quorail-'))
  guardFolder(own)
  const file = path.join(own, 'operator.json')
  writeFileSync(file, JSON.stringify(operator), { mode: 0o600 })
  const written = profile === undefined ? '' : `--cpu-prof --cpu-prof-dir=${path.resolve(profile)}`
  const starting = startCluster(own, {
    // A node counts whether or not anybody asks.
    ...{ metrics: true, ...more },
    demo: false,
    nodeArguments: ['--first-operator', file, ...(more?.nodeArguments ?? [])],
    nodeEnvironment: profiles?.environment(written) ?? { NODE_OPTIONS: written },
  })
  const stop = async (): Promise<void> => {
    // Also when it is told to stop while it starts.
    const started = await starting.catch(() => undefined)
    await started?.stop()
    rmSync(own, { recursive: true, force: true })
  }
  cleanup.add(stop)
  const cluster = await starting
  const endpoints = cluster.addresses.nodes
  const authority = cluster.authority && readFileSync(cluster.authority, 'utf8')
  const transport = createClusterTransport({
    endpoints,
    createTransport: (baseUrl) =>
      createConnectTransport({
        ...{ baseUrl, httpVersion: '2', idleConnectionTimeoutMs: 100 },
        ...believing(authority),
      }),
  })
  await cluster.leader(60_000)
  const sessionToken = await whenReady(() => open(transport, operator, runs))
  const { paymentSandbox: paymentUrl } = cluster.addresses
  const target: Quorail['target'] = (kind, work, leader) => ({
    ...{ kind, endpoints, leader, sessionToken, runs, work, paymentUrl, authority },
  })
  const byRole = async <T>(of: (id: string) => T) => {
    const leader = await cluster.leader()
    const [one = '', other = ''] = cluster.nodeIds.filter((id) => id !== leader.id)
    return { leader: of(leader.id), follower: of(one), 'other follower': of(other) }
  }
  return {
    ...{ cluster, transport, sessionToken, operator, target },
    system: (kind) => ({
      async processes() {
        return byRole((id) => cluster.pid(id))
      },
      async figures() {
        return byRole((id) => cluster.metricsAddress(id))
      },
      async run({ work, ...order }) {
        const leader = (await cluster.leader()).address
        return callers.run({ ...order, target: target(kind, work, leader) })
      },
    }),
  }
}

/** `TestCluster` makes its folder where temporary files are. */
async function startCluster(own: string, options: TestClusterOptions): Promise<TestCluster> {
  const temporary = process.env.TMPDIR
  process.env.TMPDIR = own
  try {
    return await TestCluster.start(options)
  } finally {
    if (temporary === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = temporary
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
