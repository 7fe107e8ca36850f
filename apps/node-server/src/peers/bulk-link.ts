import type { PeerCertificate } from '../certificates/own-certificates.ts'
import { isStillBelieved } from '../certificates/still-believed.ts'
import type { Current } from '../certificates/watched-certificate.ts'
import type { PeerSelf } from '../host/types.ts'
import type { DeliverCall } from './deliver-call.ts'
import { dialPeer } from './dialling.ts'
import { PeerOutbox } from './outbox.ts'
import { refusal, refusalBehind } from './peer-refusals.ts'
import type { OnRefused } from './refusal-log.ts'

export interface BulkLinkOptions {
  readonly from: string
  readonly peer: string
  readonly url: string
  readonly certificate?: Current<PeerCertificate> | undefined
  readonly onRefused?: OnRefused
  readonly self?: (() => PeerSelf | undefined) | undefined
  /** Told when a connection is begun and when it is over. */
  readonly onBulk?: ((isOpen: boolean, detail: string) => void) | undefined
  /** Without anything to send for so long, the connection is closed. */
  readonly idleAfterMs?: number
  /** Something to send, and nothing taken by the other end for so long: the connection is given up. */
  readonly stuckAfterMs?: number
}

/** A member fetches piece after piece, of 1 MiB: more than some are repetitions. */
const maxBytes = 8 * 2 ** 20
const maxBatches = 64
/** The fetching member asks again, and elsewhere, after 3 s. */
const pauseAfterFailureMs = 1_000

/**
 * Pieces of snapshots to one peer, on a connection of their own: what they wait for, windows and buffers, nothing else
 * waits for. It is made when there is a piece to send, which waits for it, and closed when there are no more.
 */
export class BulkLink {
  readonly #options: BulkLinkOptions
  readonly #idleAfterMs: number
  readonly #stuckAfterMs: number
  #outbox: PeerOutbox | undefined
  #call: DeliverCall | undefined
  #watch: NodeJS.Timeout | undefined
  #movedAt = 0
  #sentBytes = 0
  #pausedUntil = 0
  #closed = false
  #done: Promise<void> = Promise.resolve()

  constructor(options: BulkLinkOptions) {
    this.#options = options
    this.#idleAfterMs = options.idleAfterMs ?? 10_000
    this.#stuckAfterMs = options.stuckAfterMs ?? 10_000
  }

  send(batch: Uint8Array): void {
    if (this.#outbox === undefined) this.#open()
    // Idle, it has moved long ago; what is sent now has its time.
    if (this.#call?.isSending() === false) this.#movedAt = performance.now()
    this.#outbox?.push(batch)
  }

  /** Other authorities count now. */
  leaveUnbelieved(now: PeerCertificate): void {
    if (this.#call !== undefined && isStillBelieved(this.#call.socket(), now) !== true)
      this.end(refusal('PEER_NOT_TRUSTED', 'no longer'))
  }

  /** The peer is gone, or another one: what was sent there is not waited for. */
  end(reason: Error): void {
    this.#call?.end(reason)
  }

  async close(): Promise<void> {
    this.#closed = true
    this.end(new Error('this node is stopping'))
    await this.#done
  }

  #open(): void {
    const { from, peer, url, certificate, onBulk, self } = this.#options
    if (this.#closed || performance.now() < this.#pausedUntil) return
    const outbox = new PeerOutbox(maxBytes, maxBatches)
    const call = dialPeer({ from, peer, url, certificate, outbox, lane: 'bulk', self })
    if (typeof call === 'string') return
    this.#outbox = outbox
    this.#call = call
    this.#movedAt = performance.now()
    this.#sentBytes = 0
    this.#watch = setInterval(() => this.#look(call), this.#idleAfterMs / 10).unref()
    onBulk?.(true, 'there is a piece of a snapshot to send')
    this.#done = call.ended.then(
      (detail) => this.#over(detail),
      (error: unknown) => this.#failed(error),
    )
  }

  #look(call: DeliverCall): void {
    const now = performance.now()
    const sentBytes = call.sentBytes()
    if (sentBytes !== this.#sentBytes) {
      this.#sentBytes = sentBytes
      this.#movedAt = now
      return
    }
    const isSending = call.isSending()
    if (now - this.#movedAt < (isSending ? this.#stuckAfterMs : this.#idleAfterMs)) return
    if (isSending) call.end(new Error(`nothing taken for ${this.#stuckAfterMs} ms`))
    else call.rest()
  }

  #failed(error: unknown): void {
    const { peer, onRefused } = this.#options
    this.#pausedUntil = performance.now() + pauseAfterFailureMs
    const refused = refusalBehind(error)
    if (refused !== undefined) onRefused?.({ refusal: refused, peer })
    this.#over(error instanceof Error ? error.message : String(error))
  }

  #over(detail: string): void {
    clearInterval(this.#watch)
    this.#outbox?.close()
    this.#outbox = undefined
    this.#call = undefined
    this.#options.onBulk?.(false, detail)
  }
}
