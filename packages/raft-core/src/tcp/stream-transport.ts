/**
 * The transport over any kind of connections: one to each peer, which carries this node's batches,
 * and one from each, which carries the peer's; and another pair for pieces of snapshots.
 */
import type { Lane, Transport } from '../ports.ts'
import type { NodeId } from '../types.ts'
import type { Shared } from './dialled.ts'
import { type Host, Incoming } from './incoming.ts'
import type { TcpPeerStats } from './observe.ts'
import { Peer } from './peer.ts'
import type { ByteStream, StreamEnd, StreamHandlers } from './stream.ts'

export interface StreamTransportStats {
  /** Guests as well. */
  readonly peers: Readonly<Record<NodeId, TcpPeerStats>>
  /** Batches for nodes that are neither peers nor guests. */
  readonly droppedForStrangers: number
  /** Connections that have not said yet who they are. */
  readonly strangers: number
}

export class StreamTransport implements Transport {
  onReceive: Transport['onReceive']
  onPeerLost: Transport['onPeerLost']
  readonly #shared: Shared
  /** The peers, and the guests: nodes of the cluster that are none and have connected to this one. */
  readonly #peers = new Map<NodeId, Peer>()
  readonly #strangers = new Set<Incoming>()
  readonly #host: Host
  #droppedForStrangers = 0
  #closed = false

  constructor(shared: Shared, peers: readonly NodeId[]) {
    this.#shared = shared
    this.#host = {
      mayEnter: (id) => this.#peers.has(id) || this.#guestCount() < shared.limits.maxGuests,
      onAccepted: (connection, id) => this.#accepted(connection, id),
      onBatch: (connection, bytes) => this.#batch(connection, bytes),
      onEnded: (connection, how) => this.#ended(connection, how),
    }
    this.setPeers(peers)
  }

  send(to: NodeId, bytes: Uint8Array, lane: Lane = 'normal'): void {
    if (this.#closed) return
    const peer = this.#peers.get(to)
    if (peer === undefined) this.#droppedForStrangers += 1
    else peer.send(bytes, lane)
  }

  setPeers(ids: readonly NodeId[]): void {
    if (this.#closed) return
    const wanted = new Set(ids)
    wanted.delete(this.#shared.self.id)
    for (const [id, peer] of this.#peers) {
      if (!peer.isPeer || wanted.has(id)) continue
      this.#peers.delete(id)
      peer.close(true)
    }
    for (const id of wanted) {
      const known = this.#peers.get(id)
      if (known === undefined) this.#peers.set(id, new Peer(id, true, this.#shared))
      else if (!known.isPeer) known.becomePeer()
    }
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
    for (const [id, peer] of this.#peers) peers[id] = peer.stats()
    const droppedForStrangers = this.#droppedForStrangers
    return { peers, droppedForStrangers, strangers: this.#strangers.size }
  }

  /** Nothing is received or told any more. */
  closeStreams(): void {
    this.#closed = true
    for (const peer of this.#peers.values()) peer.close(false)
    for (const stranger of this.#strangers) stranger.close()
  }

  #guestCount(): number {
    let count = 0
    for (const { isPeer } of this.#peers.values()) if (!isPeer) count += 1
    return count
  }

  #accepted(connection: Incoming, id: NodeId): void {
    this.#strangers.delete(connection)
    const peer = this.#peers.get(id) ?? new Peer(id, false, this.#shared)
    this.#peers.set(id, peer)
    peer.accepted(connection)
    const { lane, incarnation } = connection
    this.#shared.observe({ type: 'connected', peer: id, direction: 'incoming', lane, incarnation })
  }

  #batch(connection: Incoming, bytes: Uint8Array): void {
    const id = connection.peer as NodeId
    this.#peers.get(id)?.received(bytes)
    this.onReceive?.(id, bytes)
  }

  #ended(connection: Incoming, { by, detail }: StreamEnd): void {
    this.#strangers.delete(connection)
    const { peer: id, lane } = connection
    const peer = id === undefined ? undefined : this.#peers.get(id)
    if (id === undefined || peer?.ended(connection) !== true || this.#closed) return
    if (peer.isAway && !peer.isPeer) {
      this.#peers.delete(id)
      peer.close(true)
    }
    this.#shared.observe({ type: 'disconnected', peer: id, direction: 'incoming', lane, detail })
    // Another one that stands says that it is there, whichever of them it made first.
    if (by === 'peer' && lane === 'normal' && !peer.receives('normal')) this.onPeerLost?.(id)
  }
}
