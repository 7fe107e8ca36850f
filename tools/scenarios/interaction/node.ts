/**
 * One node of a scenario: our core, driven as etcd's `RawNode` is. After every input the output is
 * taken and kept as part of the next Ready, so that messages are made as eagerly as etcd makes them.
 */
import { nameOf, numberOf } from '../names.ts'
import {
  type CoreEvent,
  type CoreStatus,
  type Entry,
  type Genesis,
  type Input,
  isVoter,
  type LogIndex,
  type Membership,
  type MembershipChange,
  type MembershipRefusal,
  type Message,
  memberIds,
  type Output,
  RaftCore,
  type SnapshotMark,
} from '../raft-core.ts'
import { Appends } from './appends.ts'
import type { HardStateNumbers, Ready, SoftState } from './describe.ts'
import { ELECTION_TICKS, type NodeSettings } from './settings.ts'
import { startOf } from './start.ts'
import { hardStateOf, softStateOf } from './status-text.ts'
import { StoredLog } from './stored-log.ts'
import { appendAnswer, appendWork, applyWork, hasAppendWork, type Work } from './threads.ts'
import { Unstable } from './unstable.ts'
import { isAfterAppend, type WireMessage, wire, wireOf } from './wire.ts'

export class ScenarioNode {
  readonly id: number
  readonly storage: StoredLog
  readonly isAsync: boolean
  /** Whose log this is; undefined of a node that was added without a past. */
  readonly genesis: Genesis | undefined
  appendWork: Work[] = []
  applyWork: Work[] = []
  readonly #core: RaftCore
  readonly #unstable: Unstable
  readonly #maxCommittedBytes: number
  readonly #onMembership: (membership: Membership) => void
  readonly #appends: Appends
  readonly #answersStaleLeaders: boolean
  // What the next Ready has, and what the last one had.
  #messages: WireMessage[] = []
  #afterAppend: WireMessage[] = []
  #writeId: number | undefined = undefined
  #softState: SoftState
  #hardState: HardStateNumbers
  /** Messages that the core still holds and that were taken up here. */
  readonly #announced = new Set<Message>()
  #lastIndex: LogIndex
  /** Committed entries that the core has handed out, and those that a Ready has. */
  #handedOut: LogIndex
  #applying: LogIndex
  #snapshot: SnapshotMark
  #events: CoreEvent[] = []

  constructor(
    id: number,
    settings: NodeSettings,
    onMembership: (node: number, membership: Membership) => void,
  ) {
    const { mark, restored } = startOf(id, settings)
    const { index } = mark
    this.id = id
    this.genesis = restored.genesis
    this.isAsync = settings.isAsync
    this.storage = new StoredLog(index + 1)
    this.#unstable = new Unstable(index + 1)
    this.#maxCommittedBytes = settings.maxCommittedBytes
    this.#onMembership = (membership) => onMembership(id, membership)
    this.#core = new RaftCore({ ...settings.core, id: nameOf(id) }, restored, index)
    this.#appends = new Appends((writeId) => this.step({ type: 'appended', writeId }))
    this.#lastIndex = index
    this.#handedOut = index
    this.#applying = index
    this.#snapshot = mark
    this.#softState = softStateOf(this.status)
    this.#hardState = hardStateOf(this.status)
    this.#onMembership(mark.membership)
    this.#answersStaleLeaders = settings.core.preVote === true || settings.core.checkQuorum === true
    if (settings.core.leaseReads === true) this.#outlivePromise()
    if (index > 0) this.step({ type: 'snapshotSaved', mark })
  }

  get status(): CoreStatus {
    return this.#core.status()
  }

  get roleName(): string {
    return softStateOf(this.status).role
  }

  get leader(): number {
    return numberOf(this.status.leader)
  }

  get isVoter(): boolean {
    return isVoter(this.status.membership, nameOf(this.id))
  }

  /** The newest snapshot: of everything that was applied. */
  get snapshot(): SnapshotMark {
    return this.#snapshot
  }

  hasMember(node: number): boolean {
    return memberIds(this.status.membership).includes(nameOf(node))
  }

  setElectionTimeout(ticks: number): void {
    this.#core.setElectionTimeoutTicks(ticks)
  }

  /** Something that is to go out with the next Ready. */
  send(message: WireMessage): void {
    this.#messages.push(message)
  }

  /** A message of a peer arrives. */
  receive(message: Message): void {
    const isOlder = message.term < this.status.term
    const answers = this.#afterAppend.length
    this.step({ type: 'message', message })
    if (isOlder && !this.#isAnsweredByEtcd(message)) this.#afterAppend.length = answers
  }

  tick(): void {
    const count = this.#messages.length
    this.step({ type: 'tick' })
    // See differences.ts: what our core says again for lack of an answer.
    const isRepeated = ({ type }: WireMessage) => type === 'MsgSnap' || type === 'MsgTimeoutNow'
    const sent = this.#messages.splice(count)
    this.#messages.push(...sent.filter((message) => !isRepeated(message)))
  }

  /** Returns what the core told of it. */
  step(input: Input): readonly CoreEvent[] {
    const before = this.#events
    this.#events = []
    this.#core.step(input)
    this.#collect()
    const events = this.#events
    this.#events = [...before, ...events]
    return events
  }

  /** Whether the command was taken. */
  propose(command: Uint8Array): boolean {
    const events = this.step({ type: 'propose', id: 1, commands: [command] })
    return events.some((event) => event.type === 'proposed' && event.accepted === 1)
  }

  /** Why the change was not taken, if it was not. */
  proposeChange(change: MembershipChange): MembershipRefusal | undefined {
    const events = this.step({ type: 'changeMembership', id: 1, change, ifConfig: undefined })
    const answer = events.find((event) => event.type === 'membershipProposed')
    if (answer === undefined) throw new Error('the core did not answer a change of the membership')
    return answer.refusal
  }

  /** An answer of this node to itself was delivered. */
  receiveLocal(message: WireMessage): void {
    if (message.type === 'MsgStorageAppendResp') {
      // From an older term it says nothing of entries: they may have been overwritten meanwhile.
      if (message.term >= this.status.term) this.#unstable.stableTo(message.index, message.logTerm)
      if (message.snapshot !== undefined) this.#snapshotStable(message.snapshot)
    }
    if (message.append !== undefined) this.#appends.delivered(message.append)
  }

  get hasReady(): boolean {
    const ready = this.#nextReady()
    return (
      ready.softState !== undefined ||
      ready.hardState !== undefined ||
      ready.entries.length > 0 ||
      ready.snapshot !== undefined ||
      ready.committed.length > 0 ||
      this.#messages.length > 0 ||
      this.#afterAppend.length > 0
    )
  }

  /** The next Ready. It counts as accepted, and has to be handled. */
  takeReady(): Ready {
    const plain = this.#nextReady()
    const append = this.#appends.begin(this.#writeId)
    const ready = this.isAsync ? this.#withThreads(plain, append) : plain
    const { softState, hardState, committed } = ready
    if (softState !== undefined) this.#softState = softState
    if (hardState !== undefined) this.#hardState = hardState
    this.#messages = []
    this.#afterAppend = []
    this.#writeId = undefined
    this.#unstable.give()
    this.#applying = committed.at(-1)?.index ?? this.#applying
    return ready
  }

  persist({ entries, snapshot }: Ready): void {
    if (snapshot !== undefined) this.storage.reset(snapshot)
    this.storage.append(entries)
  }

  /** The state machine has these. */
  apply({ committed }: Ready): void {
    const target = committed.at(-1)?.index ?? 0
    while (this.status.appliedIndex < target) {
      // Ours may hand out more at once; then it hears of it when all of that is applied.
      if (this.#handedOut > target) return
      if (this.#handedOut <= this.status.appliedIndex) {
        throw new Error(`the core did not hand out entry ${this.status.appliedIndex + 1}`)
      }
      this.step({ type: 'applied', index: this.#handedOut })
      this.#saveSnapshot()
    }
  }

  /** Everything that was given to the disk with the Ready that was taken last is there. */
  advance({ entries, snapshot }: Ready): void {
    this.#appends.completeAll()
    const last = entries.at(-1)
    if (last !== undefined) this.#unstable.stableTo(last.index, last.term)
    if (snapshot !== undefined) this.#snapshotStable(snapshot)
  }

  /** The append thread is done with this work. */
  appended(work: Work): void {
    this.#appends.written(
      work.append,
      work.message.responses.some(({ append }) => append !== undefined),
    )
  }

  compact(index: LogIndex): void {
    this.step({ type: 'compact', index })
  }

  /** See differences.ts: which messages of an older term are answered. */
  #isAnsweredByEtcd(message: Message): boolean {
    if (message.type === 'requestVote') return message.preVote
    return this.#answersStaleLeaders
  }

  /** See differences.ts: with lease reads a node that has just started does not vote for a while. */
  #outlivePromise(): void {
    for (let i = 0; i < ELECTION_TICKS; i++) this.step({ type: 'tick' })
    this.#core.setElectionTimeoutTicks(3 * ELECTION_TICKS)
  }

  #nextReady(): Ready {
    const softState = softStateOf(this.status)
    const hardState = hardStateOf(this.status)
    const { term, vote, commit } = this.#hardState
    const isNewPromise = hardState.term !== term || hardState.vote !== vote
    const isNewSoftState =
      softState.leader !== this.#softState.leader || softState.role !== this.#softState.role
    const entries = this.#unstable.nextEntries
    const others = this.#afterAppend.filter(({ to }) => to !== this.id)
    return {
      softState: isNewSoftState ? softState : undefined,
      hardState: isNewPromise || hardState.commit !== commit ? hardState : undefined,
      entries,
      snapshot: this.#unstable.nextSnapshot,
      committed: this.#nextCommitted(),
      messages: this.isAsync ? this.#messages : [...this.#messages, ...others],
      mustSync: isNewPromise || entries.length > 0,
    }
  }

  /** With messages to the two threads, in place of doing the work at once. */
  #withThreads(ready: Ready, append: number): Ready {
    const messages = [...ready.messages]
    if (hasAppendWork(ready, this.#afterAppend)) {
      const responses = this.#afterAppend.map((message) =>
        message.to === this.id ? { ...message, append } : message,
      )
      if (!this.#unstable.isEmpty || ready.snapshot !== undefined) {
        const { term, lastIndex } = this.status
        const last = this.#unstable.at(lastIndex)
        responses.push(appendAnswer(this.id, term, last, ready.snapshot, append))
      }
      const work = appendWork(this.id, ready, responses, append)
      messages.push(work.message)
      this.appendWork.push(work)
    } else this.#appends.written(append, false)
    if (ready.committed.length > 0) {
      const work = applyWork(this.id, ready, append)
      messages.push(work.message)
      this.applyWork.push(work)
    }
    return { ...ready, messages }
  }

  /** Committed entries that no Ready has had, in etcd's measure. */
  #nextCommitted(): readonly Entry[] {
    if (this.#unstable.hasSnapshot) return []
    const { commitIndex } = this.status
    const last = this.isAsync ? Math.min(commitIndex, this.#unstable.offset - 1) : commitIndex
    const committed: Entry[] = []
    let bytes = 0
    for (let index = this.#applying + 1; index <= last; index++) {
      const entry = this.#entryAt(index)
      if (entry === undefined) throw new Error(`entry ${index} is committed and not there`)
      bytes += etcdsSize(entry)
      if (committed.length > 0 && bytes > this.#maxCommittedBytes) break
      committed.push(entry)
    }
    return committed
  }

  #entryAt(index: LogIndex): Entry | undefined {
    return this.#unstable.at(index) ?? this.storage.at(index)
  }

  #collect(): void {
    let isDone = false
    while (!isDone) {
      const output = this.#core.takeOutput()
      this.#note(output)
      isDone = !this.#answer(output)
    }
  }

  #note({ send, write, apply, events }: Output): void {
    for (const { message } of this.#core.heldMessages()) {
      if (this.#announced.has(message)) continue
      this.#announced.add(message)
      this.#take(message)
    }
    for (const message of send) if (!this.#announced.delete(message)) this.#take(message)
    if (write !== undefined) {
      this.#unstable.take(write)
      if (write.base?.reset === false) this.storage.compact(write.base.mark.index)
      this.#writeId = write.id
    }
    this.#handedOut = apply.at(-1)?.index ?? this.#handedOut
    this.#events.push(...events)
    for (const event of events) {
      if (event.type === 'membershipChanged') this.#onMembership(event.membership)
    }
    this.#acknowledgeOwn()
  }

  #take(message: Message): void {
    const translated = wireOf(message)
    if (translated === undefined) return
    if (isAfterAppend(translated)) this.#afterAppend.push(translated)
    else this.#messages.push(translated)
  }

  /** A leader's own share of a quorum: a message to itself in etcd's core, the log's own in ours. */
  #acknowledgeOwn(): void {
    const { role, lastIndex, term } = this.status
    if (role === 'leader' && lastIndex > this.#lastIndex) {
      const way = { type: 'MsgAppResp', from: this.id, to: this.id } as const
      this.#afterAppend.push(wire({ ...way, term, index: lastIndex }))
    }
    this.#lastIndex = lastIndex
  }

  /** What the core asks of its embedder and etcd's does not. Returns whether there was anything. */
  #answer({ read, restore, wantsSnapshot }: Output): boolean {
    for (const { readId, from, to } of read) {
      const entries: Entry[] = []
      for (let index = from; index <= to; index++) entries.push(this.#entryAt(index) as Entry)
      this.#core.step({ type: 'entriesRead', readId, entries })
    }
    if (restore !== undefined) {
      this.#core.step({ type: 'restored', index: restore.index })
      this.#handedOut = restore.index
      this.#snapshot = restore
      this.#core.step({ type: 'snapshotSaved', mark: restore })
    } else if (wantsSnapshot) this.#core.step({ type: 'snapshotSaved', mark: this.#snapshot })
    return read.length > 0 || restore !== undefined || wantsSnapshot
  }

  #saveSnapshot(): void {
    // A snapshot from another node may have come while this was applied: it knows better.
    if (this.status.isRestoring) return
    this.#snapshot = this.#core.markAt(this.status.appliedIndex)
    this.step({ type: 'snapshotSaved', mark: this.#snapshot })
  }

  #snapshotStable(mark: SnapshotMark): void {
    this.#unstable.snapshotStable(mark)
    this.#applying = Math.max(this.#applying, mark.index)
  }
}

/** Bytes of an entry in etcd's encoding, about: what its limits count. */
function etcdsSize(entry: Entry): number {
  return 6 + entry.data.length
}
