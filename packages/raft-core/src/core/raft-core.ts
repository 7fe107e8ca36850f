/**
 * One member of a Raft cluster as a pure machine: `step` in, `takeOutput` out. Nothing here waits,
 * reads a clock, draws a random number or touches a disk.
 *
 * Whoever drives it does everything an `Output` says, in any order: what must not be done before
 * something is durable is kept in here until `appended` says that it is.
 */
import { ConfigError } from '../errors.ts'
import type { Entry, Incarnation, Message, RestoredLog, Role } from '../types.ts'
import { handleApplied, takeApply } from './applying.ts'
import { advanceCommit } from './commit.ts'
import { type CoreOptions, checkCoreConfig } from './config.ts'
import {
  campaign,
  handlePeerLost,
  handleRequestVote,
  handleRequestVoteReply,
  handleTimeoutNow,
  holdsLeaderLease,
  tickElection,
} from './election.ts'
import { answerStaleLeader, handleAppendEntries } from './following.ts'
import { broken } from './invariant.ts'
import type { Input, Output } from './io.ts'
import { admit } from './peers.ts'
import {
  handleReadIndexReply,
  handleReadIndexRequest,
  startRead,
  startReadRound,
  tickReads,
} from './read-index.ts'
import {
  handleAppendEntriesReply,
  propose,
  replicate,
  sendReadEntries,
  tickHeartbeat,
} from './replication.ts'
import { becomeFollower } from './roles.ts'
import { CoreState } from './state.ts'
import { type CoreStatus, describeCore } from './status.ts'
import { advanceTransfer, startTransfer, tickTransfer } from './transfer.ts'

export class RaftCore {
  readonly #s: CoreState
  #stepped = false

  /**
   * A core over what its log gave back; `appliedIndex` is what the state machine has already.
   * Throws `ConfigError`.
   */
  constructor(options: CoreOptions, restored: RestoredLog, appliedIndex: number) {
    const { lastIndex, firstIndex, hardState } = restored
    if (firstIndex !== 1) throw new ConfigError('log: must begin with entry 1')
    if (hardState.commitIndex > lastIndex) {
      throw new ConfigError(`log: ends at ${lastIndex}, but ${hardState.commitIndex} was committed`)
    }
    if (appliedIndex > lastIndex) {
      throw new ConfigError(
        `log: ends at ${lastIndex}, but the state machine has applied ${appliedIndex}`,
      )
    }
    this.#s = new CoreState(checkCoreConfig(options), restored, appliedIndex)
    this.#s.drawElectionDeadline()
    this.#stepped = this.#s.commitIndex > appliedIndex
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
      case 'campaign':
        if (s.role !== 'leader') campaign(s)
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
    const output: Output = { send: s.outbox, write, apply, read: s.logReads, events: s.events }
    s.outbox = []
    s.logReads = []
    s.events = []
    s.log.evict(s.config.maxTailBytes)
    return output
  }

  /** Does the core still want these entries? If not, a failure to read them does not matter. */
  wantsRead(readId: number): boolean {
    return this.#s.pendingLogReads.has(readId)
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
}

function handleMessage(s: CoreState, message: Message, incarnation: Incarnation | undefined): void {
  if (message.to !== s.config.id || !admit(s, message, incarnation)) return
  if (message.term > s.term && entersTermOf(s, message)) {
    const leader = message.type === 'appendEntries' ? message.from : undefined
    becomeFollower(s, message.term, leader, 'higherTerm')
  }
  switch (message.type) {
    case 'requestVote':
      // Within the lease of a leader a candidate of a later term is not heard (unless sent by it).
      if (message.preVote || message.term <= s.term) handleRequestVote(s, message)
      return
    case 'appendEntries':
      if (message.term < s.term) answerStaleLeader(s, message)
      else handleAppendEntries(s, message)
      return
    case 'requestVoteReply':
      if (message.term >= s.term) handleRequestVoteReply(s, message)
      return
    default:
      if (message.term === s.term) handleCurrent(s, message)
  }
}

function handleCurrent(
  s: CoreState,
  message: Exclude<Message, { type: 'requestVote' | 'appendEntries' | 'requestVoteReply' }>,
): void {
  switch (message.type) {
    case 'appendEntriesReply':
      handleAppendEntriesReply(s, message)
      return
    case 'timeoutNow':
      handleTimeoutNow(s, message)
      return
    case 'readIndexRequest':
      handleReadIndexRequest(s, message)
      return
    case 'readIndexReply':
      handleReadIndexReply(s, message)
      return
  }
}

/** Every message of a later term makes this node enter it (Figure 2), save these. */
function entersTermOf(s: CoreState, message: Message): boolean {
  if (message.type === 'requestVote') {
    return !message.preVote && (message.transfer || !holdsLeaderLease(s))
  }
  // A yes to a pre-vote carries the term that does not exist yet.
  return !(message.type === 'requestVoteReply' && message.preVote && message.granted)
}

function handleAppended(s: CoreState, writeId: number): void {
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
  if (s.role === 'leader') advanceCommit(s)
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
  if (pending.purpose === 'apply') {
    s.applyReadId = undefined
    s.applyReady = entries
    return
  }
  const progress = pending.peer === undefined ? undefined : s.progress.get(pending.peer)
  if (progress?.readId === readId) sendReadEntries(s, progress, entries)
}
