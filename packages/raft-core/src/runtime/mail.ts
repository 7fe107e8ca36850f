/** Messages as bytes: everything for one peer in one batch a turn, and back. */
import { decodeMessageBatch, encodeMessageBatch } from '../codec.ts'
import { DecodeError } from '../errors.ts'
import type { Clock, Lane, Metrics, RaftEvent, Transport } from '../ports.ts'
import type { Incarnation, Message, NodeId } from '../types.ts'
import { CommitNews } from './commit-news.ts'

type Dropped = Extract<RaftEvent, { type: 'batchDropped' }>

export interface MailOptions {
  readonly transport: Transport
  /** Empty as long as this node waits to be added and does not know whose it is. */
  readonly clusterId: string
  readonly id: NodeId
  readonly incarnation: Incarnation
  readonly metrics: Metrics | undefined
  readonly clock: Clock
  /** How long news of commits may wait for other messages. */
  readonly commitNewsMs: number
}

export class Mail {
  readonly #transport: Transport
  readonly #from: NodeId
  readonly #incarnation: Incarnation
  readonly #metrics: Metrics | undefined
  /** What goes to each peer; the lists are used again. */
  readonly #outgoing = new Map<NodeId, Message[]>()
  readonly #news: CommitNews | undefined
  /**
   * Empty: any cluster's messages are read, until one of them makes this node its own. From then on
   * only that one's, and those of nodes that wait to be added and do not know theirs.
   */
  clusterId: string

  constructor(options: MailOptions) {
    this.#transport = options.transport
    this.clusterId = options.clusterId
    this.#from = options.id
    this.#incarnation = options.incarnation
    this.#metrics = options.metrics
    const { clock, commitNewsMs } = options
    if (commitNewsMs > 0) {
      this.#news = new CommitNews(clock, commitNewsMs, (news) => {
        for (const [to, message] of news) this.#sendBatch(to, [message], undefined)
      })
    }
  }

  /** Nothing is sent of itself any more. */
  stop(): void {
    this.#news?.stop()
  }

  send(messages: readonly Message[]): void {
    if (messages.length === 0) return
    const outgoing = this.#outgoing
    for (const message of messages) {
      const others = outgoing.get(message.to)
      if (others === undefined) outgoing.set(message.to, [message])
      else others.push(message)
    }
    for (const [to, batch] of outgoing) {
      if (batch.length === 0) {
        // Nothing for it this turn: it may have left the group.
        outgoing.delete(to)
        continue
      }
      const due = this.#news === undefined ? batch : this.#news.pass(to, batch)
      if (due.length > 0) this.#sendBatch(to, due, undefined)
      batch.length = 0
    }
  }

  /** In a batch of its own. */
  sendAlone(message: Message, lane: Lane): void {
    this.#sendBatch(message.to, [message], lane)
  }

  /** Hands on what is in a batch, or tells why not. */
  receive(
    from: NodeId,
    bytes: Uint8Array,
    take: (message: Message, incarnation: Incarnation) => void,
  ): Dropped | undefined {
    this.#metrics?.count('bytesReceived', bytes.length)
    try {
      const batch = decodeMessageBatch(bytes)
      if (batch.from !== from) return dropped(from, 'malformed', `says it is from ${batch.from}`)
      const isOther = batch.clusterId !== this.clusterId
      if (isOther && batch.clusterId !== '' && this.clusterId !== '') {
        return dropped(from, 'otherCluster', `of cluster ${batch.clusterId}`)
      }
      for (const message of batch.messages) take(message, batch.fromIncarnation)
      return undefined
    } catch (error) {
      if (error instanceof DecodeError) return dropped(from, 'malformed', error.message)
      throw error
    }
  }

  #sendBatch(to: NodeId, messages: readonly Message[], lane: Lane | undefined): void {
    const bytes = encodeMessageBatch({
      clusterId: this.clusterId,
      from: this.#from,
      fromIncarnation: this.#incarnation,
      messages,
    })
    this.#metrics?.count('messagesSent', messages.length)
    this.#metrics?.count('bytesSent', bytes.length)
    this.#transport.send(to, bytes, lane)
  }
}

function dropped(from: NodeId, reason: Dropped['reason'], detail: string): Dropped {
  return { type: 'batchDropped', from, reason, detail }
}
