/**
 * The loop around a core: once a turn, everything that came in goes to the core, messages before
 * ticks; then one output is taken and done: one log write, one batch for each peer, one batch for the
 * state machine. While a write is under way the next one accumulates, so that many commands share
 * one sync and a lone caller waits for nobody.
 */
import type { CoreEvent, Input, LogRead, Output } from '../core/io.ts'
import type { RaftCore } from '../core/raft-core.ts'
import {
  ClosedError,
  InvariantError,
  MachineFailedError,
  NotLeaderError,
  OverloadedError,
  RaftError,
  RejectedError,
  StorageFailedError,
} from '../errors.ts'
import type { RaftEvent } from '../ports.ts'
import type { Entry, LogIndex, NodeId, RestoredLog, Role, Term } from '../types.ts'
import { AppliedWaiters } from './applied-waiters.ts'
import { Mail } from './mail.ts'
import type { ProposeDone, RaftConfig, RaftNodeOptions, ReadDone } from './options.ts'
import { type Proposal, Proposals } from './proposals.ts'
import { Reads } from './reads.ts'
import { Ticker } from './ticker.ts'

export type TransferDone = (error: RaftError | undefined, leader: NodeId) => void

export class Driver<Result> {
  readonly core: RaftCore
  readonly restored: RestoredLog
  readonly #options: RaftNodeOptions<Result>
  readonly #config: RaftConfig
  readonly #mail: Mail
  readonly #ticker: Ticker

  // What came in and waits for the next turn.
  #inbox: Input[] = []
  #inboxBytes = 0
  #scheduled = false

  // Who waits for an answer.
  readonly #proposals = new Proposals<Result>()
  readonly #waiters = new AppliedWaiters()
  readonly #reads = new Reads(this.#waiters)
  readonly #transfers = new Map<number, TransferDone>()
  #askedTransfers: Input[] = []
  #nextTransferId = 1
  /** The batch the core is being offered; its `proposed` event comes in the same turn. */
  #offered: Proposal<Result>[] = []

  // What the core has told.
  #role: Role = 'follower'
  #leader: NodeId | undefined = undefined
  #leaderTerm: Term = 0
  #ready = false
  #leaderlessSince: number
  #appliedIndex: LogIndex

  #state: 'running' | 'failed' | 'closed' = 'running'
  #failure: RaftError | undefined = undefined
  #closing = false
  #applying = false
  #onStopped: (() => void) | undefined = undefined
  #onSettled: (() => void) | undefined = undefined

  constructor(
    core: RaftCore,
    restored: RestoredLog,
    options: RaftNodeOptions<Result>,
    config: RaftConfig,
    mostTicksAtOnce: number,
  ) {
    const { transport, clock, machine, id } = options
    this.core = core
    this.restored = restored
    this.#options = options
    this.#config = config
    this.#appliedIndex = machine.appliedIndex
    this.#leaderlessSince = clock.now()
    this.#mail = new Mail(transport, restored.genesis?.clusterId ?? '', id, restored.incarnation)
    transport.onReceive = (from, bytes) => this.#receive(from, bytes)
    transport.onPeerLost = (peer) => this.#enqueue({ type: 'peerLost', peer })
    this.#ticker = new Ticker(clock, config.tickMs, mostTicksAtOnce, () => this.#schedule())
    this.#schedule()
  }

  get state(): 'running' | 'failed' | 'closed' {
    return this.#state
  }

  get ready(): boolean {
    return this.#ready
  }

  get appliedIndex(): LogIndex {
    return this.#appliedIndex
  }

  get leads(): boolean {
    return this.#role === 'leader'
  }

  get pendingProposals(): number {
    return this.#proposals.count
  }

  get pendingReads(): number {
    return this.#reads.count
  }

  // -------------------------------------------------------------------------------------------
  // What users ask

  propose(data: Uint8Array, timeoutMs: number | undefined, done: ProposeDone<Result>): void {
    const refusal = this.#refusalOf(data)
    if (refusal !== undefined) {
      this.#later(() => done(refusal, 0, 0, undefined))
      return
    }
    const { clock } = this.#options
    const deadline = clock.now() + this.#config.proposeTimeoutMs
    const safe: ProposeDone<Result> = (error, index, term, result) =>
      this.#call(() => done(error, index, term, result))
    const proposal: Proposal<Result> = {
      data,
      deadline,
      done: safe,
      index: 0,
      term: 0,
      answered: false,
      timer: undefined,
    }
    if (timeoutMs !== undefined) {
      proposal.timer = clock.setTimer(timeoutMs, () => this.#proposals.timeOut(proposal))
    }
    this.#proposals.add(proposal)
    this.#schedule()
  }

  read(done: ReadDone): void {
    const stopped = this.#stoppedError()
    const full = this.#reads.count >= this.#config.maxPendingReads
    const error = stopped ?? (full ? new OverloadedError('too many reads are waiting') : undefined)
    if (error !== undefined) {
      this.#later(() => done(error, 0))
      return
    }
    this.#reads.add((failure, index) => this.#call(() => done(failure, index)))
    this.#schedule()
  }

  waitApplied(index: LogIndex, done: ReadDone): void {
    const stopped = this.#stoppedError()
    if (stopped !== undefined) this.#later(() => done(stopped, 0))
    else if (index <= this.#appliedIndex) this.#later(() => done(undefined, this.#appliedIndex))
    else {
      this.#waiters.add(index, Number.POSITIVE_INFINITY, (error, applied) =>
        this.#call(() => done(error, applied)),
      )
    }
  }

  transfer(to: NodeId | undefined, done: TransferDone): void {
    const stopped = this.#stoppedError()
    if (stopped !== undefined) {
      this.#later(() => done(stopped, ''))
      return
    }
    const id = this.#nextTransferId++
    this.#transfers.set(id, done)
    this.#askedTransfers.push({ type: 'transferLeadership', id, to })
    this.#schedule()
  }

  /** No more commands are taken from now on. */
  beginClosing(): void {
    this.#closing = true
  }

  /** Calls back when nothing that is in the log waits for an answer any more. */
  whenSettled(done: () => void): void {
    this.#onSettled = done
    this.#schedule()
  }

  /** Ends everything; calls back when the state machine is not being used any more. */
  stop(done: () => void): void {
    if (this.#state === 'running') {
      this.#state = 'closed'
      this.#silence()
      this.#answerAll(new ClosedError(), 'closed', undefined)
    }
    if (this.#applying) this.#onStopped = done
    else done()
  }

  // -------------------------------------------------------------------------------------------
  // The turn

  #enqueue(input: Input): void {
    if (this.#state !== 'running') return
    this.#inbox.push(input)
    this.#schedule()
  }

  #schedule(): void {
    if (this.#scheduled || this.#state !== 'running') return
    this.#scheduled = true
    this.#options.clock.defer(() => this.#turn())
  }

  #turn(): void {
    this.#scheduled = false
    if (this.#state !== 'running') return
    try {
      this.#feed()
      if (this.core.hasOutput) this.#perform(this.core.takeOutput())
      if (this.#onSettled !== undefined && this.#proposals.count === 0) this.#settled()
    } catch (error) {
      this.#fail(error instanceof RaftError ? error : new InvariantError(String(error)))
    }
  }

  #feed(): void {
    const inbox = this.#inbox
    this.#inbox = []
    this.#inboxBytes = 0
    for (const input of inbox) this.core.step(input)
    if (this.#proposals.hasQueued) this.#offer()
    if (this.#reads.hasQueued) {
      const id = this.#reads.ask(this.#options.clock.now() + this.#config.proposeTimeoutMs)
      this.core.step({ type: 'readIndex', id })
    }
    // After the commands that were given before: they are still taken.
    for (const input of this.#askedTransfers) this.core.step(input)
    this.#askedTransfers = []
    const ticks = this.#ticker.take()
    for (let i = 0; i < ticks; i++) this.core.step({ type: 'tick' })
    if (ticks > 0) {
      const now = this.#options.clock.now()
      this.#proposals.expire(now)
      this.#reads.expire(now)
      this.#waiters.expire(now)
    }
  }

  #offer(): void {
    const offered = this.#proposals.takeQueued()
    this.#offered = offered
    const commands = offered.map(({ data }) => data)
    this.core.step({ type: 'propose', id: 0, commands })
  }

  #perform(output: Output): void {
    const { log } = this.#options
    for (const event of output.events) this.#handle(event)
    const { write } = output
    if (write !== undefined) {
      log.write(write, (error) => {
        if (error !== undefined) this.#fail(new StorageFailedError(error))
        else this.#enqueue({ type: 'appended', writeId: write.id })
      })
    }
    if (this.#state !== 'running') return
    this.#mail.send(output.send)
    for (const read of output.read) this.#readEntries(read)
    if (output.apply.length > 0) this.#apply(output.apply)
  }

  #readEntries({ readId, from, to, maxBytes }: LogRead): void {
    this.#options.log.readEntries(from, to, maxBytes, (error, entries) => {
      if (error === undefined) this.#enqueue({ type: 'entriesRead', readId, entries })
      else if (this.core.wantsRead(readId)) this.#fail(new StorageFailedError(error))
    })
  }

  #apply(entries: readonly Entry[]): void {
    this.#applying = true
    try {
      this.#options.machine.apply(entries, (error, results) => {
        this.#applying = false
        if (error !== undefined) this.#fail(new MachineFailedError(error))
        else this.#applied(entries, results)
        this.#onStopped?.()
      })
    } catch (error) {
      this.#applying = false
      this.#fail(new MachineFailedError(error instanceof Error ? error : new Error(String(error))))
    }
  }

  #applied(entries: readonly Entry[], results: readonly Result[]): void {
    if (this.#state !== 'running') return
    if (results.length !== entries.length) {
      const counts = `${results.length} results for ${entries.length} entries`
      this.#fail(new MachineFailedError(new Error(`apply gave ${counts}`)))
      return
    }
    const last = entries[entries.length - 1] as Entry
    this.#appliedIndex = last.index
    for (let i = 0; i < entries.length; i++) {
      this.#proposals.applied(entries[i] as Entry, results[i] as Result)
    }
    if (!this.#ready && this.leads) this.#noticeReady(entries)
    this.#waiters.release(last.index)
    this.#enqueue({ type: 'applied', index: last.index })
  }

  #noticeReady(entries: readonly Entry[]): void {
    const first = entries.find((entry) => entry.term === this.#leaderTerm)
    if (first === undefined) return
    this.#ready = true
    this.#observe({ type: 'leaderReady', term: first.term, index: first.index })
  }

  #receive(from: NodeId, bytes: Uint8Array): void {
    if (this.#state !== 'running') return
    if (this.#inboxBytes + bytes.length > this.#config.maxInboxBytes) {
      const detail = `${this.#inboxBytes} bytes are waiting`
      this.#observe({ type: 'batchDropped', from, reason: 'overloaded', detail })
      return
    }
    this.#inboxBytes += bytes.length
    const dropped = this.#mail.receive(from, bytes, this.#inbox)
    if (dropped === undefined) this.#schedule()
    else this.#observe(dropped)
  }

  // -------------------------------------------------------------------------------------------
  // What the core tells

  #handle(event: CoreEvent): void {
    switch (event.type) {
      case 'proposed':
        this.#handleProposed(event)
        break
      case 'readReady':
        this.#reads.ready(event.id, event.index)
        this.#waiters.release(this.#appliedIndex)
        break
      case 'readFailed':
        this.#reads.failed(event.id, event.reason, this.#notLeader())
        break
      case 'transferEnded':
        this.#handleTransferEnded(event)
        break
      case 'roleChanged':
        this.#role = event.role
        this.#ready = false
        if (event.role === 'leader') this.#leaderTerm = event.term
        this.#observe(event)
        break
      case 'leaderChanged':
        this.#leader = event.leader
        if (event.leader === undefined) this.#leaderlessSince = this.#options.clock.now()
        this.#observe(event)
        break
      case 'steppedDown':
        this.#handleSteppedDown(event)
        break
      case 'peerSetApart':
        this.#observe(event)
        break
    }
  }

  #handleProposed(event: Extract<CoreEvent, { type: 'proposed' }>): void {
    const offered = this.#offered
    this.#offered = []
    for (let i = 0; i < event.accepted; i++) {
      this.#proposals.appended(offered[i] as Proposal<Result>, event.firstIndex + i, event.term)
    }
    if (event.accepted === offered.length) return
    const error =
      event.refusal === 'transferring'
        ? new RejectedError('transferring', 'leadership is being handed over')
        : event.refusal === 'notLeader'
          ? this.#notLeader()
          : new OverloadedError('too much is waiting to be committed')
    for (const proposal of offered.slice(event.accepted)) this.#proposals.refuse(proposal, error)
  }

  #handleSteppedDown(event: Extract<CoreEvent, { type: 'steppedDown' }>): void {
    if (event.reason === 'higherTerm') {
      this.#proposals.settle(this.#options.clock.now() + this.#config.electionMaxMs)
      return
    }
    this.#observe({ type: event.reason, term: event.term })
    this.#proposals.abandon(event.reason === 'quorumLost' ? 'noQuorum' : 'storageStalled')
  }

  #handleTransferEnded(event: Extract<CoreEvent, { type: 'transferEnded' }>): void {
    const done = this.#transfers.get(event.id)
    this.#transfers.delete(event.id)
    if (done === undefined) return
    const { result } = event
    if (result === 'transferred') done(undefined, event.leader ?? '')
    else if (result === 'notLeader') done(this.#notLeader(), '')
    else if (result === 'badTarget') done(new RejectedError(result, 'no such follower'), '')
    else if (result === 'busy') done(new RejectedError(result, 'a transfer is under way'), '')
    else if (result === 'timeout')
      done(new RejectedError(result, 'it did not take over in time'), '')
    else done(new RejectedError('leaderChanged', 'leadership went elsewhere'), '')
  }

  #notLeader(): NotLeaderError {
    if (this.#leader !== undefined && this.#leader !== this.#options.id) {
      return new NotLeaderError(this.#leader, 'follower')
    }
    const without = this.#options.clock.now() - this.#leaderlessSince
    const long = without > 2 * this.#config.electionMaxMs
    return new NotLeaderError(undefined, long ? 'noQuorum' : 'noLeader')
  }

  // -------------------------------------------------------------------------------------------
  // Refusing and ending

  #refusalOf(data: Uint8Array): RaftError | undefined {
    const stopped = this.#stoppedError()
    if (stopped !== undefined) return stopped
    const { maxEntryBytes, maxPendingProposals, maxPendingBytes } = this.#config
    if (data.length > maxEntryBytes) {
      const message = `the command has ${data.length} bytes, at most ${maxEntryBytes} are allowed`
      return new RejectedError('tooLarge', message)
    }
    if (this.#proposals.count >= maxPendingProposals) {
      return new OverloadedError('too many commands are waiting')
    }
    if (this.#proposals.bytes > 0 && this.#proposals.bytes + data.length > maxPendingBytes) {
      return new OverloadedError('too many bytes of commands are waiting')
    }
    return undefined
  }

  #stoppedError(): RaftError | undefined {
    if (this.#failure !== undefined) return this.#failure
    return this.#closing || this.#state === 'closed' ? new ClosedError() : undefined
  }

  /** The first failure ends the node: what is on disk is known again only after it was opened anew. */
  #fail(error: RaftError): void {
    if (this.#state !== 'running') return
    this.#state = 'failed'
    this.#failure = error
    this.#silence()
    this.#answerAll(error, 'failed', error)
    this.#observe({ type: 'failed', error })
  }

  #answerAll(error: RaftError, reason: 'closed' | 'failed', cause: Error | undefined): void {
    for (const proposal of this.#offered) this.#proposals.refuse(proposal, error)
    this.#offered = []
    this.#proposals.refuseQueued(error)
    this.#proposals.abandon(reason, cause)
    this.#reads.fail(error)
    this.#waiters.fail(error)
    const transfers = [...this.#transfers.values()]
    this.#transfers.clear()
    for (const done of transfers) done(error, '')
    this.#settled()
  }

  #silence(): void {
    this.#ticker.stop()
    this.#inbox = []
    this.#options.transport.onReceive = undefined
    this.#options.transport.onPeerLost = undefined
  }

  #settled(): void {
    const done = this.#onSettled
    this.#onSettled = undefined
    done?.()
  }

  #observe(event: RaftEvent): void {
    const { observer } = this.#options
    if (observer !== undefined) this.#call(() => observer(event))
  }

  /** Never before the caller has got its hands back. */
  #later(callback: () => void): void {
    this.#options.clock.defer(callback)
  }

  /** A caller's mistake is the caller's: it is thrown where it can not stop a turn half way. */
  #call(callback: () => void): void {
    try {
      callback()
    } catch (error) {
      this.#later(() => {
        throw error
      })
    }
  }
}
