/**
 * A replicated state machine in a program: `RaftNode.open`, then `propose` and `read`.
 *
 * Guarantees: a command whose promise resolved is durable on a majority and was applied here; no
 * call hangs; every failure says whether the command was certainly not applied or may have been
 * (see `errors.ts`).
 */
import { checkCoreConfig } from '../core/config.ts'
import { RaftCore } from '../core/raft-core.ts'
import { ConfigError, StorageFailedError } from '../errors.ts'
import type { Callback } from '../ports.ts'
import type { LogIndex, NodeId, RestoredLog } from '../types.ts'
import { checkConfig, checkGenesis, coreOptions } from './config.ts'
import { Driver } from './driver.ts'
import type {
  CloseOptions,
  NodeStatus,
  ProposeDone,
  Proposed,
  ProposeOptions,
  RaftConfig,
  RaftNodeOptions,
  ReadDone,
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
    const failed = (error: Error) => done(error, undefined as never)
    let config: RaftConfig
    try {
      config = checkConfig(options.config)
    } catch (error) {
      failed(asError(error))
      return
    }
    options.log.open((error, restored) => {
      if (error !== undefined) {
        failed(new StorageFailedError(error))
        return
      }
      let driver: Driver<Result>
      try {
        driver = makeDriver(options, config, restored)
      } catch (problem) {
        options.log.close(() => failed(asError(problem)))
        return
      }
      done(undefined, new RaftNode(options, driver))
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
      this.#driver.propose(data, options.timeoutMs, (error, index, term, result) => {
        if (error !== undefined) reject(error)
        else resolve({ index, term, result: result as Result })
      })
    })
  }

  /** `propose` without a promise for each entry. `done` is never called before this returns. */
  proposeWith(data: Uint8Array, done: ProposeDone<Result>): void {
    this.#driver.propose(data, undefined, done)
  }

  /**
   * Linearizable read (ReadIndex, dissertation §6.4): resolves, on any node, once this node has
   * applied everything that was committed when it was called. Read the state right then. Rejects
   * with `NotLeaderError` (no leader is known), `RejectedError` (`leaderChanged`, `timeout`),
   * `OverloadedError`, `ClosedError`, or the error that stopped the node.
   */
  read(): Promise<LogIndex> {
    return promised((done) => this.#driver.read(done))
  }

  /** `read` with a callback. `done` is never called before this returns. */
  readWith(done: ReadDone): void {
    this.#driver.read(done)
  }

  /**
   * Resolves once this node has applied `index`, with the applied index. Waits as long as it takes;
   * rejects when the node closes or fails.
   */
  waitApplied(index: LogIndex): Promise<LogIndex> {
    return promised((done) => this.#driver.waitApplied(index, done))
  }

  /**
   * Hands leadership over and resolves with the new leader's name. Rejects with `NotLeaderError` or
   * `RejectedError` (`badTarget`, `busy`; `timeout`: after an election timeout this node leads on;
   * `leaderChanged`: another one took over).
   */
  transferLeadership(options: TransferOptions = {}): Promise<NodeId> {
    return promised((done) => this.#driver.transfer(options.to, done))
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
      if (options.handOver === true && this.#driver.leads && this.#driver.state === 'running') {
        this.#handOver(stop)
      } else stop()
    })
    return this.#closing
  }

  status(): NodeStatus {
    const { incarnation, genesis } = this.#driver.restored
    const core = this.#driver.core.status()
    return {
      id: core.id,
      incarnation,
      clusterId: genesis?.clusterId,
      members: core.members,
      state: this.#driver.state,
      role: core.role,
      term: core.term,
      leader: core.leader,
      ready: this.#driver.ready,
      commitIndex: core.commitIndex,
      appliedIndex: this.#driver.appliedIndex,
      durableIndex: core.durableIndex,
      lastIndex: core.lastIndex,
      peers: core.peers,
      transferringTo: core.transferringTo,
      pendingProposals: this.#driver.pendingProposals,
      pendingReads: this.#driver.pendingReads,
      log: this.#options.log.stats(),
    }
  }

  /** Then waits for what is in the log to be decided, so that few callers have to wonder. */
  #handOver(stop: () => void): void {
    this.#driver.transfer(undefined, (error) => {
      if (error !== undefined) stop()
      else this.#driver.whenSettled(stop)
    })
    this.#driver.beginClosing()
  }
}

function makeDriver<Result>(
  options: RaftNodeOptions<Result>,
  config: RaftConfig,
  restored: RestoredLog,
): Driver<Result> {
  checkGenesis(options.genesis, restored)
  const members = restored.genesis?.members ?? []
  const core = checkCoreConfig(coreOptions(options.id, members, config, options.random))
  const machine = new RaftCore(core, restored, options.machine.appliedIndex)
  // A pause of this process alone is no reason to give up leading, or to campaign: time is left to
  // hear from peers, who may have stood still too. Two pauses in a row are not yet one timeout.
  const mostTicksAtOnce = Math.floor(core.electionMinTicks / 2)
  return new Driver(machine, restored, options, config, mostTicksAtOnce)
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

function asError(error: unknown): Error {
  return error instanceof Error ? error : new ConfigError(String(error))
}
