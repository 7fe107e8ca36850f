/**
 * The loop around a core: once a turn, everything that came in goes to the core, messages before
 * ticks; then one output is taken and done: one log write, one batch for each peer, one batch for the
 * state machine. While a write is under way the next one accumulates, so that many commands share
 * one sync and a lone caller waits for nobody.
 */
import type { Input, LogRead, Output } from '../core/io.ts'
import { ClosedError, InvariantError, RaftError, StorageFailedError } from '../errors.ts'
import type { Clock, Lane, RaftEvent } from '../ports.ts'
import type { Entry, Incarnation, LogIndex, Message, NodeId, SnapshotMark } from '../types.ts'
import { CoreEvents } from './core-events.ts'
import type { Core, Host } from './host.ts'
import { Housekeeping } from './housekeeping.ts'
import type { Opened } from './opening.ts'
import type { RaftNodeOptions } from './options.ts'
import { makeParts, type Parts } from './parts.ts'
import { type PeerMessage, routeMessage } from './peer-messages.ts'
import type { Proposal } from './proposals.ts'
import { mostTicksAtOnce, type RaftConfig } from './raft-config.ts'
import { Requests } from './requests.ts'
import { installSnapshot } from './snapshot-installing.ts'
import { Succession } from './succession.ts'
import { Ticker } from './ticker.ts'
import { tracedCore } from './trace.ts'

export class Driver<Result> implements Host {
  readonly id: NodeId
  readonly core: Core
  readonly clock: Clock
  readonly config: RaftConfig
  readonly parts: Parts<Result>
  readonly requests: Requests<Result>
  readonly incarnation: Incarnation
  readonly #options: RaftNodeOptions<Result>
  readonly #ticker: Ticker
  readonly #events: CoreEvents<Result>
  readonly #housekeeping: Housekeeping<Result>
  readonly #succession: Succession

  // What came in and waits for the next turn, and what leaves at the end of it besides the core's.
  #inbox: Input[] = []
  #letters: PeerMessage[] = []
  #letterBytes = 0
  #outbox: Message[] = []
  #isScheduled = false
  readonly #turnWhenDue = () => this.#turn()

  #appliedIndex: LogIndex
  #state: 'running' | 'failed' | 'closed' = 'running'
  #failure: RaftError | undefined = undefined
  #isClosing = false
  #onSettled: (() => void) | undefined = undefined

  constructor(options: RaftNodeOptions<Result>, opened: Opened) {
    const { transport, clock, machine, id, trace } = options
    this.id = id
    this.clock = clock
    this.config = opened.config
    this.core = trace === undefined ? opened.core : tracedCore(opened.core, trace)
    this.incarnation = opened.restored.incarnation
    this.#options = options
    this.#appliedIndex = machine.appliedIndex
    this.parts = makeParts<Result>(this, options, opened, {
      onApplied: (entries, results) => this.#applied(entries, results),
      onSnapshotSaved: (info) => this.#housekeeping.snapshotSaved(info),
    })
    this.requests = new Requests<Result>(this, this.parts, () => this.#stoppedError())
    this.#events = new CoreEvents<Result>(this, this.parts, transport)
    this.#housekeeping = new Housekeeping<Result>(this, this.parts, machine)
    this.#succession = new Succession(this, this.parts.standing)
    transport.onReceive = (from, bytes) => this.#receive(from, bytes)
    transport.onPeerLost = (peer) => this.#succession.peerLost(peer)
    transport.setPeers?.(this.parts.standing.peers)
    this.#ticker = new Ticker(clock, this.config.tickMs, mostTicksAtOnce(this.config), () =>
      this.schedule(),
    )
    const newest = opened.snapshots[0]
    if (newest !== undefined) this.enqueue({ type: 'snapshotSaved', mark: newest.mark })
    this.schedule()
  }

  get state(): 'running' | 'failed' | 'closed' {
    return this.#state
  }

  get isRunning(): boolean {
    return this.#state === 'running'
  }

  get appliedIndex(): LogIndex {
    return this.#appliedIndex
  }

  /** No more commands are taken from now on. */
  beginClosing(): void {
    this.#isClosing = true
  }

  /**
   * Calls back when nothing that is in the log waits for an answer any more, and after an election
   * timeout at the latest: when all nodes stop at once nobody is left to say what became of it.
   */
  whenSettled(done: () => void): void {
    const timer = this.clock.setTimer(this.config.electionMaxMs, () => this.#settled())
    this.#onSettled = () => {
      timer.cancel()
      done()
    }
    this.schedule()
  }

  /** Ends everything; calls back when neither state machine nor snapshots are being used any more. */
  stop(done: () => void): void {
    if (this.isRunning) {
      this.#state = 'closed'
      this.#silence()
      this.#answerAll(new ClosedError(), 'closed', undefined)
    }
    const { shelf, operations } = this.parts
    shelf?.closeAll()
    operations.whenIdle(() => {
      if (shelf === undefined) done()
      // What could not be closed was not going to be used.
      else shelf.close(() => done())
    })
  }

  // -------------------------------------------------------------------------------------------
  // For the parts

  enqueue(input: Input): void {
    if (!this.isRunning) return
    this.#inbox.push(input)
    this.schedule()
  }

  post(message: Message, lane: Lane = 'normal'): void {
    if (!this.isRunning) return
    if (lane === 'bulk') this.parts.mail.sendAlone(message, lane)
    else {
      this.#outbox.push(message)
      this.schedule()
    }
  }

  schedule(): void {
    if (this.#isScheduled || !this.isRunning) return
    this.#isScheduled = true
    this.clock.defer(this.#turnWhenDue)
  }

  observe(event: RaftEvent): void {
    const { observer } = this.#options
    if (observer !== undefined) this.call(() => observer(event))
  }

  heardOf(members: readonly NodeId[]): void {
    const { standing } = this.parts
    if (standing.peers.length > 0) return
    this.#options.transport.setPeers?.(members.filter((id) => id !== this.id))
  }

  /** The first failure ends the node: what is on disk is known again only after it was opened anew. */
  fail(error: RaftError): void {
    if (!this.isRunning) return
    this.#state = 'failed'
    this.#failure = error
    this.#silence()
    this.#answerAll(error, 'failed', error)
    this.observe({ type: 'failed', error })
  }

  /** A caller's mistake is the caller's: it is thrown where it can not stop a turn half way. */
  call(callback: () => void): void {
    try {
      callback()
    } catch (error) {
      this.later(() => {
        throw error
      })
    }
  }

  later(callback: () => void): void {
    this.clock.defer(callback)
  }

  randomName(): string {
    const { random } = this.#options
    let name = ''
    while (name.length < 32) name += Math.floor(random() * 16).toString(16)
    return name
  }

  // -------------------------------------------------------------------------------------------
  // The turn

  #turn(): void {
    this.#isScheduled = false
    if (!this.isRunning) return
    try {
      this.#feed()
      this.#capture()
      if (this.core.hasOutput) this.#perform(this.core.takeOutput())
      if (this.#outbox.length > 0) this.#sendOutbox()
      if (this.#onSettled !== undefined && this.parts.proposals.count === 0) this.#settled()
    } catch (error) {
      this.fail(error instanceof RaftError ? error : new InvariantError(String(error)))
    }
  }

  #feed(): void {
    const { core, parts } = this
    const inbox = this.#inbox
    if (inbox.length > 0) {
      this.#inbox = []
      for (const input of inbox) core.step(input)
    }
    const letters = this.#letters
    // Also when there are none: a batch may hold nothing that is known here.
    this.#letterBytes = 0
    if (letters.length > 0) {
      this.#letters = []
      for (const letter of letters) if (!routeMessage(this, parts, letter)) core.step(letter)
    }
    if (parts.proposals.hasQueued) this.#offer(parts.proposals.takeQueued())
    if (parts.reads.hasQueued) {
      const id = parts.reads.ask(this.clock.now() + this.config.proposeTimeoutMs)
      core.step({ type: 'readIndex', id })
    }
    // After the commands that were given before: they are still taken.
    for (const input of parts.changes.take()) core.step(input)
    for (const input of parts.transfers.take()) {
      if (input.type === 'transferLeadership') parts.leases.transferAsked()
      core.step(input)
    }
    const ticks = this.#ticker.take()
    for (let i = 0; i < ticks; i++) core.step({ type: 'tick' })
    if (ticks > 0) this.#housekeeping.tick(this.clock.now())
  }

  #offer(proposals: readonly Proposal<Result>[]): void {
    this.parts.stages?.offered(proposals.length)
    if (this.config.forwardProposals && this.#forward(proposals)) return
    this.#events.offered = proposals
    const commands = new Array<Uint8Array>(proposals.length)
    for (let i = 0; i < proposals.length; i++) commands[i] = (proposals[i] as Proposal<Result>).data
    this.core.step({ type: 'propose', id: 0, commands })
  }

  /** Passes them on to the leader, if that is another node. */
  #forward(proposals: readonly Proposal<Result>[]): boolean {
    const { role, leader, term } = this.core.status()
    if (role === 'leader' || leader === undefined || leader === this.id) return false
    const { forwarding } = this.parts
    this.#outbox.push(...forwarding.send(proposals, leader, term, this.config.maxAppendBytes))
    return true
  }

  /** Between two batches: everything that is applied has been told to the core, and nothing else is. */
  #capture(): void {
    const { taking, applying } = this.parts
    if (taking === undefined || !taking.wantsCapture || applying.isBusy) return
    // The log begins behind another state already than the machine has.
    if (this.core.status().isRestoring) return
    taking.begin(this.core.markAt(this.#appliedIndex), () => applying.goOn())
  }

  #perform(output: Output): void {
    const { mail, applying, taking, stages } = this.parts
    // Who is told may close the node: then what was not in the log is not put there any more.
    for (const event of output.events) if (this.isRunning) this.#events.handle(event)
    if (!this.isRunning) return
    if (stages !== undefined) {
      stages.sent(output.send)
      if (this.parts.standing.leads) stages.committed(this.core.status().commitIndex)
    }
    if (output.write?.genesis !== undefined) mail.clusterId = output.write.genesis.clusterId
    // Before the write: the others' writes are what a commit waits for longest. What would promise that this one is
    // done is not among it.
    if (this.#outbox.length === 0) mail.send(output.send)
    else {
      const outbox = this.#outbox
      this.#outbox = []
      mail.send([...output.send, ...outbox])
    }
    if (output.write !== undefined) this.#write(output.write)
    if (!this.isRunning) return
    for (const read of output.read) this.#readEntries(read)
    const { restore } = output
    if (restore !== undefined)
      installSnapshot(this, this.parts, restore, () => this.#restored(restore))
    if (output.apply.length > 0) applying.apply(output.apply)
    if (output.wantsSnapshot) taking?.wanted()
  }

  #write(write: NonNullable<Output['write']>): void {
    const { stages } = this.parts
    const measured = write.entries.length > 0 ? stages?.writing(write.entries.length) : undefined
    this.#options.log.write(write, (error) => {
      if (error !== undefined) {
        this.fail(new StorageFailedError(error))
        return
      }
      measured?.()
      this.enqueue({ type: 'appended', writeId: write.id })
    })
  }

  #sendOutbox(): void {
    const outbox = this.#outbox
    this.#outbox = []
    this.parts.mail.send(outbox)
  }

  #readEntries({ readId, from, to, maxBytes }: LogRead): void {
    this.#options.log.readEntries(from, to, maxBytes, (error, entries) => {
      if (error === undefined) this.enqueue({ type: 'entriesRead', readId, entries })
      else if (this.core.wantsRead(readId)) this.fail(new StorageFailedError(error))
    })
  }

  #applied(entries: readonly Entry[], results: readonly Result[]): void {
    if (!this.isRunning) return
    const { proposals, forwarding, changes, standing, waiters, stages } = this.parts
    const last = entries[entries.length - 1] as Entry
    this.#appliedIndex = last.index
    for (let i = 0; i < entries.length; i++) {
      proposals.applied(entries[i] as Entry, results[i] as Result)
    }
    if (this.config.forwardProposals) forwarding.applied(entries, results)
    changes.applied(entries)
    const ready = standing.noticeReady(entries)
    if (ready !== undefined) this.observe(ready)
    stages?.applied(last.index)
    waiters.release(last.index)
    this.#housekeeping.applied(entries)
    this.enqueue({ type: 'applied', index: last.index })
  }

  #restored(mark: SnapshotMark): void {
    const { proposals, forwarding, changes, waiters, taking } = this.parts
    this.#appliedIndex = mark.index
    proposals.skipTo(mark.index)
    forwarding.skipTo(mark.index)
    changes.skipTo(mark.index)
    waiters.release(mark.index)
    taking?.skipTo(mark.index)
    this.enqueue({ type: 'restored', index: mark.index })
    this.enqueue({ type: 'snapshotSaved', mark })
    this.#housekeeping.restored(mark)
  }

  #receive(from: NodeId, bytes: Uint8Array): void {
    if (!this.isRunning) return
    if (this.#letterBytes > 0 && this.#letterBytes + bytes.length > this.config.maxInboxBytes) {
      const detail = `${this.#letterBytes} bytes are waiting`
      this.observe({ type: 'batchDropped', from, reason: 'overloaded', detail })
      return
    }
    const dropped = this.parts.mail.receive(from, bytes, this.#take)
    if (dropped === undefined) {
      this.#letterBytes += bytes.length
      this.schedule()
    } else this.observe(dropped)
  }

  readonly #take = (message: Message, incarnation: Incarnation): void => {
    this.parts.stages?.received(message)
    this.#letters.push({ type: 'message', message, incarnation })
  }

  // -------------------------------------------------------------------------------------------
  // Ending

  #stoppedError(): RaftError | undefined {
    if (this.#failure !== undefined) return this.#failure
    return this.#isClosing || this.#state === 'closed' ? new ClosedError() : undefined
  }

  #answerAll(error: RaftError, reason: 'closed' | 'failed', cause: Error | undefined): void {
    const { proposals, forwarding, reads, waiters, transfers, changes, taking } = this.parts
    for (const proposal of this.#events.takeOffered()) proposals.refuse(proposal, error)
    proposals.refuseQueued(error)
    proposals.abandon(reason, cause)
    forwarding.abandon(reason, cause)
    reads.fail(error)
    waiters.fail(error)
    transfers.fail(error)
    changes.fail(error, reason)
    taking?.fail(error)
    this.#settled()
  }

  #silence(): void {
    this.#ticker.stop()
    this.#inbox = []
    this.#letters = []
    this.#outbox = []
    this.#options.transport.onReceive = undefined
    this.#options.transport.onPeerLost = undefined
    this.parts.fetching.stop()
    this.parts.mail.stop()
  }

  #settled(): void {
    const done = this.#onSettled
    this.#onSettled = undefined
    done?.()
  }
}
