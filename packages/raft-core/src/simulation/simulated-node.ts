import { InvariantError, StorageFailedError } from '../errors.ts'
import type { LogFounding, RaftEvent, Random } from '../ports.ts'
import { RaftNode } from '../runtime/raft-node.ts'
import { randomStream } from '../testing/random.ts'
import type { NodeId } from '../types.ts'
import { CorruptLogError, LogRuleError } from '../wal/errors.ts'
import { openWriteAheadLog } from '../wal/write-ahead-log.ts'
import type { Checker } from './checker.ts'
import { ChainMachine } from './machine.ts'
import type { SimulatedNetwork } from './network.ts'
import { NodeClock } from './node-clock.ts'
import { LogHistory, ObservedLog } from './observed-log.ts'
import type { Profile } from './profile.ts'
import type { Scheduler } from './scheduler.ts'
import { SimulatedDisk } from './simulated-disk.ts'

/** What a node shares with the rest of its world. */
export interface World {
  readonly seed: number
  readonly profile: Profile
  readonly scheduler: Scheduler
  readonly network: SimulatedNetwork
  readonly checker: Checker
  /** Whether a majority has this entry durably. */
  holdsMajority(index: number, hash: number): boolean
  /** A node was elected or stopped by itself. */
  notice(node: SimulatedNode, what: 'elected' | 'failed'): void
  trace(text: string): void
}

/** One member over all its lives: production runtime, core and log over a simulated machine. */
export class SimulatedNode {
  readonly id: NodeId
  readonly disk: SimulatedDisk
  readonly history = new LogHistory()
  /** `lost`: its log was refused as corrupt; it stays down. */
  state: 'down' | 'opening' | 'up' | 'lost' = 'down'
  node: RaftNode<string> | undefined
  machine: ChainMachine | undefined
  isRotten = false
  life = 0
  readonly #world: World
  readonly #founding: LogFounding
  readonly #random: Random
  readonly #clockRate: number
  #term = 0
  #commitIndex = 0

  constructor(id: NodeId, members: readonly NodeId[], world: World) {
    const { seed, profile, scheduler } = world
    this.id = id
    this.#world = world
    this.#random = randomStream(seed, `node ${id}`)
    this.disk = new SimulatedDisk(id, scheduler, randomStream(seed, `disk ${id}`), profile.syncMs)
    this.#clockRate = 1 + (this.#random() - 0.5) * 2 * profile.clockSkew
    const hex = (digits: number): string =>
      Array.from({ length: digits }, () => Math.floor(this.#random() * 16).toString(16)).join('')
    this.#founding = {
      genesis: { clusterId: '5eed'.repeat(8), members },
      incarnation: hex(32),
    }
  }

  start(): void {
    if (this.state !== 'down') return
    const { profile, network, scheduler, checker } = this.#world
    const life = ++this.life
    const isThisLife = (): boolean => this.life === life
    this.state = 'opening'
    this.disk.hasFailed = false
    this.#commitIndex = 0
    const machine = new ChainMachine(this.id, checker, () => this.#inspect())
    this.machine = machine
    const wal = openWriteAheadLog({
      disk: this.disk.disk.mount(),
      founding: this.#founding,
      segmentBytes: profile.segmentBytes,
    })
    const log = new ObservedLog(wal, this.history, checker, {
      id: this.id,
      isSynced: () => this.disk.disk.isSynced,
      isLeader: () => this.isLeader,
    })
    RaftNode.openWith<string>(
      {
        id: this.id,
        log,
        machine,
        transport: network.attach(this.id),
        clock: new NodeClock(scheduler, this.#clockRate, this.id, isThisLife, () =>
          this.#inspect(),
        ),
        random: this.#random,
        observer: (event) => {
          if (isThisLife()) this.#observe(event)
        },
        config: {
          tickMs: 15,
          heartbeatMs: 45,
          electionMinMs: profile.electionMinMs,
          electionMaxMs: profile.electionMaxMs,
          proposeTimeoutMs: 2000,
          maxAppendBytes: profile.maxAppendBytes,
          maxInflightMessages: profile.maxInflightMessages,
          maxTailBytes: profile.maxTailBytes,
          maxApplyBytes: profile.maxApplyBytes,
          maxUncommittedBytes: profile.maxUncommittedBytes,
        },
      },
      (error, node) => {
        if (error === undefined) {
          this.node = node
          this.state = 'up'
          this.#world.trace(`${this.id} is up with ${this.history.durable.lastIndex} entries`)
        } else this.#couldNotOpen(error)
      },
    )
  }

  get isLeader(): boolean {
    return this.node?.status().role === 'leader'
  }

  /** Kills the process; with `power`, un-synced writes are lost, too. */
  crash(power: boolean, peersNotice: boolean): void {
    if (this.state !== 'up' && this.state !== 'opening') return
    this.#world.trace(`${this.id} ${power ? 'loses power' : 'is killed'}`)
    this.#world.checker.mark(power ? 'power cut' : 'process crash')
    if (power) this.disk.losePower()
    else this.disk.disk.crashProcess()
    this.#end(peersNotice)
  }

  /** Stops in order, handing over nothing; calls back when the log is closed. */
  stop(done: () => void): void {
    if (this.state !== 'up' || this.node === undefined) return
    this.#world.trace(`${this.id} is stopped`)
    this.#world.checker.mark('stopped in order')
    const life = this.life
    this.node.close().then(
      () => {},
      () => {},
    )
    // The promise is of the host's microtask queue; virtual time asks instead.
    const wait = (): void => {
      if (this.life !== life || this.state !== 'up') return
      if (this.disk.disk.isIdle) {
        this.disk.disk.crashProcess()
        this.#end(true)
        done()
      } else this.#world.scheduler.after(5, `stopping ${this.id}`, wait)
    }
    this.#world.scheduler.after(5, `stopping ${this.id}`, wait)
  }

  /** Asks it to hand its leadership over, if it leads. */
  transfer(): void {
    this.node?.transferLeadership().then(
      () => {},
      () => {},
    )
  }

  #end(peersNotice: boolean): void {
    this.life++
    this.state = 'down'
    this.node = undefined
    this.machine = undefined
    this.#world.network.detach(this.id, peersNotice)
  }

  #couldNotOpen(error: Error): void {
    const { checker, trace } = this.#world
    trace(`${this.id} does not open: ${error.message}`)
    const cause = error.cause
    this.disk.disk.crashProcess()
    this.#end(true)
    if (cause instanceof CorruptLogError && this.isRotten) {
      checker.mark('corruption refused')
      this.state = 'lost'
    } else if (!this.disk.hasFailed) {
      checker.fail('recovery', `${this.id} does not open: ${error.message}`)
    } else this.#world.notice(this, 'failed')
  }

  #observe(event: RaftEvent): void {
    const { checker, trace } = this.#world
    if (event.type === 'roleChanged') trace(`${this.id} is ${event.role} in term ${event.term}`)
    if (event.type === 'roleChanged' && event.role === 'leader') {
      checker.elected(this.id, event.term, this.history.given)
      this.#world.notice(this, 'elected')
    }
    if (event.type === 'batchDropped' || event.type === 'peerSetApart') {
      checker.fail('assertion', `${this.id}: ${JSON.stringify(event)}`)
    }
    if (event.type === 'quorumLost' || event.type === 'storageStalled') checker.mark(event.type)
    if (event.type !== 'failed') return
    trace(`${this.id} failed: ${event.error.message}`)
    const isDisk = event.error instanceof StorageFailedError && this.disk.hasFailed
    const isRule = event.error.cause instanceof LogRuleError
    if (!isDisk || isRule || event.error instanceof InvariantError) {
      checker.fail('assertion', `${this.id}: ${event.error.message}`)
    }
    checker.mark('stopped by a disk error')
    this.#world.notice(this, 'failed')
  }

  /** After each turn, and before entries are applied in one. I6: terms and commit indexes do not go back. I7: durable is what is durable. */
  #inspect(): void {
    const { node } = this
    if (node === undefined) return
    const { checker } = this.#world
    const status = node.status()
    if (status.state !== 'running') return
    if (status.term < this.#term) {
      checker.fail('I6', `${this.id} goes back from term ${this.#term} to ${status.term}`)
    }
    if (status.commitIndex < this.#commitIndex) {
      checker.fail('I6', `${this.id} takes back its commit index ${this.#commitIndex}`)
    }
    if (status.durableIndex > this.history.durable.lastIndex) {
      checker.fail('I7', `${this.id} takes entry ${status.durableIndex} for durable`)
    }
    this.#term = Math.max(this.#term, this.history.durable.hardState.term)
    if (status.commitIndex === this.#commitIndex) return
    const { given } = this.history
    // §5.4.2: a leader commits by an entry of its own term only; older ones come along.
    if (status.role === 'leader' && given.termAt(status.commitIndex) !== status.term) {
      checker.fail('I4', `leader ${this.id} commits entry ${status.commitIndex} of an older term`)
    }
    this.#commitIndex = status.commitIndex
    checker.committed(this.id, status.commitIndex, status.term, given, (index, hash) =>
      this.#world.holdsMajority(index, hash),
    )
  }
}
