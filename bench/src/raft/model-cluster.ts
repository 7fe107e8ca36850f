/**
 * Three cores in virtual time, with disks, links and processors that take their time: for questions
 * whose answer must not depend on the machine that asks. The cores are the real ones.
 */
import type { Input, Message, NodeId, Output, RaftCore } from '@quorail/raft-core/core'
import { Durations } from '../harness/sample.ts'
import type { RaftCoreDoors } from './doors.ts'
import { command, coreOptions, emptyLog, incarnationOf, MEMBERS } from './members.ts'
import { VirtualTime } from './virtual-time.ts'

/** All times in milliseconds. */
export interface Model {
  readonly window: number
  /** One way, from the end of one node's turn to the other's inbox. */
  readonly linkMs: number
  /** Of one sync, however many writes share it. */
  readonly syncMs: number
  /** Commands that come in, at random moments, whether or not earlier ones are answered. */
  readonly commandsPerSecond: number
  readonly costs: Costs
}

/** What the one thread of a node spends. */
export interface Costs {
  readonly turnMs: number
  /** For each message that is sent or received. */
  readonly messageMs: number
  /** For each entry in it, and for each command that is proposed. */
  readonly entryMs: number
}

export interface Outcome {
  readonly answeredPerSecond: number
  readonly latenciesMs: Float64Array
  readonly syncs: number
  /** AppendEntries with entries, to both followers. */
  readonly appends: number
}

const TICK_MS = 10

interface Member {
  readonly id: NodeId
  readonly core: RaftCore
  inbox: Input[]
  working: boolean
  /** Writes that wait for the next sync. */
  unsynced: number | undefined
  syncing: boolean
}

export class ModelCluster {
  readonly #model: Model
  readonly #time = new VirtualTime()
  readonly #members = new Map<NodeId, Member>()
  readonly #leader: Member
  readonly #random: () => number
  /** When each command came in, in the order of the log. */
  #asked: number[] = []
  #answered = 0
  #latencies = new Durations()
  #syncs = 0
  #appends = 0

  constructor({ core: { RaftCore } }: RaftCoreDoors, model: Model) {
    this.#model = model
    this.#random = randomNumbers(1)
    for (const id of MEMBERS) {
      const options = coreOptions(id, { maxInflightMessages: model.window })
      const core = new RaftCore(options, emptyLog(id), 0)
      this.#members.set(id, {
        ...{ id, core, inbox: [], working: false, unsynced: undefined, syncing: false },
      })
    }
    this.#leader = this.#members.get(MEMBERS[0] as NodeId) as Member
    for (const member of this.#members.values()) this.#tick(member, TICK_MS)
    while (this.#leader.core.role !== 'leader') this.#time.runUntil(this.#time.now + 100)
    this.#time.runUntil(this.#time.now + 100)
  }

  /** Commands begin to come; what is answered in `warmUpMs` is not counted, what in `forMs` then is. */
  run(warmUpMs: number, forMs: number): Outcome {
    this.#ask()
    this.#time.runUntil(this.#time.now + warmUpMs)
    this.#latencies = new Durations()
    const before = { syncs: this.#syncs, appends: this.#appends }
    this.#time.runUntil(this.#time.now + forMs)
    const latenciesMs = this.#latencies.taken()
    return {
      answeredPerSecond: (latenciesMs.length / forMs) * 1000,
      latenciesMs,
      syncs: this.#syncs - before.syncs,
      appends: this.#appends - before.appends,
    }
  }

  #tick(member: Member, at: number): void {
    this.#time.at(at, () => {
      this.#give(member, { type: 'tick' })
      this.#tick(member, at + TICK_MS)
    })
  }

  /** One comes in, and the next one after a pause: exponentially distributed, as of many callers. */
  #ask(): void {
    this.#asked.push(this.#time.now)
    this.#give(this.#leader, { type: 'propose', id: 0, commands: [command] })
    const pauseMs = (-Math.log(1 - this.#random()) * 1000) / this.#model.commandsPerSecond
    this.#time.at(this.#time.now + pauseMs, () => this.#ask())
  }

  #give(member: Member, input: Input): void {
    member.inbox.push(input)
    if (member.working) return
    member.working = true
    this.#time.at(this.#time.now, () => this.#turn(member))
  }

  /** All that is waiting goes in, then one output comes out; the processor is busy until it leaves. */
  #turn(member: Member): void {
    const { turnMs } = this.#model.costs
    let cost = turnMs
    const inbox = member.inbox
    member.inbox = []
    for (const input of inbox) {
      if (input.type === 'message') cost += this.#costOf(input.message)
      if (input.type === 'propose') cost += this.#model.costs.entryMs
      member.core.step(input)
    }
    const output = member.core.takeOutput()
    for (const event of output.events) {
      if (event.type === 'proposed' && event.refusal !== undefined) throw new Error(event.refusal)
    }
    for (const message of output.send) cost += this.#costOf(message)
    this.#time.at(this.#time.now + cost, () => {
      this.#perform(member, output)
      if (member.inbox.length > 0) this.#turn(member)
      else member.working = false
    })
  }

  #costOf(message: Message): number {
    const { messageMs, entryMs } = this.#model.costs
    return messageMs + (message.type === 'appendEntries' ? message.entries.length * entryMs : 0)
  }

  #perform(member: Member, { write, send, apply }: Output): void {
    const last = apply[apply.length - 1]
    if (last !== undefined) {
      this.#give(member, { type: 'applied', index: last.index })
      if (member === this.#leader)
        this.#answer(apply.filter(({ kind }) => kind === 'command').length)
    }
    for (const message of send) this.#carry(member, message)
    if (write !== undefined) {
      member.unsynced = write.id
      if (!member.syncing) this.#sync(member)
    }
  }

  #carry(sender: Member, message: Message): void {
    if (message.type === 'appendEntries' && message.entries.length > 0) {
      this.#appends++
    }
    const receiver = this.#members.get(message.to) as Member
    const incarnation = incarnationOf(sender.id)
    this.#time.at(this.#time.now + this.#model.linkMs, () =>
      this.#give(receiver, { type: 'message', message, incarnation }),
    )
  }

  #sync(member: Member): void {
    const writeId = member.unsynced as number
    member.unsynced = undefined
    member.syncing = true
    this.#time.at(this.#time.now + this.#model.syncMs, () => {
      this.#syncs++
      member.syncing = false
      this.#give(member, { type: 'appended', writeId })
      if (member.unsynced !== undefined) this.#sync(member)
    })
  }

  #answer(count: number): void {
    for (let i = 0; i < count; i++) {
      this.#latencies.add(this.#time.now - (this.#asked[this.#answered++] as number))
    }
  }
}

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
