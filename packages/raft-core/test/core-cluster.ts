/** Cores on a table: messages and writes are moved by hand, so that a test decides the order. */
import type { CoreEvent, CoreOptions, Input, Output } from '../src/core/index.ts'
import { RaftCore } from '../src/core/index.ts'
import type { Entry, HardState, LogWrite, Message, NodeId, RestoredLog } from '../src/types.ts'

/** What a disk would hold: the writes that were completed. */
export class DiskImage {
  entries: Entry[] = []
  hardState: HardState = { term: 0, votedFor: undefined, commitIndex: 0 }

  apply(write: LogWrite): void {
    if (write.truncateFrom !== undefined) this.entries.length = write.truncateFrom - 1
    for (const entry of write.entries) {
      if (entry.index !== this.entries.length + 1) throw new Error('a hole in the log')
      this.entries.push(entry)
    }
    this.hardState = write.hardState ?? this.hardState
  }

  restored(): RestoredLog {
    const termRuns: { term: number; firstIndex: number }[] = []
    for (const { term, index } of this.entries) {
      if (termRuns.at(-1)?.term !== term) termRuns.push({ term, firstIndex: index })
    }
    return {
      genesis: undefined,
      incarnation: '0'.repeat(32),
      hardState: this.hardState,
      firstIndex: 1,
      lastIndex: this.entries.length,
      termRuns,
    }
  }
}

export class CoreHost {
  readonly id: NodeId
  readonly disk: DiskImage
  core: RaftCore
  readonly options: CoreOptions
  /** Writes given out and not durable. */
  writes: LogWrite[] = []
  applied: Entry[] = []
  events: CoreEvent[] = []
  sent: Message[] = []
  /** Writes become durable by hand. */
  manualDisk = false
  #lives = 0

  constructor(id: NodeId, members: readonly NodeId[], options: Partial<CoreOptions> = {}) {
    this.id = id
    this.disk = new DiskImage()
    const salt = members.indexOf(id)
    this.options = {
      id,
      members,
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
    for (const { readId, from, to } of output.read) {
      this.core.step({
        type: 'entriesRead',
        readId,
        entries: this.disk.entries.slice(from - 1, Math.min(to, from + 2)),
      })
    }
    const last = output.apply.at(-1)
    if (last !== undefined) {
      this.applied.push(...output.apply)
      this.core.step({ type: 'applied', index: last.index })
    }
  }

  completeWrites(count = this.writes.length): void {
    for (const write of this.writes.splice(0, count)) {
      this.disk.apply(write)
      this.core.step({ type: 'appended', writeId: write.id })
    }
    this.settle()
  }

  /** Loses everything that was not durable. */
  restart(): void {
    this.writes = []
    this.sent = []
    this.applied = []
    const firstReadId = this.options.firstReadId + 1e9 * ++this.#lives
    this.core = new RaftCore({ ...this.options, firstReadId }, this.disk.restored(), 0)
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

  constructor(size: number, options: Partial<CoreOptions> = {}) {
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
        if (this.filter(message)) this.host(message.to).step({ type: 'message', message })
      }
    }
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
