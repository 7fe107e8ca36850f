/**
 * Three cores in one process, driven synchronously: what Raft itself costs, with writes that are
 * durable at once, a network of function calls and a state machine that does nothing.
 */
import type { Message, NodeId, Output, RaftCore } from '@quorail/raft-core/core'
import type { RaftCoreDoors } from './doors.ts'
import { coreOptions, emptyLog, GENESIS, incarnationOf, MEMBERS } from './members.ts'

interface Member {
  readonly id: NodeId
  readonly core: RaftCore
  readonly incarnation: string
  inbox: Message[]
}

/** Carries what one member says to another in one turn; gives what arrives. */
export type Carry = (from: NodeId, messages: readonly Message[]) => readonly Message[]

export class CoreTrio {
  readonly #members = new Map<NodeId, Member>()
  readonly #all: readonly Member[]
  readonly #carry: Carry | undefined
  readonly #leader: Member
  messagesCarried = 0
  readsAnswered = 0

  /** The first member leads when this returns. */
  constructor({ core: { RaftCore } }: RaftCoreDoors, carry?: Carry) {
    this.#carry = carry
    for (const id of MEMBERS) {
      const core = new RaftCore(coreOptions(id), emptyLog(id), 0)
      this.#members.set(id, { id, core, incarnation: incarnationOf(id), inbox: [] })
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

  #perform({ id, core }: Member, output: Output): void {
    const { write, apply, send, events } = output
    if (write !== undefined) core.step({ type: 'appended', writeId: write.id })
    const last = apply[apply.length - 1]
    if (last !== undefined) core.step({ type: 'applied', index: last.index })
    for (const event of events) if (event.type === 'readReady') this.readsAnswered++
    if (send.length === 0) return
    this.messagesCarried += send.length
    if (this.#carry === undefined) this.#deliver(send)
    else {
      for (const to of MEMBERS) {
        const batch = send.filter((message) => message.to === to)
        if (batch.length > 0) this.#deliver(this.#carry(id, batch))
      }
    }
  }

  #deliver(messages: readonly Message[]): void {
    for (const message of messages) (this.#members.get(message.to) as Member).inbox.push(message)
  }
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
