/**
 * One member of a Raft cluster as a pure machine: `step` in, `takeOutput` out. Nothing here waits,
 * reads a clock, draws a random number or touches a disk.
 *
 * Whoever drives it does everything an `Output` says, in any order: what must not be done before
 * something is durable is kept in here until `appended` says that it is.
 */
import { ConfigError } from '../errors.ts'
import type {
  Entry,
  Incarnation,
  LogIndex,
  Message,
  RequestVote,
  RestoredLog,
  Role,
  SnapshotMark,
} from '../types.ts'
import { handleApplied, takeApply } from './applying.ts'
import { advanceCommit, commitByVote } from './commit.ts'
import { type CoreOptions, checkCoreConfig } from './config.ts'
import { applyConfigEntries, continueChanges, proposeMembership } from './config-entries.ts'
import {
  campaign,
  handlePeerLost,
  handleRequestVote,
  handleRequestVoteReply,
  handleTimeoutNow,
  holdsLeaderLease,
  refuseOldCandidate,
  tickElection,
} from './election.ts'
import { answerStaleLeader, handleAppendEntries, handleHeartbeat } from './following.ts'
import { broken, invariant } from './invariant.ts'
import type { Input, Output } from './io.ts'
import { admit, restorePeers } from './peers.ts'
import { propose } from './proposing.ts'
import {
  confirmLeadership,
  handleReadIndexReply,
  handleReadIndexRequest,
  startRead,
  startReadRound,
  tickReads,
} from './read-index.ts'
import {
  handleAppendEntriesReply,
  handleHeartbeatReply,
  handleUnreachable,
  replicate,
  sendReadEntries,
  tickHeartbeat,
} from './replication.ts'
import { becomeFollower, broadcastAppend, setLeader } from './roles.ts'
import {
  handleCompact,
  handleInstallSnapshot,
  handleRestored,
  handleSnapshotDelivery,
  handleSnapshotSaved,
  markAt,
  takeRestore,
} from './snapshots.ts'
import { CoreState, type HeldMessage } from './state.ts'
import { type CoreStatus, describeCore } from './status.ts'
import {
  abortTransfer,
  advanceTransfer,
  handleTransferRefused,
  startTransfer,
  tickTransfer,
} from './transfer.ts'

export class RaftCore {
  readonly #s: CoreState
  #stepped = false

  /**
   * A core over what its log gave back; `appliedIndex` is what the state machine has already.
   * Throws `ConfigError`.
   */
  constructor(options: CoreOptions, restored: RestoredLog, appliedIndex: number) {
    checkRestored(restored, appliedIndex)
    const s = new CoreState(checkCoreConfig(options), restored, appliedIndex)
    this.#s = s
    restorePeers(s, restored)
    const configs = restored.configEntries
    s.unappliedConfigs.push(...configs)
    applyConfigEntries(
      s,
      configs.filter(({ index }) => index <= appliedIndex),
    )
    s.events = []
    s.drawElectionTimeout()
    this.#stepped = s.commitIndex > appliedIndex
  }

  /** Takes one input. Throws `InvariantError` alone, after which the core must not be used again. */
  step(input: Input): void {
    const s = this.#s
    this.#stepped = true
    switch (input.type) {
      case 'tick':
        tick(s)
        break
      case 'message':
        handleMessage(s, input.message, input.incarnation)
        break
      case 'propose':
        propose(s, input.id, input.commands)
        break
      case 'readIndex':
        startRead(s, input.id)
        break
      case 'transferLeadership':
        startTransfer(s, input.id, input.to)
        break
      case 'appended':
        handleAppended(s, input.writeId)
        break
      case 'applied':
        handleApplied(s, input.index)
        break
      case 'entriesRead':
        handleEntriesRead(s, input.readId, input.entries)
        break
      case 'peerLost':
        handlePeerLost(s, input.peer)
        break
      case 'unreachable':
        handleUnreachable(s, input.peer)
        break
      case 'campaign':
        // With lease reads a leader counts on those that heard of it, whatever they are asked for.
        if (s.role !== 'leader' && !(s.config.leaseReads && holdsLeaderLease(s))) campaign(s)
        break
      case 'forgetLeader':
        forgetLeader(s)
        break
      case 'abortTransfer':
        abortTransfer(s)
        break
      case 'changeMembership':
        proposeMembership(s, input.id, input.change, input.ifConfig)
        break
      case 'snapshotSaved':
        handleSnapshotSaved(s, input.mark)
        break
      case 'compact':
        handleCompact(s, input.index)
        break
      case 'restored':
        handleRestored(s, input.index)
        break
      case 'snapshotDelivery':
        handleSnapshotDelivery(s, input.peer, input.succeeded)
        break
      case 'confirmLeadership':
        confirmLeadership(s)
        break
    }
    advanceTransfer(s)
  }

  /** Whether anything went in since the output was last taken. */
  get hasOutput(): boolean {
    return this.#stepped
  }

  /** Everything that is to be done after the inputs so far. Take it once for many inputs. */
  takeOutput(): Output {
    const s = this.#s
    this.#stepped = false
    startReadRound(s)
    if (s.role === 'leader') replicate(s)
    const write = s.takeWrite()
    const apply = takeApply(s)
    const output: Output = {
      send: s.outbox,
      write,
      apply,
      read: s.logReads,
      restore: takeRestore(s),
      wantsSnapshot: s.wantsSnapshot,
      events: s.events,
    }
    s.outbox = []
    s.logReads = []
    s.events = []
    s.wantsSnapshot = false
    s.log.evict(s.config.maxTailBytes)
    return output
  }

  /** Does the core still want these entries? If not, a failure to read them does not matter. */
  wantsRead(readId: number): boolean {
    return this.#s.pendingLogReads.has(readId)
  }

  /** What a snapshot of the state at `index` stands for. `index` is applied and not compacted away. */
  markAt(index: LogIndex): SnapshotMark {
    return markAt(this.#s, index)
  }

  /** Messages that wait for a write to be durable, in order. For those who watch, e.g. in tests. */
  heldMessages(): readonly HeldMessage[] {
    return this.#s.held
  }

  /** How many ticks of patience are left out of how many is drawn at random; this sets it. For tests. */
  setElectionTimeoutTicks(ticks: number): void {
    this.#s.electionTimeoutTicks = ticks
  }

  get role(): Role {
    return this.#s.role
  }

  status(): CoreStatus {
    return describeCore(this.#s)
  }
}

function tick(s: CoreState): void {
  s.now++
  if (s.role === 'leader') tickHeartbeat(s)
  tickElection(s)
  tickTransfer(s)
  tickReads(s)
  continueChanges(s)
}

/** As if it had not been heard from: this node may vote for another one at once. */
function forgetLeader(s: CoreState): void {
  // With lease reads a leader counts on not being forgotten.
  if (s.role !== 'follower' || s.config.leaseReads) return
  s.leaderHeardAt = Number.NEGATIVE_INFINITY
  setLeader(s, undefined)
}

function handleMessage(s: CoreState, message: Message, incarnation: Incarnation | undefined): void {
  if (message.to !== s.config.id || !admit(s, message, incarnation)) return
  if (message.term < s.term) {
    answerOlderTerm(s, message)
    return
  }
  if (message.type === 'requestVote' && isHeldOff(s, message)) return
  if (message.term > s.term && entersTermOf(message)) {
    becomeFollower(s, message.term, isFromLeader(message) ? message.from : undefined, 'higherTerm')
  }
  handleCurrent(s, message)
}

/**
 * Within the lease of a leader no candidate is heard, unless the leader sent it. Nor one of this
 * node's own term, where reads rest on the lease: the term may have been heard of meanwhile.
 */
function isHeldOff(s: CoreState, { term, transfer }: RequestVote): boolean {
  return (term > s.term || s.config.leaseReads) && !transfer && holdsLeaderLease(s)
}

/** What comes from an older term has no say any more; some senders are told so. */
function answerOlderTerm(s: CoreState, message: Message): void {
  if (message.type === 'appendEntries' || message.type === 'heartbeat') {
    answerStaleLeader(s, message.from)
  } else if (message.type === 'requestVote') refuseOldCandidate(s, message)
  // A refused pre-vote comes in the voter's own term; what it knows to be committed is so in any.
  else if (message.type === 'requestVoteReply') commitByVote(s, message)
}

function handleCurrent(s: CoreState, message: Message): void {
  switch (message.type) {
    case 'requestVote':
      handleRequestVote(s, message)
      return
    case 'requestVoteReply':
      handleRequestVoteReply(s, message)
      return
    case 'appendEntries':
      handleAppendEntries(s, message)
      return
    case 'appendEntriesReply':
      handleAppendEntriesReply(s, message)
      return
    case 'heartbeat':
      handleHeartbeat(s, message)
      return
    case 'heartbeatReply':
      handleHeartbeatReply(s, message)
      return
    case 'installSnapshot':
      handleInstallSnapshot(s, message)
      return
    case 'timeoutNow':
      handleTimeoutNow(s, message)
      return
    case 'transferRefused':
      handleTransferRefused(s, message.from)
      return
    case 'readIndexRequest':
      handleReadIndexRequest(s, message)
      return
    case 'readIndexReply':
      handleReadIndexReply(s, message)
      return
    case 'snapshotRequest':
    case 'snapshotChunk':
    case 'forwardProposals':
    case 'forwardProposalsReply':
      // Between runtimes; nothing for the core but that the sender is in this term.
      return
  }
}

function isFromLeader(message: Message): boolean {
  return (
    message.type === 'appendEntries' ||
    message.type === 'heartbeat' ||
    message.type === 'installSnapshot'
  )
}

/** Every message of a later term makes this node enter it (Figure 2), save these. */
function entersTermOf(message: Message): boolean {
  // A pre-vote, and a yes to one, carry the term that does not exist yet.
  if (message.type === 'requestVote') return !message.preVote
  return !(message.type === 'requestVoteReply' && message.preVote && message.granted)
}

function checkRestored(restored: RestoredLog, appliedIndex: LogIndex): void {
  const { lastIndex, base, hardState } = restored
  if (hardState.commitIndex > lastIndex) {
    throw new ConfigError(`log: ends at ${lastIndex}, but ${hardState.commitIndex} was committed`)
  }
  if (appliedIndex > lastIndex) {
    throw new ConfigError(
      `log: ends at ${lastIndex}, but the state machine has applied ${appliedIndex}`,
    )
  }
  if (appliedIndex < base.index) {
    throw new ConfigError(
      `log: begins behind ${base.index}, but the state machine has applied ${appliedIndex} only`,
    )
  }
}

function handleAppended(s: CoreState, writeId: number): void {
  invariant(writeId < s.nextWriteId, `write ${writeId} completed, but was never given out`)
  s.log.completeWrite(writeId)
  s.completedWriteId = writeId
  let released = 0
  for (const { afterWrite, message } of s.held) {
    if (afterWrite > writeId) break
    released++
    if (message.to !== s.config.id) s.send(message)
    else if (message.type === 'requestVoteReply' && message.term === s.term) {
      handleRequestVoteReply(s, message)
    }
  }
  s.held.splice(0, released)
  if (s.role === 'leader' && advanceCommit(s)) broadcastAppend(s)
}

function handleEntriesRead(s: CoreState, readId: number, entries: readonly Entry[]): void {
  const pending = s.pendingLogReads.get(readId)
  if (pending === undefined) return
  s.pendingLogReads.delete(readId)
  entries.forEach((entry, i) => {
    if (entry.index !== pending.from + i || s.log.termAt(entry.index) !== entry.term) {
      broken(`the log gave another entry than ${pending.from + i}`)
    }
  })
  if (entries.length === 0) broken(`the log did not give entry ${pending.from}`)
  if (pending.peer === undefined) {
    s.applyReadId = undefined
    s.applyReady = entries
    return
  }
  const progress = s.progress.get(pending.peer)
  if (progress?.readId === readId) sendReadEntries(s, progress, entries)
}
