/** Whole nodes on a clock that stands still until it is told, a memory network and memory logs. */

import type { Done, LogStore, RaftEvent, StateMachine, Transport } from '../src/ports.ts'
import type { RaftConfig } from '../src/runtime/options.ts'
import { RaftNode } from '../src/runtime/raft-node.ts'
import { FakeClock, MemoryLog, MemoryNetwork, randomStream } from '../src/testing/index.ts'
import type { Entry, Genesis, LogWrite, NodeId } from '../src/types.ts'

export const bytes = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0))
export const text = (data: Uint8Array): string => String.fromCharCode(...data)

/** Remembers commands; the result of each is how many there are. */
export class ListMachine implements StateMachine<number> {
  readonly list: string[] = []
  appliedIndex = 0

  apply(entries: readonly Entry[], done: (error: undefined, results: number[]) => void): void {
    const results = entries.map((entry) => {
      if (entry.kind === 'command') this.list.push(text(entry.data))
      this.appliedIndex = entry.index
      return this.list.length
    })
    done(undefined, results)
  }
}

/** A log whose writes can be held back or made to fail. */
export class TestLog extends MemoryLog {
  held: (() => void)[] | undefined
  failure: Error | undefined

  constructor(genesis: Genesis, incarnation: string) {
    super({ genesis, incarnation })
  }

  override write(write: LogWrite, done: Done): void {
    if (this.failure !== undefined) done(this.failure)
    else if (this.held === undefined) super.write(write, done)
    else this.held.push(() => super.write(write, done))
  }

  release(): void {
    const held = this.held ?? []
    this.held = undefined
    for (const write of held) write()
  }
}

export interface TestNode {
  node: RaftNode<number>
  log: TestLog
  machine: ListMachine
  events: RaftEvent[]
  transport: Transport
}

const CLUSTER = 'c'.repeat(32)

export class NodeCluster {
  readonly clock = new FakeClock()
  readonly network = new MemoryNetwork((run) => this.clock.defer(run))
  readonly genesis: Genesis
  readonly nodes = new Map<NodeId, TestNode>()
  readonly config: Partial<RaftConfig>
  #incarnations = 0

  constructor(size = 3, config: Partial<RaftConfig> = {}) {
    this.config = config
    const members = Array.from({ length: size }, (_, i) => `n${i + 1}`)
    this.genesis = { clusterId: CLUSTER, members }
    for (const id of members) this.start(id)
    this.clock.runDeferred()
  }

  start(id: NodeId, log?: LogStore): TestNode {
    const incarnation = String(this.#incarnations++).padStart(32, '0')
    const one = (log as TestLog | undefined) ?? new TestLog(this.genesis, incarnation)
    const machine = new ListMachine()
    const events: RaftEvent[] = []
    const transport = this.network.transport(id)
    let node: RaftNode<number> | undefined
    RaftNode.openWith<number>(
      {
        id,
        log: one,
        machine,
        transport,
        clock: this.clock,
        random: randomStream(1, `${id}/${this.#incarnations}`),
        config: this.config,
        observer: (event) => events.push(event),
      },
      (error, opened) => {
        if (error !== undefined) throw error
        node = opened
      },
    )
    if (node === undefined) throw new Error('did not open')
    const made = { node, log: one, machine, events, transport }
    this.nodes.set(id, made)
    return made
  }

  /** As `kill -9`: nothing of it is heard any more, and the others notice. */
  kill(id: NodeId): TestNode {
    const killed = this.get(id)
    this.network.disconnect(id)
    this.nodes.delete(id)
    void killed.node.close()
    return killed
  }

  get(id: NodeId): TestNode {
    const node = this.nodes.get(id)
    if (node === undefined) throw new Error(`no ${id}`)
    return node
  }

  /** Nobody hears from it and it hears from nobody; streams stay open. */
  isolate(id: NodeId): void {
    for (const other of this.genesis.members) {
      if (other === id) continue
      this.network.cut(id, other)
      this.network.cut(other, id)
    }
  }

  leaderId(): NodeId {
    const leader = [...this.nodes].find(([, { node }]) => node.status().ready)
    if (leader === undefined) throw new Error('no leader')
    return leader[0]
  }

  /** Its streams close, as the others see it. */
  tellLost(id: NodeId): void {
    for (const [other, { transport }] of this.nodes) if (other !== id) transport.onPeerLost?.(id)
  }

  leaderIdAfterElection(): NodeId {
    this.elect()
    return this.leaderId()
  }

  leader(): TestNode {
    return this.get(this.leaderId())
  }

  followers(): TestNode[] {
    const leader = this.leader()
    return [...this.nodes.values()].filter((node) => node !== leader)
  }

  /** Lets time pass until somebody leads. */
  elect(): TestNode {
    this.clock.advance(1500)
    return this.leader()
  }

  /** Lets time pass, and with it what promises wait for. */
  async run(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 10) {
      this.clock.advance(10)
      for (let i = 0; i < 4; i++) await Promise.resolve()
    }
  }
}
