import type { BookingState, FoundCluster } from '@quorail/booking-fsm'
import type {
  Clock,
  Genesis,
  LogStore,
  Metrics,
  RaftConfig,
  RaftEvent,
  Random,
  SnapshotStore,
  Transport,
} from '@quorail/raft-core'
import type { ClusterControl } from './cluster-control.ts'
import type { RefusedFor } from './command-gate.ts'
import type { FitnessPorts } from './fitness.ts'
import type { AskLevel } from './level-raiser.ts'
import type { AskMembers } from './removal-watch.ts'
import type { Roster } from './roster.ts'
import type { RowStore } from './row-store.ts'
import type { MemberAddress, NodeHost } from './types.ts'
import type { SkippedEntries } from './unappliable-entry.ts'

/** A node over its ports: what runs in production and in a simulator. */
export interface NodeHostOptions extends FitnessPorts {
  readonly id: string
  readonly pid: number
  /** Those that this node was told when it started: the founders, or none for a node that joins. */
  readonly members: readonly MemberAddress[]
  /** Of a founder. Without it, an empty log waits to be added. */
  readonly genesis?: Genesis | undefined
  readonly log: LogStore
  readonly transport: Transport
  readonly rows: RowStore
  /** Where snapshots are kept for followers that are far behind. Without it the log is kept whole. */
  readonly snapshots?: SnapshotStore | undefined
  readonly clock: Clock
  /** Milliseconds since 1970, as this machine believes. */
  readonly wallMs: () => number
  readonly random: Random
  /** Which feature level a peer's version knows. With it, the leader raises the cluster's level. */
  readonly askLevel?: AskLevel
  /** The level that this node's version knows. */
  readonly supportedFeatureLevel?: number
  /** What the database holds; the log behind `appliedIndex` is applied to it. */
  readonly state: BookingState
  readonly appliedIndex: number
  /** Passed over by an operator's word. */
  readonly skippedEntries?: SkippedEntries | undefined
  /** Asked for when this node is the first leader of a new cluster. */
  readonly founding: () => FoundCluster
  readonly raftConfig?: Partial<RaftConfig>
  readonly observer?: (event: RaftEvent) => void
  /** Where Raft's figures go. */
  readonly metrics?: Metrics
  /** Rows waiting for the database beyond which this node takes no new work. Default 50,000. */
  readonly refuseAtRows?: number
  /** The same, by about what they weigh in memory. Default 64 MiB. */
  readonly refuseAtBytes?: number
  /** A peer's view of the members. With it, a node that was removed learns of it. */
  readonly askMembers?: AskMembers
  /** This node belongs to the cluster no longer. Called once. */
  readonly onRemoved?: () => void
  /** A command was refused before it was proposed, because there is too much to do. */
  readonly onRefused?: (reason: RefusedFor) => void
  /** All entries up to this index are applied here. Must not throw. */
  readonly onAppliedTo?: (index: number) => void
  /** The log or the database has failed: the process must end. Called once. */
  readonly onFailure: (error: Error) => void
}

export interface RunningHost extends NodeHost {
  readonly roster: Roster
  readonly control: ClusterControl
  /** Hands leadership over, answers what is pending, and makes every row durable. */
  close(): Promise<void>
}
