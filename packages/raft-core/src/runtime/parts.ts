/** The parts of a running node, put together. */
import type { StateMachine } from '../ports.ts'
import { AppliedWaiters } from './applied-waiters.ts'
import { Applying } from './applying.ts'
import { Compaction } from './compaction.ts'
import { ForwardService, firstForwardId } from './forward-service.ts'
import { Forwarding } from './forwarding.ts'
import type { Host } from './host.ts'
import { Leases } from './leases.ts'
import { Mail } from './mail.ts'
import { MembershipChanges } from './membership.ts'
import type { Opened } from './opening.ts'
import { Operations } from './operations.ts'
import type { RaftNodeOptions } from './options.ts'
import { Proposals } from './proposals.ts'
import { leaseMs } from './raft-config.ts'
import { Reads } from './reads.ts'
import { SnapshotFetching } from './snapshot-fetching.ts'
import { SnapshotServing } from './snapshot-serving.ts'
import { SnapshotShelf } from './snapshot-shelf.ts'
import { SnapshotTaking } from './snapshot-taking.ts'
import { Stages } from './stages.ts'
import { Standing } from './standing.ts'
import { Transfers } from './transfers.ts'

export interface Parts<Result> {
  readonly standing: Standing
  readonly proposals: Proposals<Result>
  readonly forwarding: Forwarding<Result>
  readonly forwardService: ForwardService
  readonly waiters: AppliedWaiters
  readonly reads: Reads
  readonly leases: Leases
  readonly transfers: Transfers
  readonly changes: MembershipChanges
  readonly mail: Mail
  readonly operations: Operations
  readonly applying: Applying<Result>
  /** Undefined without a store of snapshots; so are the next two. */
  readonly shelf: SnapshotShelf | undefined
  readonly taking: SnapshotTaking | undefined
  readonly serving: SnapshotServing | undefined
  readonly fetching: SnapshotFetching
  readonly compaction: Compaction
  readonly stages: Stages | undefined
}

export interface Hooks<Result> {
  readonly onApplied: ConstructorParameters<typeof Applying<Result>>[2]
  readonly onSnapshotSaved: ConstructorParameters<typeof SnapshotTaking>[5]
}

export function makeParts<Result>(
  host: Host,
  options: RaftNodeOptions<Result>,
  opened: Opened,
  hooks: Hooks<Result>,
): Parts<Result> {
  const { machine, transport, clock, random, id, metrics } = options
  const { config, restored } = opened
  const { membership, configIndex } = opened.core.status()
  const proposals = new Proposals<Result>((error) => host.call(() => rethrow(error)))
  const waiters = new AppliedWaiters()
  const operations = new Operations()
  const applying = new Applying<Result>(machine, operations, hooks.onApplied, (error) =>
    host.fail(error),
  )
  const { genesis, incarnation, hardState, base, lastIndex } = restored
  const shelf =
    options.snapshots === undefined
      ? undefined
      : new SnapshotShelf(
          options.snapshots,
          opened.snapshots,
          clock,
          operations,
          config.snapshotKeepMs,
        )
  const taking =
    shelf === undefined
      ? undefined
      : new SnapshotTaking(
          host,
          shelf,
          operations,
          machine.capture === undefined ? undefined : (done) => applying.capture(done),
          !keepsItself(machine),
          hooks.onSnapshotSaved,
        )
  return {
    standing: new Standing(id, membership, configIndex, clock.now()),
    proposals,
    forwarding: new Forwarding(id, proposals, firstForwardId(random())),
    forwardService: new ForwardService(hardState.term),
    waiters,
    reads: new Reads(waiters),
    leases: new Leases(config.leaseReads ? leaseMs(config) : 0, config.heartbeatMs),
    transfers: new Transfers(),
    changes: new MembershipChanges(),
    mail: new Mail({
      ...{ transport, clock, id, incarnation, metrics },
      clusterId: genesis?.clusterId ?? '',
      // A follower's own callers wait for it.
      commitNewsMs: config.forwardProposals ? 0 : config.commitNewsMs,
    }),
    operations,
    applying,
    shelf,
    taking,
    serving:
      shelf === undefined ? undefined : new SnapshotServing(host, shelf, () => taking?.wanted()),
    fetching: new SnapshotFetching(host, shelf, operations, machine.restore !== undefined),
    compaction: new Compaction(config, base.index, lastIndex, options.log.stats().sizeBytes),
    stages: metrics === undefined ? undefined : new Stages(metrics, () => clock.now()),
  }
}

/** Whether a machine's state survives a power cut without snapshots. */
export function keepsItself(machine: StateMachine<unknown>): boolean {
  return machine.durableIndex !== undefined
}

function rethrow(error: unknown): never {
  throw error
}
