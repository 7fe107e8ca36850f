/**
 * A replicated state machine in a program: `RaftNode.open`, then `propose` and `read`.
 *
 * Guarantees: a command whose promise resolved is durable on a majority and was applied here; no
 * call hangs; every failure says whether the command was certainly not applied or may have been
 * (see `errors.ts`).
 */
import { StorageFailedError } from '../errors.ts'
import type { Callback, SnapshotInfo } from '../ports.ts'
import type { LogIndex, Membership, NodeId } from '../types.ts'
import { Driver } from './driver.ts'
import { membershipChange } from './membership.ts'
import { openParts } from './opening.ts'
import type {
  CloseOptions,
  MembershipOptions,
  MembershipRequest,
  NodeStatus,
  ProposeDone,
  Proposed,
  ProposeOptions,
  RaftNodeOptions,
  ReadDone,
  ReadOptions,
  TransferOptions,
} from './options.ts'

export class RaftNode<Result> {
  readonly #options: RaftNodeOptions<Result>
  readonly #driver: Driver<Result>
  #closing: Promise<void> | undefined = undefined

  private constructor(options: RaftNodeOptions<Result>, driver: Driver<Result>) {
    this.#options = options
    this.#driver = driver
  }

  /**
   * Opens the log and begins to take part. Rejects with `ConfigError` (options, or a log that does
   * not fit them) or `StorageFailedError`.
   */
  static open<Result>(options: RaftNodeOptions<Result>): Promise<RaftNode<Result>> {
    return new Promise((resolve, reject) => {
      RaftNode.openWith<Result>(options, (error, node) => {
        if (error !== undefined) reject(error)
        else resolve(node)
      })
    })
  }

  /** `open` with a callback, for a simulator. With an error, the node is undefined. */
  static openWith<Result>(
    options: RaftNodeOptions<Result>,
    done: Callback<RaftNode<Result>>,
  ): void {
    openParts(options, (error, opened) => {
      if (error !== undefined) done(error, undefined as never)
      else done(undefined, new RaftNode(options, new Driver(options, opened)))
    })
  }

  /**
   * Adds a command to the log and resolves with the state machine's result once this node applied
   * it. Rejects with `NotLeaderError`, `RejectedError`, `OverloadedError`, `ClosedError` (certainly
   * not applied), `OutcomeUnknownError`, `StorageFailedError` or `MachineFailedError`. `data` must
   * not be changed afterwards.
   */
  propose(data: Uint8Array, options: ProposeOptions = {}): Promise<Proposed<Result>> {
    return new Promise((resolve, reject) => {
      this.#driver.requests.propose(data, options.timeoutMs, (error, index, term, result) => {
        if (error !== undefined) reject(error)
        else resolve({ index, term, result: result as Result })
      })
    })
  }

  /** `propose` without a promise for each entry. `done` is never called before this returns. */
  proposeWith(data: Uint8Array, done: ProposeDone<Result>): void {
    this.#driver.requests.propose(data, undefined, done)
  }

  /**
   * Linearizable read (ReadIndex, dissertation §6.4): resolves, on any node, once this node has
   * applied everything that was committed when it was called. Read the state right then. Rejects
   * with `NotLeaderError` (no leader is known), `RejectedError` (`leaderChanged`, `timeout`),
   * `OverloadedError`, `ClosedError`, or the error that stopped the node. For other kinds of reads
   * see `ReadConsistency`.
   *
   * With `look` it resolves with what that gave; it is called when the state is current enough, perhaps
   * a second time. A read by lease needs it, because the lease has to hold still when the state has
   * been looked at; without `look` a majority is asked.
   */
  read(options?: ReadOptions): Promise<LogIndex>
  read<T>(options: ReadOptions, look: (index: LogIndex) => T): Promise<T>
  read<T>(options: ReadOptions = {}, look?: (index: LogIndex) => T): Promise<T | LogIndex> {
    return promised((done) => {
      if (look === undefined) this.#driver.requests.read(options, done)
      else this.lookWith<T | LogIndex>(options, look, done)
    })
  }

  /** `read` with a callback. `done` is never called before this returns. */
  readWith(done: ReadDone, options: ReadOptions = {}): void {
    this.#driver.requests.read(options, done)
  }

  /** `read` with `look` and a callback. `done` is never called before this returns. */
  lookWith<T>(options: ReadOptions, look: (index: LogIndex) => T, done: Callback<T>): void {
    const { requests } = this.#driver
    if (options.consistency === 'lease') requests.readLeased(options.timeoutMs, look, done)
    else requests.readThen(options, look, done)
  }

  /**
   * Resolves once this node has applied `index`, with the applied index. Waits as long as it takes;
   * rejects when the node closes or fails.
   */
  waitApplied(index: LogIndex): Promise<LogIndex> {
    return promised((done) => this.#driver.requests.waitApplied(index, done))
  }

  /**
   * Hands leadership over and resolves with the new leader's name. Rejects with `NotLeaderError` or
   * `RejectedError` (`badTarget`, `busy`; `refused`: the target will not campaign; `aborted`;
   * `timeout`: after an election timeout this node leads on; `leaderChanged`: another one took over).
   */
  transferLeadership(options: TransferOptions = {}): Promise<NodeId> {
    return promised((done) => this.#driver.requests.transfer(options.to, done))
  }

  /**
   * Gives up a transfer of leadership that is under way: it rejects with `aborted`, and commands are
   * taken again. The target may have been told already, and may yet win.
   */
  abortTransfer(): void {
    this.#driver.requests.abortTransfer()
  }

  /**
   * Changes who belongs to the group; only the leader can. Resolves with the membership once the
   * change is applied here, and, if it went through a joint configuration that is left by itself,
   * once that is left. Rejects with `NotLeaderError` or `RejectedError` (see its reasons: nothing was
   * appended), with `OutcomeUnknownError` when leadership was lost or it took too long, or with the
   * error that stopped the node.
   *
   * A new node should come as a learner first (`promote`): a voter without the log counts for a
   * majority and can not yet help to make one.
   */
  changeMembership(
    request: MembershipRequest,
    { ifConfig, timeoutMs }: MembershipOptions = {},
  ): Promise<Membership> {
    return promised((done) => {
      const change = membershipChange(request)
      this.#driver.requests.changeMembership(change, ifConfig, timeoutMs, (error, membership) =>
        done(error, membership as Membership),
      )
    })
  }

  /**
   * Makes a snapshot of everything that is applied here now, unless there is one, and resolves once it
   * is stored durably. Rejects with `RejectedError` (`noSnapshots`), `StorageFailedError` (it could
   * not be made or stored; the node goes on), `ClosedError`, or the error that stopped the node.
   */
  takeSnapshot(): Promise<SnapshotInfo> {
    return promised((done) => {
      this.#driver.requests.takeSnapshot((error, info) => done(error, info as SnapshotInfo))
    })
  }

  /**
   * Stops, answers everything pending, and closes the log. Resolves when neither log nor state
   * machine is used any more. Calling it again gives the same promise.
   */
  close(options: CloseOptions = {}): Promise<void> {
    this.#closing ??= new Promise((resolve, reject) => {
      const stop = () => {
        this.#driver.stop(() => {
          this.#options.log.close((error) => {
            if (error !== undefined) reject(new StorageFailedError(error))
            else resolve()
          })
        })
      }
      const { leads } = this.#driver.parts.standing
      if (options.handOver === true && leads && this.#driver.isRunning) {
        this.#handOver(stop)
      } else stop()
    })
    return this.#closing
  }

  status(): NodeStatus {
    const driver = this.#driver
    const { standing, mail, proposals, reads, shelf, leases } = driver.parts
    const core = driver.core.status()
    return {
      id: core.id,
      incarnation: driver.incarnation,
      clusterId: mail.clusterId === '' ? undefined : mail.clusterId,
      members: core.members,
      membership: core.membership,
      configIndex: core.configIndex,
      state: driver.state,
      role: core.role,
      term: core.term,
      leader: core.leader,
      ready: standing.isReady,
      commitIndex: core.commitIndex,
      appliedIndex: driver.appliedIndex,
      durableIndex: core.durableIndex,
      lastIndex: core.lastIndex,
      snapshot: shelf?.newest,
      apart: core.apart,
      hasLease: standing.isReady && leases.holds(driver.clock.now()),
      peers: core.peers,
      transferringTo: core.transferringTo,
      pendingProposals: proposals.count,
      pendingReads: reads.count,
      log: this.#options.log.stats(),
    }
  }

  /** Then waits for what is in the log to be decided, so that few callers have to wonder. */
  #handOver(stop: () => void): void {
    this.#driver.requests.transfer(undefined, (error) => {
      if (error !== undefined) stop()
      else this.#driver.whenSettled(stop)
    })
    this.#driver.beginClosing()
  }
}

function promised<T>(
  ask: (done: (error: Error | undefined, value: T) => void) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    ask((error, value) => {
      if (error !== undefined) reject(error)
      else resolve(value)
    })
  })
}
