/** Cores on a table: messages and writes are moved by hand, so that a test decides the order. */
import type { CoreEvent, CoreOptions, Input, LogRead, Output } from '../src/core/index.ts'
import { RaftCore } from '../src/core/index.ts'
import { membershipOf } from '../src/core/membership.ts'
import type {
  Entry,
  Genesis,
  HardState,
  LogBase,
  LogWrite,
  Message,
  NodeId,
  RestoredLog,
  SnapshotMark,
} from '../src/types.ts'

/** What a disk would hold: the writes that were completed. */
export class DiskImage {
  base: SnapshotMark
  /** Behind `base`. */
  entries: Entry[] = []
  hardState: HardState = { term: 0, votedFor: undefined, commitIndex: 0 }
  genesis: Genesis | undefined
  readonly peers = new Map<NodeId, string>()

  /** Without members: of a node that waits to be added. */
  constructor(members: readonly NodeId[] | undefined) {
    this.genesis = members === undefined ? undefined : { clusterId: 'c'.repeat(32), members }
    const membership = membershipOf(members ?? [])
    this.base = { index: 0, term: 0, membership, configIndex: 0 }
  }

  get lastIndex(): number {
    return this.base.index + this.entries.length
  }

  apply(write: LogWrite): void {
    this.genesis = write.genesis ?? this.genesis
    if (write.base !== undefined) this.#begin(write.base)
    if (write.truncateFrom !== undefined) {
      this.entries.length = write.truncateFrom - 1 - this.base.index
    }
    for (const entry of write.entries) {
      if (entry.index !== this.lastIndex + 1) throw new Error('a hole in the log')
      this.entries.push(entry)
    }
    this.hardState = write.hardState ?? this.hardState
    for (const { id, incarnation } of write.peers) this.peers.set(id, incarnation)
  }

  read(from: number, to: number): Entry[] {
    return this.entries.slice(from - 1 - this.base.index, to - this.base.index)
  }

  restored(): RestoredLog {
    const termRuns: { term: number; firstIndex: number }[] = []
    for (const { term, index } of this.entries) {
      if (termRuns.at(-1)?.term !== term) termRuns.push({ term, firstIndex: index })
    }
    return {
      genesis: this.genesis,
      incarnation: '0'.repeat(32),
      hardState: this.hardState,
      base: this.base,
      firstIndex: this.base.index + 1,
      lastIndex: this.lastIndex,
      termRuns,
      configEntries: this.entries.filter(({ kind }) => kind === 'config'),
      peers: [...this.peers].map(([id, incarnation]) => ({ id, incarnation })),
    }
  }

  #begin({ mark, reset }: LogBase): void {
    this.entries = reset ? [] : this.entries.filter(({ index }) => index > mark.index)
    this.base = mark
  }
}

export class CoreHost {
  readonly id: NodeId
  readonly disk: DiskImage
  core: RaftCore
  readonly options: CoreOptions
  /** Writes given out and not durable. */
  writes: LogWrite[] = []
  /** The state: everything that was applied, or came in a snapshot. */
  applied: Entry[] = []
  /** Stored snapshots: what had been applied, by index. */
  readonly snapshots = new Map<number, readonly Entry[]>()
  restores: number[] = []
  events: CoreEvent[] = []
  sent: Message[] = []
  /** Writes become durable by hand. */
  manualDisk = false
  /** Snapshots are restored by hand. */
  manualRestore = false
  /** The state machine is done with a batch when it is told so. */
  manualApply = false
  /** Entries are read from the disk by hand. */
  manualReads = false
  applying: readonly Entry[] = []
  reads: LogRead[] = []
  #lives = 0

  constructor(
    id: NodeId,
    members: readonly NodeId[] | undefined,
    options: Partial<CoreOptions> = {},
  ) {
    this.id = id
    this.disk = new DiskImage(members)
    const salt = Math.max(0, members?.indexOf(id) ?? Number(id.slice(1)) - 1)
    this.options = {
      id,
      firstReadId: 1000 * (salt + 1),
      // Deterministic and different for every node: the first member is the most eager.
      electionJitter: (_term, attempt) => ((salt * 0.34 + attempt * 0.13) % 1) * 0.999,
      ...options,
    }
    this.core = new RaftCore(this.options, this.disk.restored(), 0)
  }

  /** One input, and what comes of it except messages and writes by hand. */
  step(input: Input): void {
    this.core.step(input)
    this.settle()
  }

  settle(): void {
    while (this.core.hasOutput) this.handle(this.core.takeOutput())
  }

  handle(output: Output): void {
    this.events.push(...output.events)
    this.sent.push(...output.send)
    if (output.write !== undefined) {
      this.writes.push(output.write)
      if (!this.manualDisk) this.completeWrites()
    }
    this.reads.push(...output.read)
    if (!this.manualReads) this.#answerReads()
    if (output.apply.length > 0) {
      this.applying = output.apply
      if (!this.manualApply) this.#finishApply()
    }
    if (output.restore !== undefined) {
      this.restores.push(output.restore.index)
      if (!this.manualRestore) this.restore(output.restore.index)
    }
    if (output.wantsSnapshot) this.snapshot()
  }

  /** Stores a snapshot of the state as it is. */
  snapshot(): void {
    const { appliedIndex } = this.core.status()
    this.snapshots.set(appliedIndex, [...this.applied])
    this.step({ type: 'snapshotSaved', mark: this.core.markAt(appliedIndex) })
  }

  /** Stores a snapshot and forgets the log up to there. */
  compact(): void {
    this.snapshot()
    this.step({ type: 'compact', index: this.core.status().appliedIndex })
  }

  /** Gives what was asked for, three entries at most, as far as it is wanted still. */
  answerReads(): void {
    this.#answerReads()
    this.settle()
  }

  finishApply(): void {
    this.#finishApply()
    this.settle()
  }

  #answerReads(): void {
    for (const { readId, from, to } of this.reads.splice(0)) {
      if (!this.core.wantsRead(readId)) continue
      const entries = this.disk.read(from, Math.min(to, from + 2))
      this.core.step({ type: 'entriesRead', readId, entries })
    }
  }

  #finishApply(): void {
    const { applying } = this
    const last = applying.at(-1)
    if (last === undefined) return
    this.applying = []
    this.applied.push(...applying)
    this.core.step({ type: 'applied', index: last.index })
  }

  restore(index: number): void {
    this.applied = [...(this.snapshots.get(index) ?? [])]
    this.core.step({ type: 'restored', index })
  }

  completeWrites(count = this.writes.length): void {
    for (const write of this.writes.splice(0, count)) {
      this.disk.apply(write)
      this.core.step({ type: 'appended', writeId: write.id })
    }
    this.settle()
  }

  /** Loses everything that was not durable. The state is that of the snapshot the log begins with. */
  restart(): void {
    this.writes = []
    this.sent = []
    this.applying = []
    this.reads = []
    const { index } = this.disk.base
    this.applied = [...(this.snapshots.get(index) ?? [])]
    const firstReadId = this.options.firstReadId + 1e9 * ++this.#lives
    this.core = new RaftCore({ ...this.options, firstReadId }, this.disk.restored(), index)
    this.settle()
  }

  takeSent(): Message[] {
    const sent = this.sent
    this.sent = []
    return sent
  }

  event<T extends CoreEvent['type']>(type: T): Extract<CoreEvent, { type: T }> | undefined {
    return this.events.findLast((e): e is Extract<CoreEvent, { type: T }> => e.type === type)
  }
}

export const bytes = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0))
export const text = (data: Uint8Array): string => String.fromCharCode(...data)

export class CoreCluster {
  readonly ids: NodeId[]
  readonly hosts: Map<NodeId, CoreHost>
  /** Returns false to lose a message. */
  filter: (message: Message) => boolean = () => true

  readonly #options: Partial<CoreOptions>

  constructor(size: number, options: Partial<CoreOptions> = {}) {
    this.#options = options
    this.ids = Array.from({ length: size }, (_, i) => `n${i + 1}`)
    this.hosts = new Map(this.ids.map((id) => [id, new CoreHost(id, this.ids, options)]))
    for (const host of this.hosts.values()) host.settle()
  }

  host(id: NodeId): CoreHost {
    const host = this.hosts.get(id)
    if (host === undefined) throw new Error(`no ${id}`)
    return host
  }

  /** Delivers messages until none are left. */
  deliver(rounds = 100): void {
    for (let i = 0; i < rounds; i++) {
      const messages = [...this.hosts.values()].flatMap((host) => host.takeSent())
      if (messages.length === 0) return
      for (const message of messages) {
        const host = this.hosts.get(message.to)
        if (host === undefined || !this.filter(message)) continue
        if (message.type === 'installSnapshot') this.#bring(message.mark.index, message.from, host)
        host.step({ type: 'message', message })
      }
    }
  }

  /** A node that waits to be added. */
  join(id: NodeId, options: Partial<CoreOptions> = {}): CoreHost {
    const host = new CoreHost(id, undefined, { ...this.#options, ...options })
    this.hosts.set(id, host)
    host.settle()
    return host
  }

  /** The bytes of a snapshot go before the message that names it. */
  #bring(index: number, from: NodeId, to: CoreHost): void {
    const state = this.host(from).snapshots.get(index)
    if (state !== undefined) to.snapshots.set(index, state)
  }

  /** Time for everybody. */
  tick(count = 1): void {
    for (let i = 0; i < count; i++) {
      for (const host of this.hosts.values()) host.step({ type: 'tick' })
      this.deliver()
    }
  }

  elect(id: NodeId): CoreHost {
    const host = this.host(id)
    host.step({ type: 'campaign' })
    this.deliver()
    return host
  }

  propose(id: NodeId, ...commands: string[]): void {
    this.host(id).step({ type: 'propose', id: 1, commands: commands.map(bytes) })
  }

  leader(): CoreHost | undefined {
    return [...this.hosts.values()].find((host) => host.core.role === 'leader')
  }
}

export const commands = (entries: readonly Entry[]): string[] =>
  entries.filter((entry) => entry.kind === 'command').map((entry) => text(entry.data))
