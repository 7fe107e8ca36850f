/**
 * All a core remembers, and the few operations every concept needs. The rules themselves are in the
 * files beside this one, each a few functions over this state.
 */
import type {
  Entry,
  Incarnation,
  LogIndex,
  LogWrite,
  Message,
  NodeId,
  RestoredLog,
  Role,
  Term,
} from '../types.ts'
import type { CoreConfig } from './config.ts'
import { invariant } from './invariant.ts'
import type { CoreEvent, LogRead } from './io.ts'
import type { Progress } from './progress.ts'
import { RaftLog } from './raft-log.ts'

/** A message that promises what write `afterWrite` makes durable. */
interface HeldMessage {
  readonly afterWrite: number
  readonly message: Message
}

/** A read on the leader; `origin` is the follower that asked, if it was not this node's own. */
export interface PendingRead {
  readonly id: number
  readonly origin: NodeId | undefined
}

/** Reads that one round of messages confirms together. */
export interface ReadRound {
  readonly sequence: number
  readonly index: LogIndex
  readonly reads: readonly PendingRead[]
}

/** Reads of this follower that were sent to the leader under one number. */
export interface ForwardedReads {
  readonly readId: number
  readonly ids: readonly number[]
  readonly since: number
}

/** Entries that an embedder is reading for us. */
export interface PendingLogRead {
  readonly purpose: 'apply' | 'replicate'
  readonly peer: NodeId | undefined
  readonly from: LogIndex
  readonly to: LogIndex
}

/** A hand-over of leadership that is under way. */
export interface Transfer {
  readonly id: number
  readonly to: NodeId
  readonly deadline: number
  /** This node does not lead any more and waits to learn who does. */
  left: boolean
  /** TimeoutNow was sent at this tick. */
  sentAt: number | undefined
}

/** What is remembered of another member, whoever leads. */
export interface PeerMemory {
  incarnation: Incarnation | undefined
  /** Highest entry it acknowledged or showed, in its known incarnation. */
  shown: LogIndex
  /** It gave a vote. */
  voted: boolean
  apart: boolean
}

export class CoreState {
  readonly config: CoreConfig
  readonly log: RaftLog
  /** Every other member. */
  readonly peers: readonly NodeId[]
  readonly peerMemory: Map<NodeId, PeerMemory>
  readonly isMember: boolean

  // Persistent (Figure 2), and what of it has been written.
  term: Term
  votedFor: NodeId | undefined
  hardStateDirty = false
  /** The write that carried the latest term and vote. */
  hardStateWriteId = 0
  writtenCommit: LogIndex

  // Volatile.
  role: Role = 'follower'
  leader: NodeId | undefined = undefined
  commitIndex: LogIndex
  appliedIndex: LogIndex
  /** Ticks since the core was made. */
  now = 0
  electionDeadline = 0
  timeoutsDrawn = 0
  /** Tick of the last message from the current leader; followers do not vote soon after it. */
  leaderHeardAt = Number.NEGATIVE_INFINITY
  /** Tick since which no leader is known. */
  leaderlessSince: number | undefined = 0
  /** Who has (pre-)voted for this candidate, and how. */
  readonly votes = new Map<NodeId, boolean>()

  // Leader.
  readonly progress = new Map<NodeId, Progress>()
  termStart: LogIndex = 0
  lastHeartbeat = 0
  /** One item per batch of proposals not yet committed. */
  readonly uncommitted: { readonly lastIndex: LogIndex; readonly bytes: number }[] = []
  uncommittedBytes = 0
  transfer: Transfer | undefined = undefined

  // Reads.
  readSequence = 0
  /** Asked for in this turn, or waiting for the first commit of the term. */
  newReads: PendingRead[] = []
  readonly readRounds: ReadRound[] = []
  nextReadId: number
  forwardedReads: ForwardedReads[] = []

  // Output.
  outbox: Message[] = []
  readonly held: HeldMessage[] = []
  events: CoreEvent[] = []
  logReads: LogRead[] = []
  readonly pendingLogReads = new Map<number, PendingLogRead>()
  nextLogReadId = 1
  nextWriteId = 1
  completedWriteId = 0
  /** Last entry handed to the state machine; `appliedIndex` when nothing is under way. */
  applyingIndex: LogIndex
  applyReadId: number | undefined = undefined
  /** Entries that were read to be applied. */
  applyReady: readonly Entry[] = []

  constructor(config: CoreConfig, restored: RestoredLog, appliedIndex: LogIndex) {
    const { hardState } = restored
    this.config = config
    this.log = new RaftLog(restored.firstIndex, restored.lastIndex, restored.termRuns)
    this.peers = config.members.filter((member) => member !== config.id)
    this.isMember = this.peers.length < config.members.length
    this.peerMemory = new Map(
      this.peers.map((id) => [
        id,
        { incarnation: undefined, shown: 0, voted: false, apart: false },
      ]),
    )
    this.term = hardState.term
    this.votedFor = hardState.votedFor
    this.commitIndex = Math.max(hardState.commitIndex, appliedIndex)
    this.writtenCommit = hardState.commitIndex
    this.appliedIndex = appliedIndex
    this.applyingIndex = appliedIndex
    this.nextReadId = config.firstReadId
    invariant(
      this.log.lastTerm <= this.term,
      'the log has no entry of a term after the current one',
    )
  }

  emit(event: CoreEvent): void {
    this.events.push(event)
  }

  /** For a message that promises nothing: it may leave at once. */
  send(message: Message): void {
    this.outbox.push(message)
  }

  /**
   * For a message that promises what has happened so far: it leaves once all of that is durable. To
   * this node itself, it is handled then: that is how its own vote counts.
   */
  sendOnceDurable(message: Message): void {
    const dirty = this.hardStateDirty || this.log.hasUnwritten
    const afterWrite = dirty ? this.nextWriteId : this.nextWriteId - 1
    if (afterWrite <= this.completedWriteId && message.to !== this.config.id) this.send(message)
    else this.held.push({ afterWrite, message })
  }

  /** Is the term that this node is in durable? */
  get termIsDurable(): boolean {
    return !this.hardStateDirty && this.hardStateWriteId <= this.completedWriteId
  }

  /** Whether `takeWrite` would give anything. */
  get hasWrite(): boolean {
    return this.hardStateDirty || this.log.hasUnwritten
  }

  takeWrite(): LogWrite | undefined {
    if (!this.hasWrite) return undefined
    const id = this.nextWriteId++
    const { truncateFrom, entries } = this.log.takeUnwritten(id, this.now)
    const withHardState = this.hardStateDirty || this.commitIndex !== this.writtenCommit
    const { term, votedFor, commitIndex } = this
    if (this.hardStateDirty) this.hardStateWriteId = id
    this.hardStateDirty = false
    this.writtenCommit = commitIndex
    return {
      id,
      truncateFrom,
      entries,
      hardState: withHardState ? { term, votedFor, commitIndex } : undefined,
    }
  }

  isApart(peer: NodeId): boolean {
    return this.peerMemory.get(peer)?.apart === true
  }

  /** A log write has been under way for longer than an election timeout. */
  get isStorageStalled(): boolean {
    const since = this.log.oldestWriteSince
    return since !== undefined && this.now - since > this.config.electionMinTicks
  }

  drawElectionDeadline(): void {
    const { electionMinTicks, electionMaxTicks } = this.config
    const spread = electionMaxTicks - electionMinTicks + 1
    this.electionDeadline = this.now + electionMinTicks + this.#jitter(spread)
  }

  /** A leader is known to be gone: campaign soon, but not all at the same moment. */
  drawEarlyElection(): void {
    this.electionDeadline = Math.min(
      this.electionDeadline,
      this.now + 1 + this.#jitter(this.config.peerLostTicks),
    )
  }

  #jitter(spread: number): number {
    const jitter = this.config.electionJitter(this.term, this.timeoutsDrawn++)
    invariant(jitter >= 0 && jitter < 1, 'electionJitter gives a number in [0, 1)')
    return Math.floor(jitter * spread)
  }
}
