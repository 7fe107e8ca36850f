import { describe, expect, it } from 'vitest'
import { FramesOverMemory } from '../../test/frames-over-memory.ts'
import type { Lane, Transport } from '../ports.ts'
import type { TcpLimits } from '../tcp/options.ts'
import type { StreamTransport } from '../tcp/stream-transport.ts'
import type { NodeId } from '../types.ts'
import { FakeClock } from './fake-clock.ts'
import { MemoryNetwork } from './memory-network.ts'
import { type TransportFeatures, type TransportSubject, transportSuite } from './transport-suite.ts'

const ALL = { foreign: true, lanes: true, setPeers: true }

type Wrap = (transport: Transport, id: NodeId, clock: FakeClock) => Transport

/** The memory network on a clock by hand; `wrap` may break what it makes. */
function memorySubject(wrap: Wrap = (transport) => transport): TransportSubject {
  const clock = new FakeClock()
  const network = new MemoryNetwork((run) => void clock.setTimer(1, run))
  return {
    open: async (id) => wrap(network.transport(id), id, clock),
    close: async (id) => network.disconnect(id),
    wait: async (ms) => clock.advance(ms),
    dispose: async () => {},
  }
}

describe('the suite passes what is correct', () => {
  for (const { name, run } of transportSuite(() => memorySubject())) {
    it(`the memory network: ${name}`, run)
  }
  for (const { name, run } of transportSuite(() => new FramesOverMemory(), ALL)) {
    it(`the TCP transport over streams in memory: ${name}`, run)
  }
})

class Around implements Transport {
  protected readonly inner: Transport
  onReceive: Transport['onReceive']
  onPeerLost: Transport['onPeerLost']

  constructor(inner: Transport) {
    this.inner = inner
    inner.onReceive = (from, bytes) => this.receive(from, bytes)
    inner.onPeerLost = (peer) => this.lost(peer)
  }

  send(to: NodeId, bytes: Uint8Array, lane?: Lane): void {
    this.inner.send(to, bytes, lane)
  }

  setPeers(peers: readonly NodeId[]): void {
    this.inner.setPeers?.(peers)
  }

  protected receive(from: NodeId, bytes: Uint8Array): void {
    this.onReceive?.(from, bytes)
  }

  protected lost(peer: NodeId): void {
    this.onPeerLost?.(peer)
  }
}

class Reorders extends Around {
  readonly #clock: FakeClock
  #count = 0

  constructor(inner: Transport, clock: FakeClock) {
    super(inner)
    this.#clock = clock
  }

  override send(to: NodeId, bytes: Uint8Array): void {
    const copy = bytes.slice()
    this.#clock.setTimer(this.#count++ % 3, () => this.inner.send(to, copy))
  }
}

class CutsLargeOnes extends Around {
  override send(to: NodeId, bytes: Uint8Array): void {
    this.inner.send(to, bytes.subarray(0, 2 << 20))
  }
}

class CutsAtTheChunk extends Around {
  protected override receive(from: NodeId, bytes: Uint8Array): void {
    for (let at = 0; at === 0 || at < bytes.length; at += 65_536) {
      super.receive(from, bytes.subarray(at, at + 65_536))
    }
  }
}

/** Sends later what it was given, without a copy. */
class SharesItsBytes extends Around {
  readonly #clock: FakeClock

  constructor(inner: Transport, clock: FakeClock) {
    super(inner)
    this.#clock = clock
  }

  override send(to: NodeId, bytes: Uint8Array): void {
    this.#clock.setTimer(0, () => this.inner.send(to, bytes))
  }
}

/** One buffer for everything that it receives. */
class ReceivesIntoOneBuffer extends Around {
  readonly #buffer = new Uint8Array(8 << 20)

  protected override receive(from: NodeId, bytes: Uint8Array): void {
    this.#buffer.set(bytes)
    super.receive(from, this.#buffer.subarray(0, bytes.length))
  }
}

class ThrowsWhenAway extends Around {
  readonly #there: Set<NodeId>

  constructor(inner: Transport, there: Set<NodeId>) {
    super(inner)
    this.#there = there
  }

  override send(to: NodeId, bytes: Uint8Array): void {
    if (!this.#there.has(to)) throw new Error(`ENOTCONN ${to}`)
    super.send(to, bytes)
  }
}

/** After it has lost a peer it never sends to it again. */
class NeverReconnects extends Around {
  readonly #gone = new Set<NodeId>()

  override send(to: NodeId, bytes: Uint8Array): void {
    if (!this.#gone.has(to)) super.send(to, bytes)
  }

  protected override lost(peer: NodeId): void {
    this.#gone.add(peer)
    super.lost(peer)
  }
}

class TellsNoLoss extends Around {
  protected override lost(): void {}
}

class TellsLossTwice extends Around {
  protected override lost(peer: NodeId): void {
    super.lost(peer)
    super.lost(peer)
  }
}

class LosesUnderLoad extends Around {
  #count = 0

  override send(to: NodeId, bytes: Uint8Array): void {
    if (++this.#count % 997 !== 0) super.send(to, bytes)
  }
}

/** Keeps everything for a node that is away. */
class KeepsEverything extends Around {
  readonly #kept: (readonly [NodeId, Uint8Array])[] = []
  readonly #there: Set<NodeId>

  constructor(inner: Transport, there: Set<NodeId>) {
    super(inner)
    this.#there = there
  }

  override send(to: NodeId, bytes: Uint8Array): void {
    this.#kept.push([to, bytes.slice()])
    if (!this.#there.has(to)) return
    for (const [whom, kept] of this.#kept.splice(0)) {
      if (whom === to) this.inner.send(to, kept)
      else this.#kept.push([whom, kept])
    }
  }
}

function withThere(
  make: (inner: Transport, there: Set<NodeId>) => Transport,
): () => TransportSubject {
  return () => {
    const there = new Set<NodeId>()
    const subject = memorySubject((inner, id) => {
      there.add(id)
      return make(inner, there)
    })
    const close = (id: NodeId) => {
      there.delete(id)
      return subject.close(id)
    }
    return { ...subject, close }
  }
}

/** The closed transports go on receiving what their successor receives. */
function receivesAfterClosing(): TransportSubject {
  const old = new Map<NodeId, Transport[]>()
  return memorySubject((inner, id) => {
    const others = old.get(id) ?? []
    const transport = new (class extends Around {
      protected override receive(from: NodeId, bytes: Uint8Array): void {
        super.receive(from, bytes)
        for (const other of others) if (other !== this) other.onReceive?.(from, bytes)
      }
    })(inner)
    old.set(id, [...others, transport])
    return transport
  })
}

/** The members of the other cluster are let in. */
function letsForeignersIn(): TransportSubject {
  const subject = memorySubject()
  return { ...subject, openForeign: (id) => subject.open(id) }
}

/** The TCP transport over streams in memory, with something in front of it. */
class Behind extends FramesOverMemory {
  readonly #wrap: (transport: Transport) => Transport

  constructor(wrap: (transport: Transport) => Transport, limits: Partial<TcpLimits> = {}) {
    super(limits)
    this.#wrap = wrap
  }

  override async open(id: NodeId): Promise<Transport> {
    return this.#wrap(await super.open(id))
  }
}

class HasOneLane extends Around {
  override send(to: NodeId, bytes: Uint8Array): void {
    this.inner.send(to, bytes)
  }
}

class DropsBulk extends Around {
  override send(to: NodeId, bytes: Uint8Array, lane?: Lane): void {
    if (lane !== 'bulk') this.inner.send(to, bytes)
  }
}

/** Keeps pieces until their receiver is there. */
class KeepsPieces extends Around {
  #kept: (readonly [NodeId, Uint8Array])[] = []

  override send(to: NodeId, bytes: Uint8Array, lane?: Lane): void {
    const { peers } = (this.inner as StreamTransport).stats()
    if (lane === 'bulk' && peers[to]?.sending === false) this.#kept.push([to, bytes])
    else this.inner.send(to, bytes, lane)
    const ready = this.#kept.filter(([whom]) => peers[whom]?.sending)
    this.#kept = this.#kept.filter(([whom]) => peers[whom]?.sending !== true)
    for (const [whom, piece] of ready) this.inner.send(whom, piece, 'bulk')
  }
}

class TellsLossOfALane extends Around {
  readonly #clock: FakeClock

  constructor(inner: Transport, clock: FakeClock) {
    super(inner)
    this.#clock = clock
  }

  protected override lost(peer: NodeId): void {
    const { bulk } = (this.inner as StreamTransport).stats().peers[peer] ?? {}
    if (bulk?.connections !== 0) this.#clock.setTimer(1, () => super.lost(peer))
    super.lost(peer)
  }
}

class ConnectsAllAnew extends Around {
  override setPeers(peers: readonly NodeId[]): void {
    this.inner.setPeers?.([])
    this.inner.setPeers?.(peers)
  }
}

/** Its peers are those of its first call for good. */
class AddsNobody extends Around {
  #only: readonly NodeId[] | undefined

  override setPeers(peers: readonly NodeId[]): void {
    this.#only ??= peers
  }

  override send(to: NodeId, bytes: Uint8Array, lane?: Lane): void {
    if (this.#only?.includes(to) !== false) super.send(to, bytes, lane)
  }
}

/** Believes no one that it was not told of. */
class HearsPeersOnly extends Around {
  #peers: readonly NodeId[] | undefined

  override setPeers(peers: readonly NodeId[]): void {
    this.#peers = peers
    super.setPeers(peers)
  }

  protected override receive(from: NodeId, bytes: Uint8Array): void {
    if (this.#peers?.includes(from) !== false) super.receive(from, bytes)
  }
}

/** Hears everyone and answers peers only. */
class AnswersPeersOnly extends Around {
  #peers: readonly NodeId[] | undefined

  override setPeers(peers: readonly NodeId[]): void {
    this.#peers = peers
    super.setPeers(peers)
  }

  override send(to: NodeId, bytes: Uint8Array, lane?: Lane): void {
    if (this.#peers?.includes(to) !== false) super.send(to, bytes, lane)
  }
}

const broken: readonly [string, () => TransportSubject, RegExp, TransportFeatures?][] = [
  [
    'reorders',
    () => memorySubject((t, _, clock) => new Reorders(t, clock)),
    /arrived where|^batch 0 has 2 bytes/,
  ],
  [
    'cuts large batches',
    () => memorySubject((t) => new CutsLargeOnes(t)),
    /4 MiB has 2097152 bytes/,
  ],
  [
    'takes a chunk for a batch',
    () => memorySubject((t) => new CutsAtTheChunk(t)),
    /batch 5 has|batch 6 has|has 65536 bytes/,
  ],
  [
    'sends what was written over meanwhile',
    () => memorySubject((t, _, clock) => new SharesItsBytes(t, clock)),
    /the sender wrote over after sending has changed/,
  ],
  [
    'receives into one buffer',
    () => memorySubject((t) => new ReceivesIntoOneBuffer(t)),
    /has changed at byte|arrived where/,
  ],
  [
    'throws when a peer is away',
    withThere((t, there) => new ThrowsWhenAway(t, there)),
    /send threw/,
  ],
  [
    'never reconnects',
    () => memorySubject((t) => new NeverReconnects(t)),
    /no connection|^a batch did not/,
  ],
  ['tells no loss', () => memorySubject((t) => new TellsNoLoss(t)), /were not told/],
  ['tells a loss twice', () => memorySubject((t) => new TellsLossTwice(t)), /lost b,b, not b$/],
  [
    'loses batches under load',
    () => memorySubject((t) => new LosesUnderLoad(t)),
    /were lost|stopped/,
  ],
  [
    'keeps everything for who is away',
    withThere((t, there) => new KeepsEverything(t, there)),
    /bytes had been kept/,
  ],
  ['receives after closing', receivesAfterClosing, /went on receiving/],
  ['lets foreigners in', letsForeignersIn, /of another cluster were received/, { foreign: true }],
  [
    'has one lane',
    () => new Behind((t) => new HasOneLane(t)),
    /small batch waited behind \d+ large/,
    { lanes: true },
  ],
  [
    'drops pieces of snapshots',
    () => new Behind((t) => new DropsBulk(t)),
    /not all pieces arrived/,
    { lanes: true },
  ],
  [
    'keeps pieces for who is away',
    () => new Behind((t) => new KeepsPieces(t), { maxBulkWaitingBytes: 200 << 20 }),
    /bytes had been kept/,
    { lanes: true },
  ],
  [
    'tells the loss of each lane',
    () => {
      const subject: Behind = new Behind((t) => new TellsLossOfALane(t, subject.clock))
      return subject
    },
    /a lost b,b, not b$/,
    { lanes: true },
  ],
  [
    'makes all connections anew when the peers change',
    () => new Behind((t) => new ConnectsAllAnew(t)),
    /lost between two nodes/,
    { setPeers: true },
  ],
  [
    'adds nobody',
    () => new Behind((t) => new AddsNobody(t)),
    /no connection|yet to learn of it was not/,
    { setPeers: true },
  ],
  [
    'hears peers only',
    () => new Behind((t) => new HearsPeersOnly(t)),
    /yet to learn of it was not heard/,
    { setPeers: true },
  ],
  [
    'answers peers only',
    () => new Behind((t) => new AnswersPeersOnly(t)),
    /yet to learn of it was not answered/,
    { setPeers: true },
  ],
]

describe('the suite fails what is broken, for its reason', () => {
  it.each(broken)('a transport that %s', async (_name, create, reason, features) => {
    const failures: string[] = []
    for (const { run } of transportSuite(create, features)) {
      await run().catch((error: Error) => failures.push(error.message))
    }
    expect(failures.length).toBeGreaterThan(0)
    for (const failure of failures) expect(failure).toMatch(reason)
  })
})
