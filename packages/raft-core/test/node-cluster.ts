/** Whole nodes on a clock that stands still until it is told, a memory network and memory logs. */

import type { RaftError } from '../src/errors.ts'
import type {
  Callback,
  Done,
  LogStore,
  RaftEvent,
  SnapshotReader,
  StateCapture,
  StateMachine,
  Transport,
} from '../src/ports.ts'
import type { RaftConfig, RaftNodeOptions } from '../src/runtime/options.ts'
import { RaftNode } from '../src/runtime/raft-node.ts'
import { FakeClock } from '../src/testing/fake-clock.ts'
import { MemoryLog } from '../src/testing/memory-log.ts'
import { MemoryNetwork } from '../src/testing/memory-network.ts'
import { randomStream } from '../src/testing/random.ts'
import type { Entry, Genesis, LogWrite, NodeId, SnapshotMark } from '../src/types.ts'
import { MemorySnapshots } from './memory-snapshots.ts'

export const bytes = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0))
export const text = (data: Uint8Array): string => String.fromCharCode(...data)

/** What a promise came to, its failure included. */
export const settled = async <T>(promise: Promise<T>): Promise<T | RaftError> => {
  try {
    return await promise
  } catch (error) {
    return error as RaftError
  }
}

/** Remembers commands; the result of each is how many there are. */
export class ListMachine implements StateMachine<number> {
  list: string[] = []
  appliedIndex = 0
  captures = 0
  restores = 0
  releases = 0
  /** Of each piece of a captured state. */
  pieceBytes = 7

  apply(entries: readonly Entry[], done: (error: undefined, results: number[]) => void): void {
    const results = entries.map((entry) => {
      if (entry.kind === 'command') this.list.push(text(entry.data))
      this.appliedIndex = entry.index
      return this.list.length
    })
    done(undefined, results)
  }

  capture(done: Callback<StateCapture>): void {
    this.captures++
    const state = bytes(JSON.stringify(this.list))
    let at = 0
    done(undefined, {
      next: (give) => {
        const piece = state.slice(at, at + this.pieceBytes)
        at += piece.length
        give(undefined, piece.length === 0 ? undefined : piece)
      },
      release: () => {
        this.releases++
      },
    })
  }

  restore(mark: SnapshotMark, reader: SnapshotReader, done: Done): void {
    reader.read(0, reader.sizeBytes, (error, data) => {
      if (error === undefined) {
        this.restores++
        this.list = JSON.parse(text(data)) as string[]
        this.appliedIndex = mark.index
      }
      done(error)
    })
  }
}

/** A log whose writes can be held back or made to fail. */
export class TestLog extends MemoryLog {
  held: (() => void)[] | undefined
  failure: Error | undefined

  /** Without a genesis: of a node that waits to be added. */
  constructor(genesis: Genesis | undefined, incarnation: string) {
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
  snapshots: MemorySnapshots
  events: RaftEvent[]
  transport: Transport
}

/** What a node is started with instead of what is new. */
export interface TestParts extends Partial<Pick<RaftNodeOptions<number>, 'metrics' | 'trace'>> {
  readonly log?: LogStore
  readonly machine?: ListMachine
  readonly snapshots?: MemorySnapshots
  readonly config?: Partial<RaftConfig>
}

const CLUSTER = 'c'.repeat(32)

export class NodeCluster {
  readonly clock = new FakeClock()
  readonly network = new MemoryNetwork((run) => this.clock.defer(run))
  readonly genesis: Genesis
  readonly nodes = new Map<NodeId, TestNode>()
  readonly config: Partial<RaftConfig>
  readonly #parts: TestParts
  readonly #seed: number
  #incarnations = 0

  constructor(size = 3, config: Partial<RaftConfig> = {}, parts: TestParts = {}, seed = 1) {
    this.config = config
    this.#parts = parts
    this.#seed = seed
    const members = Array.from({ length: size }, (_, i) => `n${i + 1}`)
    this.genesis = { clusterId: CLUSTER, members }
    for (const id of members) this.start(id)
    this.clock.runDeferred()
  }

  start(id: NodeId, log?: LogStore): TestNode {
    return this.startWith(id, log === undefined ? {} : { log })
  }

  /** A node with an empty folder, that waits to be added. */
  join(id: NodeId, parts: TestParts = {}): TestNode {
    return this.startWith(id, { log: new TestLog(undefined, this.#incarnation()), ...parts })
  }

  /** What is not given is new. */
  startWith(id: NodeId, given: TestParts): TestNode {
    const { log, machine, snapshots, config, metrics, trace } = { ...this.#parts, ...given }
    const one = (log as TestLog | undefined) ?? new TestLog(this.genesis, this.#incarnation())
    const parts = {
      log: one,
      machine: machine ?? new ListMachine(),
      snapshots: snapshots ?? new MemorySnapshots(),
    }
    const events: RaftEvent[] = []
    const transport = this.network.transport(id)
    let node: RaftNode<number> | undefined
    RaftNode.openWith<number>(
      {
        id,
        ...parts,
        transport,
        clock: this.clock,
        random: randomStream(this.#seed, `${id}/${this.#incarnations}`),
        config: { ...this.config, ...config },
        observer: (event) => events.push(event),
        ...(metrics === undefined ? {} : { metrics }),
        ...(trace === undefined ? {} : { trace }),
      },
      (error, opened) => {
        if (error !== undefined) throw error
        node = opened
      },
    )
    if (node === undefined) throw new Error('did not open')
    const made = { node, ...parts, events, transport }
    this.nodes.set(id, made)
    return made
  }

  #incarnation(): string {
    return String(this.#incarnations++).padStart(32, '0')
  }

  /** Ends a node and starts it again with what it left behind, but an empty state machine. */
  restart(id: NodeId, given: TestParts = {}): TestNode {
    const { log, snapshots } = this.kill(id)
    return this.startWith(id, { log, snapshots, ...given })
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
    for (const other of [...this.genesis.members, ...this.nodes.keys()]) {
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

  /** What a promise comes to if so much time passes. */
  async outcome<T>(promise: Promise<T>, ms = 200): Promise<T | RaftError> {
    const outcome = settled(promise)
    await this.run(ms)
    return await outcome
  }

  /** Proposes so many commands, one after another in one go, and lets them be applied. */
  async propose(count: number, prefix = 'c'): Promise<void> {
    const { node } = this.leader()
    for (let i = 0; i < count; i++) node.proposeWith(bytes(`${prefix}${i}`), () => undefined)
    await this.run(100)
  }

  /** Lets time pass, and with it what promises wait for. */
  async run(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 10) {
      this.clock.advance(10)
      for (let i = 0; i < 4; i++) await Promise.resolve()
    }
  }
}
