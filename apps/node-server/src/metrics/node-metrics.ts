import type { Interceptor } from '@connectrpc/connect'
import type { Metrics, RaftEvent, Stage } from '@quorail/raft-core'
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import type { RefusedFor } from '../host/command-gate.ts'
import type { NodeHost } from '../host/types.ts'
import { createWatchMeter, type WatchMeter } from '../watch/watch-meter.ts'
import type { CallCounts } from './call-counts.ts'
import { type CertificateFigures, createCertificateFigures } from './certificate-figures.ts'
import { describeHost } from './host-gauges.ts'
import { createRpcMeter } from './rpc-meter.ts'

/** What a node counts, for Prometheus. Every name begins with `quorail_`, but those of the process itself. */
export interface NodeMetrics {
  readonly contentType: string
  /** For the Raft node. */
  readonly raft: Metrics
  observe(event: RaftEvent): void
  /** A command was refused because there is too much to do. */
  refused(reason: RefusedFor): void
  /** For the services: how many calls, how they ended, and how long they took. */
  readonly interceptor: Interceptor
  /** The same of calls by themselves that go past the interceptors. */
  readonly single: CallCounts
  /** And of those that come in streams of commands. */
  readonly streamed: CallCounts
  readonly watches: WatchMeter
  readonly certificates: CertificateFigures
  /** From now on the node's own figures are among them. */
  watch(host: NodeHost): void
  /** All of them, in Prometheus's text format. */
  text(): Promise<string>
}

/** From an entry's wait in memory to a slow disk: 50 µs to 3 s. */
const stageSeconds = [
  0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 3,
]

export function createNodeMetrics(): NodeMetrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const seconds = new Histogram({
    name: 'quorail_raft_stage_seconds',
    help: 'How long batches spent in a stage: queue, append (until durable here), replicate, commit, apply',
    labelNames: ['stage'],
    buckets: stageSeconds,
    registers,
  })
  const entries = new Counter({
    name: 'quorail_raft_stage_entries_total',
    help: 'Entries that went through a stage',
    labelNames: ['stage'],
    registers,
  })
  const counts = new Counter({
    name: 'quorail_raft_total',
    help: 'What raft-core counts, by its name for it',
    labelNames: ['what'],
    registers,
  })
  const events = new Counter({
    name: 'quorail_raft_events_total',
    help: 'What Raft reports: changes of role and leader, lost quorums, stalled disks, snapshots',
    labelNames: ['event'],
    registers,
  })
  const refusals = new Counter({
    name: 'quorail_refused_commands_total',
    help: 'Commands refused before they were proposed, because there is too much to do',
    labelNames: ['reason'],
    registers,
  })
  return {
    contentType: registry.contentType,
    raft: {
      stage(stage: Stage, durationMs: number, count: number) {
        seconds.observe({ stage }, durationMs / 1000)
        entries.inc({ stage }, count)
      },
      count: (what, by) => counts.inc({ what }, by),
    },
    refused: (reason) => refusals.inc({ reason }),
    observe: ({ type }) => events.inc({ event: type }),
    ...createRpcMeter(registry),
    watches: createWatchMeter(registry),
    certificates: createCertificateFigures(registry),
    watch: (host) => describeHost(registry, host),
    text: () => registry.metrics(),
  }
}
