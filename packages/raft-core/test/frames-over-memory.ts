/** The whole of the TCP transport but its sockets: streams in memory, on a clock by hand. */
import type { Transport } from '../src/ports.ts'
import type { TcpEvent } from '../src/tcp/observe.ts'
import { TCP_DEFAULTS, type TcpLimits } from '../src/tcp/options.ts'
import type { Address, ByteStream, StreamHandlers } from '../src/tcp/stream.ts'
import { StreamTransport } from '../src/tcp/stream-transport.ts'
import { FakeClock } from '../src/testing/fake-clock.ts'
import { randomStream } from '../src/testing/random.ts'
import type { TransportSubject } from '../src/testing/transport-suite.ts'
import type { NodeId } from '../src/types.ts'

export const CLUSTER = 'c1'.repeat(16)
const IDS = ['a', 'b', 'c']
export const ADDRESSES = Object.fromEntries(
  IDS.map((id, i) => [id, { host: 'memory', port: i + 1 }]),
)

/** One end of a connection. Bytes arrive a millisecond later, in pieces of `CHUNK_BYTES` at most. */
const CHUNK_BYTES = 50_000

export class MemoryStream implements ByteStream {
  readonly #network: FramesOverMemory
  handlers: StreamHandlers | undefined
  other: MemoryStream | undefined
  waitingBytes = 0
  /** What is written waits, and nothing is told: the cable is out. */
  isStuck = false
  readonly written: Uint8Array[] = []

  constructor(network: FramesOverMemory, handlers: StreamHandlers | undefined) {
    this.#network = network
    this.handlers = handlers
    network.streams.add(this)
  }

  write(bytes: Uint8Array): void {
    this.written.push(bytes)
    if (this.isStuck) {
      this.waitingBytes += bytes.length
      return
    }
    const copy = bytes.slice()
    this.#network.later(() => {
      for (let at = 0; at < copy.length; at += CHUNK_BYTES) {
        this.other?.handlers?.onBytes(copy.slice(at, at + CHUNK_BYTES))
      }
    })
  }

  end(): void {
    this.destroy()
  }

  destroy(): void {
    this.handlers = undefined
    this.#network.streams.delete(this)
    if (this.isStuck) return
    const { other } = this
    this.#network.later(() => other?.closed('closed by the peer'))
  }

  closed(detail: string, by: 'peer' | 'failure' = 'peer'): void {
    const { handlers } = this
    this.handlers = undefined
    this.#network.streams.delete(this)
    handlers?.onClosed({ by, detail })
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

  node(id: NodeId, clusterId = CLUSTER, peers = ADDRESSES): StreamTransport {
    const shared = {
      self: { id, clusterId, incarnation: `${id}0`.repeat(16).slice(0, 32) },
      limits: this.limits,
      clock: this.clock,
      random: randomStream(1, id),
      dial: (address: Address, handlers: StreamHandlers) => this.#dial(address, handlers),
      observe: (event: TcpEvent) => void this.events.push({ ...event, node: id }),
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
