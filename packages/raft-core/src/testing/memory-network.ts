import type { Transport } from '../ports.ts'
import type { NodeId } from '../types.ts'

/** Calls back later, in order: e.g. `clock.defer`. */
export type Deliver = (run: () => void) => void

/**
 * A network in memory, for tests in one process: reliable and in order, with links that can be cut.
 * The simulator's network is the one that loses, repeats and reorders.
 */
export class MemoryNetwork {
  readonly #deliver: Deliver
  readonly #nodes = new Map<NodeId, MemoryTransport>()
  readonly #cut = new Set<string>()

  constructor(deliver: Deliver) {
    this.#deliver = deliver
  }

  /** The transport of a node; the one it had before neither gets nor sends anything any more. */
  transport(id: NodeId): Transport {
    const transport: MemoryTransport = new MemoryTransport((to, bytes) => {
      if (this.#nodes.get(id) === transport) this.#carry(id, to, bytes)
    })
    this.#nodes.set(id, transport)
    return transport
  }

  /** Takes a node off the network, and tells the others that its stream closed. */
  disconnect(id: NodeId): void {
    this.#nodes.delete(id)
    for (const [otherId, other] of this.#nodes) {
      this.#deliver(() => {
        if (this.#nodes.get(otherId) === other) other.onPeerLost?.(id)
      })
    }
  }

  /** Drops what goes from one node to another, until `heal`. */
  cut(from: NodeId, to: NodeId): void {
    this.#cut.add(`${from}→${to}`)
  }

  heal(): void {
    this.#cut.clear()
  }

  #carry(from: NodeId, to: NodeId, bytes: Uint8Array): void {
    const receiver = this.#nodes.get(to)
    if (receiver === undefined || this.#cut.has(`${from}→${to}`)) return
    const copy = bytes.slice()
    this.#deliver(() => {
      if (this.#nodes.get(to) === receiver) receiver.onReceive?.(from, copy)
    })
  }
}

class MemoryTransport implements Transport {
  readonly #carry: (to: NodeId, bytes: Uint8Array) => void
  onReceive: Transport['onReceive']
  onPeerLost: Transport['onPeerLost']

  constructor(carry: (to: NodeId, bytes: Uint8Array) => void) {
    this.#carry = carry
  }

  send(to: NodeId, bytes: Uint8Array): void {
    this.#carry(to, bytes)
  }
}
