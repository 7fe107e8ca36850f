/** Messages as bytes: everything for one peer in one batch a turn, and back. */
import { decodeMessageBatch, encodeMessageBatch } from '../codec.ts'
import type { Input } from '../core/io.ts'
import { DecodeError } from '../errors.ts'
import type { RaftEvent, Transport } from '../ports.ts'
import type { Incarnation, Message, NodeId } from '../types.ts'

type Dropped = Extract<RaftEvent, { type: 'batchDropped' }>

export class Mail {
  readonly #transport: Transport
  readonly #clusterId: string
  readonly #from: NodeId
  readonly #incarnation: Incarnation

  constructor(transport: Transport, clusterId: string, from: NodeId, incarnation: Incarnation) {
    this.#transport = transport
    this.#clusterId = clusterId
    this.#from = from
    this.#incarnation = incarnation
  }

  send(messages: readonly Message[]): void {
    if (messages.length === 0) return
    const byPeer = new Map<NodeId, Message[]>()
    for (const message of messages) {
      const others = byPeer.get(message.to)
      if (others === undefined) byPeer.set(message.to, [message])
      else others.push(message)
    }
    for (const [to, batch] of byPeer) this.#transport.send(to, this.#encode(batch))
  }

  /** Puts what is in a batch into `inbox`, or tells why not. */
  receive(from: NodeId, bytes: Uint8Array, inbox: Input[]): Dropped | undefined {
    try {
      const batch = decodeMessageBatch(bytes)
      if (batch.clusterId !== this.#clusterId) {
        return dropped(from, 'otherCluster', `of cluster ${batch.clusterId}`)
      }
      if (batch.from !== from) return dropped(from, 'malformed', `says it is from ${batch.from}`)
      for (const message of batch.messages) {
        inbox.push({ type: 'message', message, incarnation: batch.fromIncarnation })
      }
      return undefined
    } catch (error) {
      if (error instanceof DecodeError) return dropped(from, 'malformed', error.message)
      throw error
    }
  }

  #encode(messages: readonly Message[]): Uint8Array {
    return encodeMessageBatch({
      clusterId: this.#clusterId,
      from: this.#from,
      fromIncarnation: this.#incarnation,
      messages,
    })
  }
}

function dropped(from: NodeId, reason: Dropped['reason'], detail: string): Dropped {
  return { type: 'batchDropped', from, reason, detail }
}
