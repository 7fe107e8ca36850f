import { create } from '@bufbuild/protobuf'
import { timestampFromMs } from '@bufbuild/protobuf/wkt'
import type { ServiceImpl } from '@connectrpc/connect'
import {
  type ClusterService,
  GetStatusResponseSchema,
  type NodeStatus,
  NodeStatusSchema,
  Role,
  WatchStatusResponseSchema,
} from '@quorail/proto/quorail/cluster/v1/cluster_pb'
import type { HashCheckpoint } from '../host/hash-verdict.ts'
import { pause } from '../host/leader-work.ts'
import type { HostStatus, NodeHost } from '../host/types.ts'
import { TraceBook } from '../tracing/trace-book.ts'
import { HostChanges } from './host-changes.ts'
import { traceMessage } from './trace-message.ts'

const roles: Readonly<Record<HostStatus['role'], Role>> = {
  follower: Role.FOLLOWER,
  preCandidate: Role.PRE_CANDIDATE,
  candidate: Role.CANDIDATE,
  leader: Role.LEADER,
}

/** Changes come faster than anybody reads: a watcher gets at most one status in this time. */
const shortestGapMs = 100
/** Silence means loss, so there is something to hear at least so often. */
const longestGapMs = 2_000

/** What a node says about itself: on every node, leader or not, with or without a quorum. */
export function createClusterService(
  host: NodeHost,
  traces: TraceBook = new TraceBook(0),
): ServiceImpl<typeof ClusterService> {
  return {
    getStatus({ withCheckpoints }) {
      const noted = withCheckpoints ? host.hashCheckpoints() : []
      const [ofState, ofRecords] = [false, true].map((records) =>
        noted.filter((it) => (it.ofRecords === true) === records).map(checkpointMessage),
      )
      return create(GetStatusResponseSchema, {
        status: statusMessage(host),
        checkpoints: ofState ?? [],
        recordCheckpoints: ofRecords ?? [],
      })
    },
    getTrace: (request) => traceMessage(traces, request),
    async *watchStatus(_request, { signal }) {
      const changes = new HostChanges(host)
      try {
        while (!signal.aborted) {
          yield create(WatchStatusResponseSchema, { status: statusMessage(host) })
          await pause(shortestGapMs, signal)
          await changes.next(longestGapMs - shortestGapMs, signal)
        }
        // A node that stops says so: its watchers go to another.
        signal.throwIfAborted()
      } finally {
        changes.close()
      }
    },
  }
}

const checkpointMessage = ({ index, stateHash }: HashCheckpoint) => ({
  index: BigInt(index),
  stateHash,
})

export function statusMessage(host: NodeHost): NodeStatus {
  const status = host.status()
  return create(NodeStatusSchema, {
    id: status.id,
    address: status.address,
    pid: status.pid,
    role: roles[status.role],
    term: BigInt(status.term),
    leaderId: status.leader?.id ?? '',
    leaderUrl: status.leader?.clientUrl ?? '',
    lastIndex: BigInt(status.lastIndex),
    commitIndex: BigInt(status.commitIndex),
    appliedIndex: BigInt(status.appliedIndex),
    durableIndex: BigInt(status.durableIndex),
    hashIndex: BigInt(status.hashIndex),
    stateHash: status.stateHash,
    logSizeBytes: BigInt(status.logSizeBytes),
    ready: status.ready,
    peers: status.peers.map(({ id, matchIndex, active }) => ({
      id,
      matchIndex: BigInt(matchIndex),
      active,
    })),
    now: timestampFromMs(host.nowMs()),
    startedAt: timestampFromMs(status.startedAtMs),
    clusterId: status.clusterId,
    members: status.members.map(({ id, clientUrl, peerUrl, votes }) => ({
      id,
      address: clientUrl,
      peerAddress: peerUrl,
      voter: votes,
    })),
    configIndex: BigInt(status.configIndex),
    wallClock: timestampFromMs(status.wallMs),
    featureLevel: status.featureLevel,
    supportedFeatureLevel: status.supportedFeatureLevel,
    ...(status.clockOffsetMs === undefined
      ? {}
      : { clockOffsetMs: BigInt(Math.round(status.clockOffsetMs)) }),
  })
}
