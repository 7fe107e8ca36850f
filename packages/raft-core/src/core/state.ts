/**
 * All a core remembers, and the few operations every concept needs. The rules themselves are in the
 * files beside this one, each a few functions over this state.
 */
import type {
  AppendEntriesReply,
  Entry,
  Genesis,
  Incarnation,
  KnownPeer,
  LogIndex,
  LogWrite,
  Membership,
  Message,
  NodeId,
  RestoredLog,
  Role,
  SnapshotMark,
  Term,
} from '../types.ts'
import type { CoreConfig } from './config.ts'
import { invariant } from './invariant.ts'
import type { CoreEvent, LogRead } from './io.ts'
import { isVoter, memberIds, membershipOf } from './membership.ts'
import type { Progress } from './progress.ts'
import { RaftLog } from './raft-log.ts'

/** A message that promises what write `afterWrite` makes durable. */
export interface HeldMessage {
  readonly afterWrite: number
  readonly message: Message
}

/** So many messages are held each for itself. */
const HELD_APART = 256

function isAcknowledgement(message: Message): message is AppendEntriesReply {
  return message.type === 'appendEntriesReply' && message.success
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
  /** To be sent there; undefined: to be applied. */
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
  /** It was sent what it lacks. */
  isHelped: boolean
  /** TimeoutNow was sent at this tick. */
  sentAt: number | undefined
}

/** What is remembered of another member, whoever leads. */
export interface PeerMemory {
  incarnation: Incarnation | undefined
  /** The `config` entry in force when it was met: a removal before that was another life's. */
  readonly since: LogIndex
  /** Highest entry it acknowledged or showed, in its known incarnation. */
  shown: LogIndex
  /** It acknowledged entries or gave a vote, in that incarnation. */
  promised: boolean
  apart: boolean
}

/** A change in the log, as it is written there. */
export type UnappliedConfig = Pick<Entry, 'index' | 'data'>

/** What came of a membership and the changes that wait behind it. */
export interface PendingDecisions {
  readonly membership: Membership
  readonly changes: readonly UnappliedConfig[]
  readonly pending: readonly Membership[]
}

/** A membership, and the `config` entry that made it. */
export interface AppliedMembership {
  readonly configIndex: LogIndex
  readonly membership: Membership
}

export class CoreState {
  readonly config: CoreConfig
  readonly log: RaftLog
  genesis: Genesis | undefined

  // Membership: the one in force, by the entries applied here (dissertation §4, at apply time).
  membership: Membership
  configIndex: LogIndex
  /** The one in force at the beginning of the log and all since, so that any point can be marked. */
  memberships: AppliedMembership[]
  /** `config` entries of the log that are not applied yet. */
  readonly unappliedConfigs: UnappliedConfig[] = []
  /** Worked out last; counts as long as both are the same. */
  pendingDecisions: PendingDecisions | undefined = undefined
  /** On a leader: no change may be proposed before this entry is applied. */
  pendingConfigIndex: LogIndex = 0
  /** Every other member, sorted. */
  peers: readonly NodeId[] = []
  readonly peerMemory = new Map<NodeId, PeerMemory>()

  // Persistent (Figure 2), and what of it has been written.
  term: Term
  votedFor: NodeId | undefined
  hardStateDirty = false
  /** The write that carried the latest term and vote. */
  hardStateWriteId = 0
  writtenCommit: LogIndex
  genesisDirty = false
  newlyKnownPeers: KnownPeer[] = []

  // Volatile.
  role: Role = 'follower'
  leader: NodeId | undefined = undefined
  commitIndex: LogIndex
  appliedIndex: LogIndex
  /** Ticks since the core was made. */
  now = 0
  /** Ticks since when patience is counted, and how many of them make it run out. */
  electionSince = 0
  electionTimeoutTicks = 0
  /** The timeout was shortened because the leader's stream closed. */
  isEarlyElection = false
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
  leaderSince = 0
  quorumCheckedAt = 0
  /** One item per batch of proposals not yet committed. */
  readonly uncommitted: { readonly lastIndex: LogIndex; readonly bytes: number }[] = []
  uncommittedBytes = 0
  transfer: Transfer | undefined = undefined

  // Reads.
  readSequence = 0
  /** A round without readers was asked for. */
  roundWanted = false
  roundConfirmed = 0
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
  /** `config` entries of the batch that is being applied. */
  applyingConfigs: readonly Entry[] = []

  // Snapshots.
  /** The newest one stored here. */
  snapshot: SnapshotMark | undefined = undefined
  wantsSnapshot = false
  /** The state machine is to be brought to this one. */
  restoring: SnapshotMark | undefined = undefined
  /** The embedder has been told so. */
  restoreAsked: SnapshotMark | undefined = undefined

  constructor(config: CoreConfig, restored: RestoredLog, appliedIndex: LogIndex) {
    const { hardState, base, genesis } = restored
    this.config = config
    this.log = new RaftLog(restored)
    this.genesis = genesis
    this.membership =
      base.index === 0 && genesis !== undefined ? membershipOf(genesis.members) : base.membership
    this.configIndex = base.configIndex
    this.memberships = [{ configIndex: base.configIndex, membership: this.membership }]
    this.term = hardState.term
    this.votedFor = hardState.votedFor
    this.commitIndex = Math.max(hardState.commitIndex, appliedIndex)
    this.writtenCommit = hardState.commitIndex
    this.appliedIndex = appliedIndex
    this.applyingIndex = appliedIndex
    this.nextReadId = config.firstReadId
    if (config.leaseReads) this.leaderHeardAt = 0
    this.findPeers()
    invariant(
      this.log.lastTerm <= this.term || this.log.lastIndex === base.index,
      'the log has no entry of a term after the current one',
    )
  }

  /** After every change of the membership. */
  findPeers(): void {
    this.peers = memberIds(this.membership).filter((id) => id !== this.config.id)
  }

  get isVoter(): boolean {
    return isVoter(this.membership, this.config.id)
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
    const afterWrite = this.hasWrite ? this.nextWriteId : this.nextWriteId - 1
    if (afterWrite <= this.completedWriteId && message.to !== this.config.id) this.send(message)
    else if (this.held.length < HELD_APART || !this.#joinsLastHeld(afterWrite, message)) {
      this.held.push({ afterWrite, message })
    }
  }

  /** While a disk stands still, one acknowledgement may say what many would. */
  #joinsLastHeld(afterWrite: number, message: Message): boolean {
    const last = this.held.at(-1)
    if (last === undefined || last.afterWrite !== afterWrite) return false
    if (!isAcknowledgement(last.message) || !isAcknowledgement(message)) return false
    const { to, term, matchIndex, readSequence } = last.message
    if (to !== message.to || term !== message.term) return false
    const joined = {
      ...message,
      matchIndex: Math.max(matchIndex, message.matchIndex),
      readSequence: Math.max(readSequence, message.readSequence),
    }
    this.held[this.held.length - 1] = { afterWrite, message: joined }
    return true
  }

  /** Is the term that this node is in durable? */
  get termIsDurable(): boolean {
    return !this.hardStateDirty && this.hardStateWriteId <= this.completedWriteId
  }

  /** Whether `takeWrite` would give anything. */
  get hasWrite(): boolean {
    return (
      this.hardStateDirty ||
      this.log.hasUnwritten ||
      this.genesisDirty ||
      this.newlyKnownPeers.length > 0
    )
  }

  takeWrite(): LogWrite | undefined {
    if (!this.hasWrite) return undefined
    const id = this.nextWriteId++
    const { base, truncateFrom, entries } = this.log.takeUnwritten(id, this.now)
    const genesis = this.genesisDirty ? this.genesis : undefined
    const peers = this.newlyKnownPeers
    this.genesisDirty = false
    // Also when it is empty: a write that was handed over must not change under who writes it.
    this.newlyKnownPeers = []
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
      base,
      genesis,
      peers,
    }
  }

  isApart(peer: NodeId): boolean {
    return this.peerMemory.get(peer)?.apart === true
  }

  /** A log write has been under way for too long (see `storageStallTicks`). */
  get isStorageStalled(): boolean {
    const since = this.log.oldestWriteSince
    return since !== undefined && this.now - since > this.config.storageStallTicks
  }

  /** Patience begins anew, and with another length: a timeout is drawn once for each attempt. */
  drawElectionTimeout(): void {
    const { electionMinTicks, electionMaxTicks } = this.config
    this.electionSince = this.now
    this.electionTimeoutTicks =
      electionMinTicks + this.#jitter(electionMaxTicks - electionMinTicks + 1)
    this.isEarlyElection = false
  }

  /** The leader was heard from, or a vote given: patience begins anew. */
  restartElectionTimeout(): void {
    if (this.isEarlyElection) this.drawElectionTimeout()
    else this.electionSince = this.now
  }

  /** A leader is known to be gone: campaign soon, but not all at the same moment. */
  drawEarlyElection(): void {
    const early = 1 + this.#jitter(this.config.peerLostTicks)
    if (this.now + early >= this.electionSince + this.electionTimeoutTicks) return
    this.electionSince = this.now
    this.electionTimeoutTicks = early
    this.isEarlyElection = true
  }

  #jitter(spread: number): number {
    const jitter = this.config.electionJitter(this.term, this.timeoutsDrawn++)
    invariant(jitter >= 0 && jitter < 1, 'electionJitter gives a number in [0, 1)')
    return Math.floor(jitter * spread)
  }
}
