import {
  type BookingState,
  type FoundCluster,
  info,
  LATEST_FEATURE_LEVEL,
  nextExpiryMs,
  type RaiseFeatureLevel,
  type Reply,
  stateHash,
} from '@quorail/booking-fsm'
import { NotLeaderError, OutcomeUnknownError, type RaftEvent, RaftNode } from '@quorail/raft-core'
import { encodeLogEntry } from '../mapping/log-entry.ts'
import { BookingMachine } from './booking-machine.ts'
import { type ClusterControl, clusterControl } from './cluster-control.ts'
import { CommandGate } from './command-gate.ts'
import { ExpiryTicker } from './expiry-ticker.ts'
import { Fitness } from './fitness.ts'
import { Founder } from './founder.ts'
import { HandOver } from './hand-over.ts'
import { HashCheckpoints } from './hash-checkpoints.ts'
import type { HashCheckpoint } from './hash-verdict.ts'
import type { NodeHostOptions, RunningHost } from './host-options.ts'
import { LeaderClock } from './leader-clock.ts'
import { Leadership } from './leadership.ts'
import { LevelRaiser } from './level-raiser.ts'
import { type UnreadyReason, unreadyBy } from './readiness.ts'
import { RemovalWatch } from './removal-watch.ts'
import { Roster } from './roster.ts'
import { RowQueue } from './row-queue.ts'
import { type Divergence, StateDivergedError } from './state-diverged-error.ts'
import type {
  HostStatus,
  LeaderHint,
  ReadAs,
  RowListener,
  Submission,
  SubmitDone,
  Submitted,
} from './types.ts'

export type { NodeHostOptions, RunningHost } from './host-options.ts'

/** A caller hears within 5 s, the way there and back included. */
const answerWithinMs = 4_000

export async function openNodeHost(options: NodeHostOptions): Promise<RunningHost> {
  const host = new Host(options)
  await host.open()
  return host
}

class Host implements RunningHost {
  readonly id: string
  readonly state: BookingState
  readonly #options: NodeHostOptions
  readonly roster: Roster
  readonly control: ClusterControl
  readonly #leadership: Leadership
  readonly #removal: RemovalWatch | undefined
  readonly #leaderClock: LeaderClock
  readonly #rows: RowQueue
  readonly #machine: BookingMachine
  readonly #ticker: ExpiryTicker
  readonly #founder: Founder
  readonly #levels: LevelRaiser | undefined
  readonly #checkpoints: HashCheckpoints
  readonly #fitness: Fitness
  readonly #gate: CommandGate
  readonly #handOver: HandOver
  readonly #listeners = new Set<() => void>()
  readonly #rowListeners = new Set<RowListener>()
  readonly #startedAtMs: number
  #raft: RaftNode<Reply | undefined> | undefined
  #founded = false
  #failed = false
  #closing: Promise<void> | undefined

  constructor(options: NodeHostOptions) {
    const { clock, state, appliedIndex } = options
    this.id = options.id
    this.state = state
    this.#options = options
    this.#startedAtMs = options.wallMs()
    this.roster = new Roster(options.id, options.members, state)
    this.control = clusterControl(options.id, this.roster, () => this.#node())
    this.#gate = new CommandGate(options)
    this.#leadership = new Leadership(() => clock.now())
    this.#leaderClock = new LeaderClock(() => clock.now(), options.wallMs)
    this.#rows = new RowQueue({
      store: options.rows,
      clock,
      startIndex: appliedIndex,
      startHash: stateHash(state),
      // What is only gathered must never be what work is refused for.
      batchRows: Math.min(5_000, this.#refuseAtRows / 2),
      batchBytes: Math.min(4 * 1_048_576, this.#refuseAtBytes / 2),
      onProgress: (index) => this.#machine.rowsWritten(index),
      onFailure: (error) => this.#fail(error),
    })
    this.#checkpoints = new HashCheckpoints({ index: appliedIndex, stateHash: stateHash(state) })
    this.#checkpoints.recorded(appliedIndex, options.rows.recordHash?.())
    this.#machine = new BookingMachine({
      state,
      appliedIndex,
      clock,
      rows: this.#rows,
      store: options.rows,
      skippedEntries: options.skippedEntries,
      checkpoints: this.#checkpoints,
      onApplied: () => {
        options.onAppliedTo?.(this.#machine.appliedIndex)
        this.#changed()
      },
      onRows: (changes) => {
        for (const listener of this.#rowListeners) listener(changes)
      },
    })
    this.#ticker = new ExpiryTicker({
      clock,
      leads: () => this.isServingLeader(),
      nextExpiryMs: () => nextExpiryMs(state),
      logTimeMs: () => this.nowMs(),
      tick: (done) => this.#proposeOwn({ type: 'tick' }, done),
    })
    this.#founder = new Founder({
      clock,
      wanted: () =>
        this.#leadership.ready &&
        this.#fitness.mayLead &&
        this.#fitness.divergence === undefined &&
        !this.#isFounded(),
      command: options.founding,
      propose: (command, done) => this.#proposeOwn(command, done),
    })
    if (options.askLevel !== undefined)
      this.#levels = new LevelRaiser({
        clock,
        peers: () => this.roster.others(),
        supported: this.#supportedLevel,
        active: () => info(state).featureLevel,
        leads: () => this.isServingLeader(),
        ask: options.askLevel,
        propose: (command, done) => this.#proposeOwn(command, done),
      })
    this.#fitness = new Fitness({
      ...options,
      peers: () => this.roster.otherVoters(),
      beginsAlone: this.roster.beganAlone,
      checkpoints: this.#checkpoints,
      onJudged: () => this.#changed(),
    })
    this.#handOver = new HandOver({
      clock,
      leadership: this.#leadership,
      successors: () => this.#fitness.successors,
    })
    if (options.askMembers !== undefined)
      this.#removal = new RemovalWatch({
        id: this.id,
        clock,
        peers: () => this.roster.others(),
        own: () => ({
          configIndex: this.roster.configIndex,
          ids: this.roster.all().map(({ id }) => id),
        }),
        knowsLeader: () => this.#leadership.leader !== undefined,
        ask: options.askMembers,
        onRemoved: () => options.onRemoved?.(),
      })
  }

  async open(): Promise<void> {
    const { id, log, transport, clock, random, genesis, raftConfig, snapshots, metrics } =
      this.#options
    this.#raft = await RaftNode.open<Reply | undefined>({
      id,
      log,
      transport,
      clock,
      random,
      ...(genesis && { genesis }),
      machine: this.#machine,
      ...(snapshots && { snapshots }),
      ...(metrics && { metrics }),
      config: { proposeTimeoutMs: answerWithinMs, commitNewsMs: 2, ...raftConfig },
      observer: (event) => this.#see(event),
    })
    const { membership, configIndex } = this.#raft.status()
    this.roster.changed(membership, configIndex)
    this.#fitness.start()
    this.#removal?.start()
    this.#changed()
  }

  submit(submission: Submission): Promise<Submitted> {
    return new Promise((resolve, reject) => {
      const refused = this.#mayNotSubmit(submission.actor)
      if (refused !== undefined) reject(refused)
      else
        this.#propose(submission, (error, submitted) => {
          if (submitted === undefined) reject(error)
          else resolve(submitted)
        })
    })
  }

  submitWith(submission: Submission, done: SubmitDone): void {
    const refused = this.#mayNotSubmit(submission.actor)
    if (refused === undefined) this.#propose(submission, done)
    else queueMicrotask(() => done(refused))
  }

  /** Why this node takes no work now, if it does not. */
  #mayNotSubmit(actor: number): Error | undefined {
    const divergence = this.divergence()
    if (divergence !== undefined) return new StateDivergedError(divergence)
    if (!this.#fitness.mayLead) return this.#notServing()
    const limit = { rows: this.#refuseAtRows, bytes: this.#refuseAtBytes }
    const isBehind = this.#rows.hasAtLeast(limit)
    return this.#gate.refusal(actor, isBehind ? this.#rows.backlog.rows : undefined)
  }

  #propose(submission: Submission, done: SubmitDone): void {
    const leave = this.#gate.enter(submission.actor)
    this.#node().proposeWith(this.#stamped(submission), (error, index, term, reply) => {
      leave()
      if (error !== undefined) done(error)
      // Committed; but what it came to, this node is not the one to say.
      else if (this.divergence() !== undefined)
        done(new OutcomeUnknownError('leadershipLost', index, term))
      else if (reply === undefined) done(new Error(`entry ${index} was applied without a reply`))
      else done(undefined, { reply, index })
    })
  }

  settleRead(): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.divergence() === 'minority') throw new StateDivergedError('minority')
      if (this.#leadership.role !== 'leader' || !this.#fitness.mayLead) throw this.#notServing()
      this.#node().readWith((error) => {
        if (error !== undefined) reject(error)
        else if (this.divergence() === 'minority') reject(new StateDivergedError('minority'))
        else resolve()
      })
    })
  }

  readAs(read: ReadAs): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#node().readWith((error) => (error === undefined ? resolve() : reject(error)), {
        consistency: read,
        timeoutMs: answerWithinMs,
      })
    })
  }

  isServingLeader(): boolean {
    return this.showsWhatIsTrue() && this.divergence() === undefined
  }

  showsWhatIsTrue(): boolean {
    return this.#leadership.ready && this.#fitness.mayLead && this.#isFounded()
  }

  divergence(): Divergence | undefined {
    return this.#fitness.divergence
  }

  hashCheckpoints(): readonly HashCheckpoint[] {
    return this.#checkpoints.all()
  }

  leader(): LeaderHint | undefined {
    const leader = this.#leadership.leader
    if (leader === undefined) return undefined
    const member = this.roster.find(leader.id)
    if (member === undefined || member.clientUrl === '') return undefined
    // Whoever is sent to a node that does not serve yet would be sent there again and again.
    if (leader.id === this.id && !this.showsWhatIsTrue()) return undefined
    return { id: leader.id, clientUrl: member.clientUrl, term: leader.term }
  }

  status(): HostStatus {
    const raft = this.#node().status()
    const { configIndex } = this.roster
    const members = this.roster.all()
    const voters = new Set(this.roster.membership?.voters ?? [])
    const unready = this.#unready(raft.commitIndex)
    return {
      id: this.id,
      address: members.find(({ id }) => id === this.id)?.clientUrl ?? '',
      pid: this.#options.pid,
      role: raft.role,
      term: raft.term,
      leader: this.leader(),
      firstIndex: raft.log.firstIndex,
      lastIndex: raft.lastIndex,
      commitIndex: raft.commitIndex,
      appliedIndex: this.#machine.appliedIndex,
      durableIndex: this.#rows.durableIndex,
      hashIndex: this.#machine.appliedIndex,
      stateHash: stateHash(this.state),
      logSizeBytes: raft.log.sizeBytes,
      ready: unready.length === 0,
      unready,
      peers: raft.peers.map(({ id, matchIndex, active }) => ({ id, matchIndex, active })),
      startedAtMs: this.#startedAtMs,
      clusterId: raft.clusterId ?? '',
      members: members.map((member) => ({ ...member, votes: voters.has(member.id) })),
      configIndex,
      wallMs: Math.round(this.#options.wallMs()),
      clockOffsetMs: this.#fitness.clockOffsetMs,
      featureLevel: info(this.state).featureLevel,
      supportedFeatureLevel: this.#supportedLevel,
    }
  }

  /** While this node leads, the log's time, which never goes back; otherwise its own clock. */
  nowMs(): number {
    if (this.#leadership.role !== 'leader') return Math.round(this.#options.wallMs())
    return this.#leaderClock.stamp(this.#leadership.term, info(this.state).nowMs)
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  onRows(listener: RowListener): () => void {
    this.#rowListeners.add(listener)
    return () => this.#rowListeners.delete(listener)
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    this.#fitness.stop()
    this.#removal?.stop()
    this.#ticker.stop()
    this.#founder.stop()
    this.#levels?.stop()
    if (this.#raft !== undefined) await this.#handOver.goAway(this.#raft)
    await this.#raft?.close()
    await new Promise<void>((resolve) => this.#rows.flush(resolve))
  }

  #stamped(submission: Submission): Uint8Array {
    return encodeLogEntry(submission, this.nowMs())
  }

  /** A command of the cluster's own; what becomes of it shows in the state. */
  #proposeOwn(
    command: FoundCluster | { readonly type: 'tick' } | RaiseFeatureLevel,
    done: () => void,
  ): void {
    const bytes = this.#stamped({ actor: 0, key: undefined, command })
    this.#node().proposeWith(bytes, () => done())
  }

  #see(event: RaftEvent): void {
    if (event.type === 'membershipChanged') this.roster.changed(event.membership, event.configIndex)
    const changed = this.#leadership.see(event) || event.type === 'membershipChanged'
    this.#options.observer?.(event)
    if (event.type === 'failed') this.#fail(event.error)
    else if (changed) this.#changed()
  }

  #changed(): void {
    // Before the log is open there is nothing to propose to.
    if (this.#raft !== undefined) {
      this.#ticker.look()
      this.#founder.look()
      this.#levels?.look()
      this.#handOver.lookIfUnfit(this.#raft)
    }
    for (const listener of this.#listeners) listener()
  }

  #notServing(): NotLeaderError {
    if (this.#leadership.role !== 'leader') return this.#leadership.notLeader()
    return new NotLeaderError(undefined, 'noLeader')
  }

  get commandsUnderWay(): number {
    return this.#gate.underWay
  }

  get #refuseAtRows(): number {
    return this.#options.refuseAtRows ?? 50_000
  }

  get #refuseAtBytes(): number {
    return this.#options.refuseAtBytes ?? 64 * 1_048_576
  }

  get #supportedLevel(): number {
    return this.#options.supportedFeatureLevel ?? LATEST_FEATURE_LEVEL
  }

  #isFounded(): boolean {
    this.#founded ||= info(this.state).founded
    return this.#founded
  }

  #unready(commitIndex: number): readonly UnreadyReason[] {
    return unreadyBy({
      failed: this.#failed,
      stopping: this.#closing !== undefined,
      isInMinority: this.divergence() === 'minority',
      isLeader: this.#leadership.role === 'leader',
      knowsLeader: this.#leadership.leader !== undefined,
      ownTermApplied: this.#leadership.ready,
      isFounded: this.#isFounded(),
      isMember: this.roster.isMember,
      isClockOff: this.#fitness.isClockOff,
      mayLead: this.#fitness.mayLead,
      appliedIndex: this.#machine.appliedIndex,
      commitIndex,
      othersIndex: this.#fitness.othersIndex,
    })
  }

  #fail(error: Error): void {
    if (this.#failed) return
    this.#failed = true
    this.#options.onFailure(error)
  }

  #node(): RaftNode<Reply | undefined> {
    if (this.#raft === undefined) throw new Error('the node is not open yet')
    return this.#raft
  }
}
