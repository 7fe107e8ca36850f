/** A node of the cluster that this one speaks with: a peer, or a guest that is none (yet). */
import type { Lane } from '../ports.ts'
import type { NodeId } from '../types.ts'
import type { Shared } from './dialled.ts'
import type { Incoming } from './incoming.ts'
import { PeerCounts, type TcpPeerStats } from './observe.ts'
import { Outgoing } from './outgoing.ts'

/** Of one lane. More than one is there only until what became of the older ones is known. */
const MOST_INCOMING = 3

export class Peer {
  readonly #id: NodeId
  readonly #shared: Shared
  readonly #counts = new PeerCounts()
  readonly #normal: Outgoing
  /** Made with the first piece of a snapshot that is sent. */
  #bulk: Outgoing | undefined
  /** In the order in which they were accepted. */
  #incoming: readonly Incoming[] = []
  #isPeer: boolean

  constructor(id: NodeId, isPeer: boolean, shared: Shared) {
    this.#id = id
    this.#isPeer = isPeer
    this.#shared = shared
    this.#normal = new Outgoing(id, 'normal', isPeer, shared, this.#counts)
  }

  get isPeer(): boolean {
    return this.#isPeer
  }

  /** No connection of it stands that it has made. */
  get isAway(): boolean {
    return this.#incoming.length === 0
  }

  becomePeer(): void {
    this.#isPeer = true
    this.#normal.keep()
  }

  send(bytes: Uint8Array, lane: Lane): void {
    if (lane === 'normal') this.#normal.send(bytes)
    else if (this.#hasLanes()) {
      this.#bulk ??= new Outgoing(this.#id, 'bulk', false, this.#shared, this.#counts)
      this.#bulk.send(bytes)
    } else {
      // An older version: pieces of snapshots go between everything else, but never many at a time.
      this.#normal.send(bytes, this.#shared.limits.maxBulkWaitingBytes)
    }
  }

  /**
   * A connection that it has made was accepted. The older ones are left to end by themselves: a
   * hello that was long under way may be older than what stands.
   */
  accepted(connection: Incoming): void {
    const same = this.#incoming.filter(({ lane }) => lane === connection.lane)
    this.#incoming = [...this.#incoming, connection]
    for (const old of same.slice(0, Math.max(0, same.length + 1 - MOST_INCOMING))) old.close()
    this.#counts.incarnation = connection.incarnation
    this.#normal.nudge()
    this.#bulk?.nudge()
  }

  received(bytes: Uint8Array): void {
    this.#counts.receivedBatches += 1
    this.#counts.receivedBytes += bytes.length
  }

  /** One of its connections has ended. False: it was none of them. */
  ended(connection: Incoming): boolean {
    const before = this.#incoming
    this.#incoming = before.filter((other) => other !== connection)
    return this.#incoming.length < before.length
  }

  receives(lane: Lane): boolean {
    return this.#incoming.some((connection) => connection.lane === lane)
  }

  /** `bye`: this node lives on, and has not been lost by the other. */
  close(bye: boolean): void {
    const incoming = this.#incoming
    this.#incoming = []
    this.#normal.close(bye)
    this.#bulk?.close(bye)
    for (const connection of incoming) connection.close()
  }

  /** As far as is known by what stands in either direction. */
  #hasLanes(): boolean {
    if (this.#normal.isOpen) return this.#normal.hasLanes
    return this.#incoming.some(({ hasLanes }) => hasLanes)
  }

  stats(): TcpPeerStats {
    const { lanes, ...counts } = this.#counts
    return {
      ...counts,
      dropped: { ...counts.dropped },
      isPeer: this.#isPeer,
      sending: this.#normal.isOpen,
      receiving: this.receives('normal'),
      connections: lanes.normal.connections,
      waitingBytes: this.#normal.waitingBytes,
      bulk: {
        ...lanes.bulk,
        sending: this.#bulk?.isOpen === true,
        receiving: this.receives('bulk'),
        waitingBytes: this.#bulk?.waitingBytes ?? 0,
      },
    }
  }
}
