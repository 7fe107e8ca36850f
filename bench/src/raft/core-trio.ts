/**
 * Three cores in one process, driven synchronously: what Raft itself costs, with writes that are
 * durable at once, a network of function calls and a state machine that does nothing.
 */
import type {
  CoreOptions,
  Entry,
  LogRead,
  Message,
  NodeId,
  Output,
  RaftCore,
} from '@quorail/raft-core/core'
import type { RaftCoreDoors } from './doors.ts'
import { coreOptions, emptyLog, GENESIS, incarnationOf, MEMBERS } from './members.ts'

export interface TrioOptions {
  /** Without it messages arrive as they are. */
  readonly carry?: Carry
  /** Everything that is written is kept, so that it can be read again. */
  readonly keepsLog?: boolean
  readonly core?: Partial<CoreOptions>
}

interface Member {
  readonly id: NodeId
  /** What was written; nothing, unless the log is kept. */
  readonly log: Entry[]
  readonly core: RaftCore
  readonly incarnation: string
  inbox: Message[]
}

/** Carries what one member says to another in one turn; gives what arrives. */
export type Carry = (from: NodeId, messages: readonly Message[]) => readonly Message[]

export class CoreTrio {
  readonly #members = new Map<NodeId, Member>()
  readonly #all: readonly Member[]
  readonly #options: TrioOptions
  readonly #leader: Member
  messagesCarried = 0
  readsAnswered = 0

  /** The first member leads when this returns. */
  constructor({ core: { RaftCore } }: RaftCoreDoors, options: TrioOptions = {}) {
    this.#options = options
    for (const id of MEMBERS) {
      const core = new RaftCore(coreOptions(id, options.core), emptyLog(id), 0)
      this.#members.set(id, { id, core, incarnation: incarnationOf(id), log: [], inbox: [] })
    }
    this.#all = [...this.#members.values()]
    this.#leader = this.#all[0] as Member
    while (this.#leader.core.role !== 'leader') {
      this.#leader.core.step({ type: 'tick' })
      this.settle()
    }
  }

  get commitIndex(): number {
    return this.#leader.core.status().commitIndex
  }

  /** Messages to it are lost, and nothing comes from it. */
  cutOff: NodeId | undefined

  /** Last entry that this member has durably, as the leader knows. */
  matchOf(id: NodeId): number {
    return this.#leader.core.status().peers.find((peer) => peer.id === id)?.matchIndex ?? 0
  }

  /** Time for everybody, and all that comes of it. */
  tick(): void {
    for (const { core } of this.#all) core.step({ type: 'tick' })
    this.settle()
  }

  propose(commands: readonly Uint8Array[]): void {
    this.#leader.core.step({ type: 'propose', id: 0, commands })
  }

  read(id: number): void {
    this.#leader.core.step({ type: 'readIndex', id })
  }

  /** Turn after turn, as the runtime takes them, until nothing is left to do on any member. */
  settle(): void {
    for (let busy = true; busy; ) {
      busy = false
      for (const member of this.#all) if (this.#turn(member)) busy = true
    }
  }

  #turn(member: Member): boolean {
    const { core, inbox } = member
    if (inbox.length > 0) {
      member.inbox = []
      for (const message of inbox) {
        const incarnation = (this.#members.get(message.from) as Member).incarnation
        core.step({ type: 'message', message, incarnation })
      }
    }
    if (!core.hasOutput) return false
    this.#perform(member, core.takeOutput())
    return true
  }

  #perform({ id, core, log }: Member, output: Output): void {
    const { write, apply, send, events, read } = output
    if (write !== undefined) {
      if (this.#options.keepsLog === true) for (const entry of write.entries) log.push(entry)
      core.step({ type: 'appended', writeId: write.id })
    }
    for (const one of read) {
      core.step({ type: 'entriesRead', readId: one.readId, entries: entriesOf(log, one) })
    }
    const last = apply[apply.length - 1]
    if (last !== undefined) core.step({ type: 'applied', index: last.index })
    for (const event of events) if (event.type === 'readReady') this.readsAnswered++
    if (send.length === 0) return
    this.messagesCarried += send.length
    const { carry } = this.#options
    if (carry === undefined) this.#deliver(send)
    else {
      for (const to of MEMBERS) {
        const batch = send.filter((message) => message.to === to)
        if (batch.length > 0) this.#deliver(carry(id, batch))
      }
    }
  }

  #deliver(messages: readonly Message[]): void {
    for (const message of messages) {
      if (message.to === this.cutOff || message.from === this.cutOff) continue
      ;(this.#members.get(message.to) as Member).inbox.push(message)
    }
  }
}

/** As a log reads them: as many as fit, one at least. */
function entriesOf(log: readonly Entry[], { from, to, maxBytes }: LogRead): readonly Entry[] {
  let bytes = 0
  let end = from - 1
  while (end < to && (bytes === 0 || bytes < maxBytes)) bytes += (log[end++] as Entry).data.length
  return log.slice(from - 1, end)
}

/** Every batch is encoded and decoded, as between processes. */
export function throughCodec({ core }: RaftCoreDoors): Carry {
  const { encodeMessageBatch, decodeMessageBatch } = core
  return (from, messages) => {
    const fromIncarnation = incarnationOf(from)
    const bytes = encodeMessageBatch({
      clusterId: GENESIS.clusterId,
      from,
      fromIncarnation,
      messages,
    })
    return decodeMessageBatch(bytes).messages
  }
}
