import type { Interceptor } from '@connectrpc/connect'
import type { Metrics, RaftEvent } from '@quorail/raft-core'
import { Counter, collectDefaultMetrics, Registry } from 'prom-client'
import type { RefusedFor } from '../host/command-gate.ts'
import type { NodeHost } from '../host/types.ts'
import { createWatchMeter, type WatchMeter } from '../watch/watch-meter.ts'
import type { CallCounts } from './call-counts.ts'
import { type CertificateFigures, createCertificateFigures } from './certificate-figures.ts'
import { createDatabaseFigures, type DatabaseFigures } from './database-figures.ts'
import { describeHost } from './host-gauges.ts'
import { createRaftFigures } from './raft-figures.ts'
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
  /** For the database that the host is given. */
  readonly database: DatabaseFigures
  /** From now on the node's own figures are among them. */
  watch(host: NodeHost): void
  /** All of them, in Prometheus's text format. */
  text(): Promise<string>
}

export function createNodeMetrics(): NodeMetrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
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
    raft: createRaftFigures(registry),
    refused: (reason) => refusals.inc({ reason }),
    observe: ({ type }) => events.inc({ event: type }),
    ...createRpcMeter(registry),
    watches: createWatchMeter(registry),
    certificates: createCertificateFigures(registry),
    database: createDatabaseFigures(registry),
    watch: (host) => describeHost(registry, host),
    text: () => registry.metrics(),
  }
}
