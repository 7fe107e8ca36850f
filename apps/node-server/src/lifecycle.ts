import path from 'node:path'
import { Code, ConnectError } from '@connectrpc/connect'
import { openSnapshotStore, openWriteAheadLog } from '@quorail/raft-core/wal'
import { type NodeTls, openNodeTls } from './certificates/node-tls.ts'
import { createHotCalls } from './clients/hot-calls.ts'
import type { NodeConfig } from './config/node-config.ts'
import { foundingCommand, genesisOf, newIncarnation } from './founding.ts'
import { logHashVerdict, logNotComparable } from './hash-log-lines.ts'
import { openNodeHost, type RunningHost } from './host/node-host.ts'
import type { PeerSelf } from './host/types.ts'
import { type ClientPort, openClientPort } from './http/client-port.ts'
import type { Logger } from './log.ts'
import { type MetricsPort, openMetricsPort } from './metrics/metrics-port.ts'
import { createNodeMetrics, type NodeMetrics } from './metrics/node-metrics.ts'
import { type NodeWork, nodeRoutes, startNodeWork, webhookRoutes } from './node-work.ts'
import { clockAsker } from './peers/ask-clock.ts'
import { hashAsker } from './peers/ask-hashes.ts'
import { levelAsker } from './peers/ask-level.ts'
import { membersAsker } from './peers/ask-members.ts'
import { followMembers } from './peers/follow-members.ts'
import { openPeerPort, type PeerPort } from './peers/peer-port.ts'
import { logRefusals } from './peers/refusal-log.ts'
import { observeRaft } from './raft-log-lines.ts'
import { rehashDatabases } from './rehash-work.ts'
import { type ReportReader, startReportReader } from './reports/report-reader.ts'
import { createDoor } from './services/door.ts'
import { openDataFolder } from './storage/data-folder.ts'
import { loadQuickly } from './storage/load-quickly.ts'
import { type LockedFolder, lockFolder } from './storage/lock-folder.ts'
import type { RehashWatch } from './storage/rehash-watch.ts'
import { StateStore } from './storage/state-store.ts'
import { systemClock } from './system-clock.ts'
import { openTicketSigner } from './tickets/ticket-signer.ts'
import { noting, RecentStages } from './tracing/recent-stages.ts'
import { TraceBook } from './tracing/trace-book.ts'
import { createTraceInterceptors } from './tracing/trace-interceptors.ts'
import { logClockVerdict, wallClock } from './wall-clock.ts'

/** Why a node ends by itself, in good order. */
export type EndReason = 'removed' | 'restart wanted'

export interface RunningNode {
  readonly host: RunningHost
  readonly clientPort: number
  readonly peerPort: number
  /** undefined: none was asked for. */
  readonly metricsPort: number | undefined
  /** In good order: no new work, leadership handed over, streams closed, rows made durable. */
  stop(): Promise<void>
}

/** How long requests under way may still take when the node stops. */
const drainMs = 1_000

/** Starts one node: resolves when its log is open and its ports listen. */
export async function startNode(
  config: NodeConfig,
  log: Logger,
  onFailure: (error: Error) => void,
  onEnd: (reason: EndReason) => void,
): Promise<RunningNode> {
  const parts = new Parts()
  try {
    const tls = parts.add<NodeTls>(openNodeTls(config, log))
    const lock = parts.add<LockedFolder>(await lockFolder(path.join(config.dataFolder, 'log')))
    const folder = openDataFolder(config.dataFolder, config.id)
    if (folder.setAside !== undefined)
      log.warn(
        { folder: folder.setAside },
        'the log is gone: a new life; the old state is set aside',
      )
    const startedAt = performance.now()
    const { state, appliedIndex, slowBecause } = await loadQuickly(folder.databaseFile)
    const ms = Math.round(performance.now() - startedAt)
    log.info({ appliedIndex, ms, slowBecause }, 'state loaded')
    saySkipped(config, log)
    const rows = parts.add(new StateStore(folder.databaseFile))
    const reports = parts.add<ReportReader>(startReportReader(() => rows.file))
    const rehash = parts.add<RehashWatch>(rehashDatabases(config, rows, log, onFailure))
    const metrics = createNodeMetrics()
    metrics.certificates.watch(tls.ends)
    const peers = parts.add<PeerPort>(
      await openPeers(config, log, tls, metrics, () => parts.host?.control.asPeer()),
    )
    const genesis = genesisOf(config)
    const clusterId = (): string => parts.host?.status().clusterId ?? config.clusterId
    const recent = new RecentStages()
    const traces = new TraceBook(config.slowRequestMs)
    const figures = await openFigures(config, metrics)
    if (figures !== undefined) parts.add<MetricsPort>(figures)
    const noteRaft = observeRaft(log)
    const host = await openNodeHost({
      id: config.id,
      pid: process.pid,
      members: config.members,
      genesis,
      log: traces.entries.watching(
        openWriteAheadLog({
          disk: lock.disk,
          founding: { genesis, incarnation: newIncarnation() },
        }),
      ),
      onAppliedTo: (index) => traces.entries.applied(index),
      snapshots: openSnapshotStore({ disk: lock.disk }),
      raftConfig: { retainBytes: config.retainLogBytes, retainEntries: Number.MAX_SAFE_INTEGER },
      transport: peers.transport,
      rows: metrics.database(rows),
      clock: systemClock,
      wallMs: wallClock(),
      askClock: clockAsker(),
      onClockVerdict: logClockVerdict(log),
      askHashes: hashAsker(clusterId),
      askLevel: levelAsker(clusterId),
      askMembers: membersAsker(clusterId),
      onRemoved: () => onEnd('removed'),
      onHashVerdict: logHashVerdict(log),
      onNotComparable: logNotComparable(log),
      random: () => Math.random(),
      state,
      appliedIndex,
      skippedEntries: config.skippedEntries,
      founding: () => foundingCommand(config),
      metrics: noting(metrics.raft, recent),
      onRefused: metrics.refused,
      observer(event) {
        metrics.observe(event)
        noteRaft(event)
      },
      onFailure,
    })
    parts.host = host
    parts.add(host)
    // A node that joined knows it by its log alone.
    tls.expectCluster(host.status().clusterId)
    const following = parts.add(followMembers(host, peers, config, log))
    metrics.watch(host)
    const core = { host, tls, peers, following, rows, reports, rehash, lock }
    return await serve(config, log, { ...core, metrics, figures, recent, traces, onEnd })
  } catch (error) {
    await parts.close()
    throw error
  }
}

function saySkipped({ skippedEntries }: NodeConfig, log: Logger): void {
  if (skippedEntries.size > 0)
    log.warn({ entries: [...skippedEntries] }, 'entries that are passed over (--skip-entry)')
}

async function openPeers(
  config: NodeConfig,
  log: Logger,
  tls: NodeTls,
  { certificates }: NodeMetrics,
  self: () => PeerSelf | undefined,
): Promise<PeerPort> {
  const say = logRefusals(log)
  return openPeerPort({
    id: config.id,
    port: config.peerPort,
    hosts: config.hosts,
    peers: config.members
      .filter(({ id }) => id !== config.id)
      .map(({ id, peerUrl }) => ({ id, url: peerUrl })),
    onState: (peer, reachable, detail) =>
      log.info({ peer, reachable, detail }, reachable ? 'peer reached' : 'peer not reached'),
    onBulk: (peer, isOpen, detail) =>
      log.info({ peer, lane: 'bulk', isOpen, detail }, "a snapshot's connection to a peer"),
    certificate: tls.peer,
    self,
    onRefused(refused) {
      certificates.refused(refused)
      say(refused)
    },
  })
}

async function openFigures(
  { metricsPort, hosts }: NodeConfig,
  metrics: NodeMetrics,
): Promise<MetricsPort | undefined> {
  return metricsPort === undefined ? undefined : openMetricsPort(metrics, metricsPort, hosts)
}

interface Core {
  readonly host: RunningHost
  readonly tls: NodeTls
  readonly peers: PeerPort
  readonly following: { close(): Promise<void> }
  readonly rows: StateStore
  readonly reports: ReportReader
  readonly rehash: RehashWatch
  readonly lock: LockedFolder
  readonly metrics: NodeMetrics
  readonly figures: MetricsPort | undefined
  readonly onEnd: (reason: EndReason) => void
  readonly recent: RecentStages
  readonly traces: TraceBook
}

function traceCalls({ slowRequestMs }: NodeConfig, log: Logger, { recent, traces }: Core) {
  return createTraceInterceptors({
    slowMs: slowRequestMs,
    recent,
    onSlow(call) {
      log.warn(call, 'slow request')
      traces.slow(call)
    },
    ...(log.isLevelEnabled('debug') && { onCall: (call) => log.debug(call, 'call') }),
  })
}

async function serve(config: NodeConfig, log: Logger, core: Core): Promise<RunningNode> {
  const signer = openTicketSigner(config.dataFolder)
  const { host, peers, rows, reports, rehash, lock, metrics, figures } = core
  const door = createDoor(host, config)
  const tracing = traceCalls(config, log, core)
  const shutdown = new AbortController()
  let stopping = false
  const port: ClientPort = await openClientPort({
    port: config.clientPort,
    hosts: config.hosts,
    origins: config.origins,
    routes: nodeRoutes(
      host,
      config,
      reports,
      signer,
      () => core.onEnd('restart wanted'),
      door,
      metrics.watches,
      tracing.streamed(metrics.streamed),
      core.traces,
    ),
    interceptors: [metrics.interceptor, tracing.outer, ...door.interceptors, tracing.inner],
    behindProxy: config.behindProxy,
    certificate: core.tls.client,
    plainRoutes: webhookRoutes(host, config, log),
    takers: (parts) => [
      createHotCalls({ ...parts, host, door, watch: tracing.streamed(metrics.single) }),
    ],
    health: { unready: () => (stopping ? ['stopping'] : host.status().unready) },
    onBug: (method, reason) =>
      log.error({ method, error: String(reason) }, 'a call was not answered'),
    shutdownSignal: shutdown.signal,
  })
  const work: NodeWork = startNodeWork(host, config, log, signer)
  return {
    host,
    clientPort: port.port,
    peerPort: peers.port,
    metricsPort: figures?.port,
    async stop() {
      stopping = true
      // Watchers and assistants go to another node; unary calls under way get their answers.
      shutdown.abort(new ConnectError('this node is stopping', Code.Unavailable))
      const drained = port.close(drainMs)
      const workEnded = work.stop()
      // Before its jobs have ended, because they may wait for the log; and while the peers are still
      // connected, because leadership is handed over through them.
      await host.close()
      await Promise.all([drained, workEnded])
      await figures?.close()
      await reports.close()
      await rehash.close()
      await rows.close()
      await core.following.close()
      await peers.close()
      await core.tls.close()
      await lock.close()
    },
  }
}

/** What was opened so far, so that a start that fails half way leaves nothing open. */
class Parts {
  host: RunningHost | undefined
  readonly #parts: { close(): Promise<void> }[] = []

  add<Part extends { close(): Promise<void> }>(part: Part): Part {
    this.#parts.push(part)
    return part
  }

  async close(): Promise<void> {
    for (const part of this.#parts.reverse()) await part.close()
  }
}
