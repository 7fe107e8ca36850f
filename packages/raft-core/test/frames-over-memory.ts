/** The whole of the TCP transport but its sockets: streams in memory, on a clock by hand. */
import type { Transport } from '../src/ports.ts'
import type { TcpEvent, TcpPeerStats } from '../src/tcp/observe.ts'
import { TCP_DEFAULTS, type TcpLimits } from '../src/tcp/options.ts'
import type { Address, ByteStream, StreamHandlers } from '../src/tcp/stream.ts'
import { StreamTransport } from '../src/tcp/stream-transport.ts'
import { FakeClock } from '../src/testing/fake-clock.ts'
import { randomStream } from '../src/testing/random.ts'
import type { TransportSubject } from '../src/testing/transport-suite.ts'
import type { NodeId } from '../src/types.ts'

export const CLUSTER = 'c1'.repeat(16)
const IDS = ['a', 'b', 'c', 'd']
export const ADDRESSES = Object.fromEntries(
  IDS.map((id, i) => [id, { host: 'memory', port: i + 1 }]),
)

/** What a connection carries in a millisecond, in pieces of `CHUNK_BYTES` at most. */
const BYTES_PER_MS = 400_000
const CHUNK_BYTES = 50_000
/** Bytes that the system takes although they are not under way yet. */
const SYSTEM_BYTES = 1 << 20

/** One end of a connection: in order, at a limited rate, each byte a millisecond later at least. */
export class MemoryStream implements ByteStream {
  readonly #network: FramesOverMemory
  handlers: StreamHandlers | undefined
  other: MemoryStream | undefined
  /** What is written waits, and nothing is told: the cable is out. */
  isStuck = false
  readonly written: Uint8Array[] = []
  #queue: Uint8Array[] = []
  #queuedBytes = 0
  #isMoving = false
  #isEnding = false

  constructor(network: FramesOverMemory, handlers: StreamHandlers | undefined) {
    this.#network = network
    this.handlers = handlers
    network.streams.add(this)
  }

  get waitingBytes(): number {
    return this.isStuck ? this.#queuedBytes : Math.max(0, this.#queuedBytes - SYSTEM_BYTES)
  }

  write(bytes: Uint8Array): void {
    this.written.push(bytes)
    this.#queue.push(bytes.slice())
    this.#queuedBytes += bytes.length
    this.#move()
  }

  /** The cable is in again: what waited goes on its way. */
  release(): void {
    this.isStuck = false
    this.#move()
  }

  end(): void {
    this.destroy()
  }

  /** What the system took still arrives, as with sockets. */
  destroy(): void {
    this.handlers = undefined
    this.#network.streams.delete(this)
    this.#isEnding = true
    this.#move()
  }

  closed(detail: string, by: 'peer' | 'failure' = 'peer'): void {
    const { handlers } = this
    this.handlers = undefined
    this.#network.streams.delete(this)
    handlers?.onClosed({ by, detail })
  }

  #move(): void {
    if (this.#isMoving || this.isStuck) return
    this.#isMoving = true
    this.#network.later(() => {
      this.#isMoving = false
      for (let moved = 0; moved < BYTES_PER_MS && !this.isStuck; ) {
        const piece = this.#next()
        if (piece === undefined) break
        moved += piece.length
        this.other?.handlers?.onBytes(piece)
      }
      if (this.isStuck) return
      if (this.#queue.length > 0) this.#move()
      else if (this.#isEnding) this.other?.closed('closed by the peer')
    })
  }

  #next(): Uint8Array | undefined {
    const first = this.#queue[0]
    if (first === undefined) return undefined
    const piece = first.slice(0, CHUNK_BYTES)
    if (piece.length === first.length) this.#queue.shift()
    else this.#queue[0] = first.subarray(CHUNK_BYTES)
    this.#queuedBytes -= piece.length
    return piece
  }
}

export class FramesOverMemory implements TransportSubject {
  readonly clock = new FakeClock()
  readonly limits: TcpLimits
  readonly streams = new Set<MemoryStream>()
  readonly listening = new Map<number, StreamTransport>()
  readonly nodes = new Map<NodeId, StreamTransport>()
  readonly events: (TcpEvent & { readonly node: NodeId })[] = []
  /** Whom the certificate of a node names; undefined: no TLS. */
  certified: ((address: Address | undefined) => readonly string[]) | undefined
  dials = 0

  constructor(limits: Partial<TcpLimits> = {}) {
    this.limits = { ...TCP_DEFAULTS, ...limits }
  }

  later(run: () => void): void {
    this.clock.setTimer(1, run)
  }

  node(
    id: NodeId,
    clusterId = CLUSTER,
    addresses: Readonly<Record<NodeId, Address>> = ADDRESSES,
    peers: readonly NodeId[] = Object.keys(addresses),
  ): StreamTransport {
    const shared = {
      self: { id, clusterId, incarnation: `${id}0`.repeat(16).slice(0, 32) },
      limits: this.limits,
      clock: this.clock,
      random: randomStream(1, id),
      dial: (address: Address, handlers: StreamHandlers) => this.#dial(address, handlers),
      addressOf: (peer: NodeId) => addresses[peer],
      observe: (event: TcpEvent): void => void this.events.push({ ...event, node: id }),
    }
    const transport = new StreamTransport(shared, peers)
    this.nodes.set(id, transport)
    this.listening.set(ADDRESSES[id]?.port ?? 0, transport)
    return transport
  }

  async open(id: NodeId): Promise<Transport> {
    return this.node(id)
  }

  async openForeign(id: NodeId): Promise<Transport> {
    return this.node(id, 'f0'.repeat(16))
  }

  async close(id: NodeId): Promise<void> {
    this.listening.delete(ADDRESSES[id]?.port ?? 0)
    this.nodes.get(id)?.closeStreams()
  }

  async wait(ms: number): Promise<void> {
    this.clock.advance(ms)
  }

  async dispose(): Promise<void> {
    for (const id of this.nodes.keys()) await this.close(id)
  }

  #dial(address: Address, handlers: StreamHandlers): MemoryStream {
    this.dials += 1
    const near = new MemoryStream(this, handlers)
    this.later(() => {
      const transport = this.listening.get(address.port)
      if (near.handlers === undefined) return
      if (transport === undefined) {
        near.closed('connection refused', 'failure')
        return
      }
      const far = new MemoryStream(this, undefined)
      near.other = far
      far.other = near
      far.handlers = transport.accept(far)
      far.handlers?.onOpen(this.certified?.(undefined))
      near.handlers.onOpen(this.certified?.(address))
    })
    return near
  }
}

/** Two nodes that are connected both ways, what `b` has received, and whom it was told to have lost. */
export function pair(limits: Partial<TcpLimits> = {}) {
  const net = new FramesOverMemory(limits)
  const [a, b] = [net.node('a'), net.node('b')]
  const got: Uint8Array[] = []
  b.onReceive = (_from, bytes) => void got.push(bytes)
  net.clock.advance(100)
  const lost: string[] = []
  b.onPeerLost = (peer) => void lost.push(peer)
  return { net, a, b, got, lost }
}

/** The end of the stream that `send` writes to. */
export function streamWith(net: FramesOverMemory, send: () => void): MemoryStream {
  const before = new Map([...net.streams].map((stream) => [stream, stream.written.length]))
  send()
  const found = [...net.streams].find((stream) => stream.written.length > (before.get(stream) ?? 0))
  return found as MemoryStream
}

export function peersOf(transport: StreamTransport): Readonly<Record<NodeId, TcpPeerStats>> {
  return transport.stats().peers
}
