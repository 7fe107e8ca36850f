import { InvariantError, MachineFailedError, StorageFailedError } from '../errors.ts'
import type { LogFounding, RaftEvent, Random } from '../ports.ts'
import { RaftNode } from '../runtime/raft-node.ts'
import { randomStream } from '../testing/random.ts'
import type { MemberChange, MembershipTransition, NodeId } from '../types.ts'
import { LogRuleError } from '../wal/errors.ts'
import { openSnapshotStore } from '../wal/snapshot-store.ts'
import { openWriteAheadLog } from '../wal/write-ahead-log.ts'
import { CheckedMachine } from './checked-machine.ts'
import { textHash } from './digest.ts'
import type { Choice } from './faults.ts'
import type { Feature } from './features.ts'
import { NodeClock } from './node-clock.ts'
import { configOf } from './node-config.ts'
import { LogHistory, ObservedLog } from './observed-log.ts'
import { SimulatedDisk } from './simulated-disk.ts'
import type { Moment, World } from './world.ts'

/** One member over all its lives: production runtime, core and log over a state machine. */
export class SimulatedNode {
  readonly id: NodeId
  readonly disk: SimulatedDisk
  readonly history: LogHistory
  /** `lost`: its log was refused as corrupt; it stays down until it is wiped. */
  state: 'down' | 'opening' | 'up' | 'lost' = 'down'
  node: RaftNode<unknown> | undefined
  machine: CheckedMachine<unknown> | undefined
  /** It has lost, or may have lost, what it had made durable. */
  isDamaged = false
  /** It has lost everything, and waits to be removed from the group. */
  isWiped = false
  isLeader = false
  life = 0
  /** How long it has stood still in all. */
  pausedMs = 0
  readonly #world: World
  readonly #members: readonly NodeId[]
  readonly #random: Random
  readonly #clockRate: number
  readonly #priority: number
  readonly #labels: { readonly timer: number; readonly turn: number }
  #founding: LogFounding
  #pausedUntil = 0
  #term = 0
  #commitIndex = 0
  #configIndex = 0
  #role = 'follower'
  #hasEnded = false

  constructor(id: NodeId, members: readonly NodeId[], world: World) {
    const { seed, profile, scheduler, checker } = world
    this.id = id
    this.#world = world
    this.#members = members
    this.#random = randomStream(seed, `node ${id}`)
    this.#labels = { timer: textHash(`timer ${id}`), turn: textHash(`turn ${id}`) }
    this.history = new LogHistory((index) => checker.hashOfCommitted(index))
    this.disk = new SimulatedDisk(scheduler, {
      id,
      seed,
      syncMs: profile.syncMs,
      enter: (label, run) => this.#enterWhenAwake(label, run),
      created: (file) => this.#created(file),
      isUp: () => this.state === 'up',
    })
    this.#clockRate = 1 + (this.#random() - 0.5) * 2 * profile.clockSkew
    this.#priority = Math.floor(this.#random() * 3)
    this.#founding = this.#found(members.includes(id))
  }

  get isReachable(): boolean {
    return this.state === 'up' && this.#pausedUntil <= this.#world.scheduler.now
  }

  start(): void {
    if (this.state !== 'down' || this.isWiped) return
    const { network, checker } = this.#world
    const life = ++this.life
    this.state = 'opening'
    this.#hasEnded = false
    this.#commitIndex = 0
    const enter = (label: number, run: () => void): void => {
      if (this.life !== life) return
      this.#enterWhenAwake(label, () => {
        if (this.life === life) run()
      })
    }
    const disk = this.disk.mount()
    const { segmentBytes, reserveBytes } = this.#world.profile
    const founding = this.#founding
    const wal = openWriteAheadLog({ disk, founding, segmentBytes, reserveBytes })
    const log = new ObservedLog(wal, this.history, checker, {
      id: this.id,
      isSynced: () => this.disk.isLogSynced,
      isLeader: () => this.isLeader,
      noteCommits: () => this.#inspect(),
      moment: (name) => this.#moment(name as Moment),
    })
    this.machine = this.#makeMachine()
    const transport = network.attach(this.id, enter)
    RaftNode.openWith<unknown>(
      {
        id: this.id,
        log,
        machine: this.machine,
        ...(this.#has('snapshots')
          ? { snapshots: openSnapshotStore({ disk, blockBytes: 128 }) }
          : {}),
        transport,
        clock: this.#makeClock(enter),
        random: this.#random,
        observer: (event) => {
          if (this.life === life) this.#observe(event)
        },
        config: configOf(this.#world.profile, this.#priority),
      },
      (error, node) => {
        if (error !== undefined) this.#couldNotOpen(error)
        else {
          this.node = node
          this.state = 'up'
          const { membership, configIndex } = node.status()
          this.#configIndex = configIndex
          checker.belongs(this.id, configIndex, membership)
          this.#world.trace(`${this.id} is up with ${this.history.durable}`)
        }
      },
    )
  }

  /** Kills the process; with `power`, un-synced writes are lost, too. */
  crash(power: boolean, peersNotice: boolean): void {
    if (this.state !== 'up' && this.state !== 'opening') return
    this.#world.trace(`${this.id} ${power ? 'loses power' : 'is killed'}`)
    this.#world.checker.mark(power ? 'power cut' : 'process crash')
    if (this.isLeader) this.#world.checker.mark('leader crashed')
    if (power) this.disk.losePower()
    else this.disk.disk.crashProcess()
    this.#end(peersNotice)
  }

  /** Stops in order, handing over nothing; calls back when the log is closed. */
  stop(done: () => void): void {
    if (this.state !== 'up' || this.node === undefined) return
    this.#world.checker.mark('stopped in order')
    const { life } = this
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
      } else this.#world.scheduler.after(5, this.#labels.timer, wait)
    }
    this.#world.scheduler.after(5, this.#labels.timer, wait)
  }

  /** Stands still (SIGSTOP): nothing of it runs, and everything that came meanwhile comes then. */
  pause(ms: number): void {
    const { scheduler, checker } = this.#world
    const until = Math.max(this.#pausedUntil, scheduler.now + ms)
    this.pausedMs += until - Math.max(this.#pausedUntil, scheduler.now)
    this.#pausedUntil = until
    if (this.isLeader) checker.mark('leader paused')
  }

  resume(): void {
    this.#pausedUntil = 0
  }

  /** Loses everything it had, and comes back as another. */
  wipe(): void {
    this.disk.wipe()
    this.#world.machines.wiped(this.id)
    this.#world.checker.mark('node wiped')
    this.state = 'down'
    this.isDamaged = true
    this.isWiped = true
    this.#term = 0
  }

  /** A wiped node begins as one that waits to be added. */
  startAnew(): void {
    this.isWiped = false
    this.isDamaged = false
    // Up to now what it had counted: it may have acknowledged that before it was lost.
    this.history.forget()
    this.#world.checker.wiped(this.id)
    this.#founding = this.#found(false)
    this.start()
  }

  /** Asks it to hand its leadership over. */
  transfer(to: NodeId | undefined): void {
    this.#forget(this.node?.transferLeadership(to === undefined ? {} : { to }))
  }

  takeSnapshot(): void {
    this.#forget(this.node?.takeSnapshot())
  }

  changeMembers({ way = 'auto', changes = [], part }: Choice): void {
    if (!this.isReachable || this.node === undefined) return
    const steps = changes.map((text): MemberChange => {
      const [type = '', id = ''] = text.split(' ')
      if (type === 'promote') return { type: 'addLearner', id, promote: true }
      return { type: type as MemberChange['type'], id }
    })
    const request = { changes: steps, transition: way as MembershipTransition }
    const options = part === undefined ? {} : { ifConfig: this.#configIndex }
    this.#forget(this.node.changeMembership(request, options))
  }

  #created(file: string): void {
    if (this.state !== 'up') return
    const isSegment = file.endsWith('.wal')
    if (isSegment) this.#world.checker.mark('segment rolled')
    this.#moment(isSegment ? 'segment rolled' : 'snapshot begun')
  }

  /** What comes of it shows in what the node does; promises have no place in virtual time. */
  #forget(promise: Promise<unknown> | undefined): void {
    promise?.then(
      () => {},
      () => {},
    )
  }

  #found(isFounder: boolean): LogFounding {
    const hex = (digits: number): string =>
      Array.from({ length: digits }, () => Math.floor(this.#random() * 16).toString(16)).join('')
    const genesis = { clusterId: '5eed'.repeat(8), members: this.#members }
    return { genesis: isFounder ? genesis : undefined, incarnation: hex(32) }
  }

  #makeMachine(): CheckedMachine<unknown> {
    const { machines, checker, hashes } = this.#world
    const inner = machines.make({ node: this.id, life: this.life })
    return new CheckedMachine(inner, checker, hashes, {
      id: this.id,
      beforeApply: () => this.#inspect(),
      nameOf: (data) => machines.nameOf(data),
      applied: (entry) => {
        if (entry.kind === 'config') this.#moment('config applied')
      },
      moment: (name) => this.#moment(name as Moment),
      hash: () => machines.hash(inner),
    })
  }

  #makeClock(enter: (label: number, run: () => void) => void): NodeClock {
    const { scheduler } = this.#world
    return new NodeClock(scheduler, this.#clockRate, this.#labels, enter, () => this.#inspect())
  }

  #has(feature: Feature): boolean {
    return this.#world.profile.features.includes(feature)
  }

  #enterWhenAwake(label: number, run: () => void): void {
    const { scheduler } = this.#world
    const wait = this.#pausedUntil - scheduler.now
    if (wait <= 0) run()
    else scheduler.after(wait, label, () => this.#enterWhenAwake(label, run))
  }

  #end(peersNotice: boolean): void {
    this.life++
    this.state = 'down'
    this.node = undefined
    this.machine = undefined
    this.isLeader = false
    this.#role = 'follower'
    this.#pausedUntil = 0
    this.#world.network.detach(this.id, peersNotice)
  }

  #couldNotOpen(error: Error): void {
    const { checker, trace, failed } = this.#world
    trace(`${this.id} does not open: ${error.message}`)
    this.disk.disk.crashProcess()
    this.#end(true)
    // Whatever of it has rotted: the log, or a snapshot that the log can not do without.
    if (this.isDamaged && !this.disk.hasFailed) {
      checker.mark('corruption refused')
      this.state = 'lost'
    } else if (!this.disk.hasFailed) {
      checker.fail('recovery', `${this.id} does not open: ${error.message}`)
    } else failed(this)
  }

  #moment(moment: Moment): void {
    this.#world.moment(this, moment)
  }

  #observe(event: RaftEvent): void {
    const { checker, trace, failed } = this.#world
    switch (event.type) {
      case 'roleChanged':
        this.#roleChanged(event.role)
        trace(`${this.id} is ${event.role} in term ${event.term}`)
        if (this.isLeader) {
          checker.elected(this.id, event.term, this.#configIndex, this.history.given)
          checker.mark('elected')
          this.#moment('elected')
        }
        return
      case 'membershipChanged':
        this.#configIndex = event.configIndex
        checker.belongs(this.id, event.configIndex, event.membership)
        return
      case 'removed':
        checker.mark(this.isLeader ? 'leader removed' : 'follower removed')
        return
      case 'snapshotTaken':
        checker.mark(event.type)
        this.#moment('snapshot stored')
        return
      case 'snapshotInstalled': {
        const isLeaders = event.from === this.node?.status().leader
        checker.mark(isLeaders ? 'snapshot from the leader' : 'snapshot from a follower')
        return
      }
      case 'snapshotFailed':
      case 'compacted':
        checker.mark(event.type)
        return
      case 'batchDropped':
      case 'peerSetApart':
        if (event.type === 'batchDropped' && event.reason === 'overloaded') {
          checker.mark('inbox full')
          return
        }
        if (event.type === 'peerSetApart') {
          checker.mark('peer set apart')
          return
        }
        checker.fail('assertion', `${this.id}: ${JSON.stringify(event)}`)
        return
      case 'quorumLost':
      case 'storageStalled':
        checker.mark(event.type)
        return
      case 'failed':
        this.isLeader = false
        trace(`${this.id} failed: ${event.error.message}`)
        this.#checkFailure(event.error)
        failed(this)
    }
  }

  #roleChanged(role: string): void {
    const { checker } = this.#world
    if (this.#role === 'candidate' && role !== 'leader') checker.mark('election lost')
    if (this.#role === 'preCandidate' && role === 'follower') checker.mark('pre-vote lost')
    if (role === 'leader') {
      const isOlder = this.history.given.lastIndex > checker.commitIndex
      if (isOlder) checker.mark('leader with uncommitted entries of older terms')
      if (this.#world.leaders() > 0) checker.mark('two leaders in different terms')
    }
    this.#role = role
    this.isLeader = role === 'leader'
  }

  #checkFailure(error: Error): void {
    const { checker } = this.#world
    // A machine that takes a snapshot reads it from the disk.
    const isOfDisk = error instanceof StorageFailedError || error instanceof MachineFailedError
    const isDisk = isOfDisk && this.disk.hasFailed
    const isRule = error.cause instanceof LogRuleError
    if (!isDisk || isRule || error instanceof InvariantError) {
      checker.fail('assertion', `${this.id}: ${error.message}`)
    }
    const isFull = error instanceof StorageFailedError && error.message.includes('full')
    checker.mark(isFull ? 'stopped by a full disk' : 'stopped by a disk error')
  }

  /**
   * After each turn, and before entries are applied in one. I6: terms and commit indexes do not go
   * back. I7: durable is what is durable.
   */
  #inspect(): void {
    const { node } = this
    if (node === undefined || this.#hasEnded) return
    const { checker } = this.#world
    const status = node.status()
    if (status.state !== 'running') {
      this.#hasEnded = true
      return
    }
    checker.highestTerm = Math.max(checker.highestTerm, status.term)
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
    // §5.4.2: a leader commits by an entry of its own term only; older ones come along. What others had
    // committed before it may have heard of with a vote, in the very turn in which it won.
    const isNew = status.commitIndex > checker.commitIndex
    if (status.role === 'leader' && isNew && given.termAt(status.commitIndex) !== status.term) {
      checker.fail('I4', `leader ${this.id} commits entry ${status.commitIndex} of an older term`)
    }
    this.#commitIndex = status.commitIndex
    if (status.role === 'leader' && status.commitIndex > this.history.durable.lastIndex) {
      checker.mark("commit before the leader's own sync")
    }
    checker.committed(this.id, status.commitIndex, status.term, status.configIndex, given)
  }
}
