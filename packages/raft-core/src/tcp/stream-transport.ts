/**
 * The transport over any kind of connections: one to each peer, which carries this node's batches,
 * and one from each, which carries the peer's.
 */
import type { Transport } from '../ports.ts'
import type { NodeId } from '../types.ts'
import type { Hello } from './handshake.ts'
import { type Host, Incoming } from './incoming.ts'
import { PeerCounts, type TcpPeerStats } from './observe.ts'
import { Outgoing, type Shared } from './outgoing.ts'
import type { Address, ByteStream, StreamEnd, StreamHandlers } from './stream.ts'

export interface StreamTransportStats {
  readonly peers: Readonly<Record<NodeId, TcpPeerStats>>
  /** Batches for nodes that are no peers. */
  readonly droppedForStrangers: number
  /** Connections that have not said yet who they are. */
  readonly strangers: number
}

interface Peer {
  readonly counts: PeerCounts
  readonly outgoing: Outgoing
  incoming: Incoming | undefined
}

export class StreamTransport implements Transport {
  onReceive: Transport['onReceive']
  onPeerLost: Transport['onPeerLost']
  readonly #shared: Shared
  readonly #peers = new Map<NodeId, Peer>()
  readonly #strangers = new Set<Incoming>()
  readonly #host: Host
  #droppedForStrangers = 0
  #closed = false

  constructor(shared: Shared, peers: Readonly<Record<NodeId, Address>>) {
    this.#shared = shared
    this.#host = {
      isMember: (id) => this.#peers.has(id),
      onAccepted: (connection, hello) => this.#accepted(connection, hello),
      onBatch: (connection, bytes) => this.#batch(connection, bytes),
      onEnded: (connection, how) => this.#ended(connection, how),
    }
    for (const [id, address] of Object.entries(peers)) {
      if (id === shared.self.id) continue
      const counts = new PeerCounts()
      const outgoing = new Outgoing(id, address, shared, counts)
      this.#peers.set(id, { counts, outgoing, incoming: undefined })
    }
  }

  send(to: NodeId, bytes: Uint8Array): void {
    if (this.#closed) return
    const peer = this.#peers.get(to)
    if (peer === undefined) this.#droppedForStrangers += 1
    else peer.outgoing.send(bytes)
  }

  /** A connection was made to this node. Undefined: there are too many strangers, it is closed. */
  accept(stream: ByteStream): StreamHandlers | undefined {
    if (this.#closed || this.#strangers.size >= this.#shared.limits.maxStrangers) {
      stream.destroy()
      return undefined
    }
    const connection = new Incoming(this.#shared, this.#host, stream)
    this.#strangers.add(connection)
    return connection
  }

  stats(): StreamTransportStats {
    const peers: Record<NodeId, TcpPeerStats> = {}
    for (const [id, { counts, outgoing, incoming }] of this.#peers) {
      peers[id] = {
        ...counts,
        dropped: { ...counts.dropped },
        sending: outgoing.isOpen,
        receiving: incoming !== undefined,
        waitingBytes: outgoing.waitingBytes,
      }
    }
    const droppedForStrangers = this.#droppedForStrangers
    return { peers, droppedForStrangers, strangers: this.#strangers.size }
  }

  /** Nothing is received or told any more. */
  closeStreams(): void {
    this.#closed = true
    for (const { outgoing, incoming } of this.#peers.values()) {
      outgoing.close()
      incoming?.close()
    }
    for (const stranger of this.#strangers) stranger.close()
  }

  #accepted(connection: Incoming, { id, incarnation }: Hello): void {
    this.#strangers.delete(connection)
    const peer = this.#peers.get(id) as Peer
    const old = peer.incoming
    peer.incoming = connection
    peer.counts.incarnation = incarnation
    // The peer has given its old connection up, whatever became of it: the new one counts.
    old?.close()
    peer.outgoing.nudge()
    this.#shared.observe({ type: 'connected', peer: id, direction: 'incoming', incarnation })
  }

  #batch(connection: Incoming, bytes: Uint8Array): void {
    const id = connection.peer as NodeId
    const counts = (this.#peers.get(id) as Peer).counts
    counts.receivedBatches += 1
    counts.receivedBytes += bytes.length
    this.onReceive?.(id, bytes)
  }

  #ended(connection: Incoming, { by, detail }: StreamEnd): void {
    this.#strangers.delete(connection)
    const id = connection.peer
    const peer = id === undefined ? undefined : this.#peers.get(id)
    if (id === undefined || peer?.incoming !== connection) return
    peer.incoming = undefined
    if (this.#closed) return
    this.#shared.observe({ type: 'disconnected', peer: id, direction: 'incoming', detail })
    if (by === 'peer') this.onPeerLost?.(id)
  }
}
