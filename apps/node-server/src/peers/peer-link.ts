import type { PeerCertificate } from '../certificates/own-certificates.ts'
import { isStillBelieved } from '../certificates/still-believed.ts'
import type { Current } from '../certificates/watched-certificate.ts'
import type { PeerSelf } from '../host/types.ts'
import type { DeliverCall } from './deliver-call.ts'
import { dialPeer } from './dialling.ts'
import { PeerOutbox } from './outbox.ts'
import { RefusedByPeer, refusal, refusalBehind } from './peer-refusals.ts'
import type { OnRefused } from './refusal-log.ts'

export interface PeerLinkOptions {
  readonly from: string
  readonly peer: string
  readonly url: string
  /** Told once for each time the peer becomes unreachable, and when it is reached again. */
  readonly onState?: (reachable: boolean, detail: string) => void
  /** Sent to again and again, and not heard of for so long: the connection is replaced. */
  readonly silentAfterMs?: number
  readonly certificate?: Current<PeerCertificate> | undefined
  /** What this node says of itself: nothing is dialled before it knows. Without it: only its name. */
  readonly self?: (() => PeerSelf | undefined) | undefined
  /** The peer is not who it should be, or refuses this node. */
  readonly onRefused?: OnRefused
  readonly maxBytes?: number
  readonly maxBatches?: number
}

/** Some messages need no answer, e.g. a vote. So many in a row without any is no accident. */
const silentAfterBatches = 8

const watchEveryMs = 100

const firstBackoffMs = 20
const longestBackoffMs = 1_000
/** Who is refused stays so until somebody does something. */
const pauseAfterRefusalMs = 2_000

/**
 * This node's stream to one peer, kept open for as long as the node runs. HTTP/2 keeps a connection
 * to a silent peer open for ever, so silence
 * is seen here: Raft answers nearly everything, so who is sent to and says nothing is not there.
 */
export class PeerLink {
  readonly #options: PeerLinkOptions
  readonly #silentAfterMs: number
  #outbox: PeerOutbox | undefined
  #call: DeliverCall | undefined
  #connectedAt = 0
  #unansweredSince: number | undefined
  #unanswered = 0
  #reachable: boolean | undefined
  #wasRefused = false
  #closed = false
  #wakeBackoff: (() => void) | undefined
  readonly #watch: NodeJS.Timeout
  readonly #done: Promise<void>

  constructor(options: PeerLinkOptions) {
    this.#options = options
    this.#silentAfterMs = options.silentAfterMs ?? 2_000
    this.#watch = setInterval(() => this.#replaceIfSilent(), watchEveryMs).unref()
    this.#done = this.#run()
  }

  /** Dropped while there is no connection: Raft repeats, and what is old by then nobody wants. */
  send(batch: Uint8Array): void {
    if (this.#outbox === undefined) return
    this.#unansweredSince ??= performance.now()
    this.#unanswered += 1
    this.#outbox.push(batch)
  }

  /** The peer has said something on its own stream to this node. */
  heard(): void {
    this.#startCounting()
    if (this.#reachable !== true && this.#outbox !== undefined) this.#tell(true, 'connected')
  }

  /**
   * The peer has opened a stream to this node: anew, perhaps because it hears nothing of what is sent
   * here. That this node hears the peer says nothing about its own connection, so an old one is replaced.
   */
  renewed(): void {
    if (this.#outbox === undefined) {
      // Whatever kept this node from it may be over.
      this.#wakeBackoff?.()
      return
    }
    if (performance.now() - this.#connectedAt < this.#silentAfterMs) return
    this.#disconnect(new Error('the peer has connected anew'))
  }

  /** Other authorities count now: a connection to who is not believed any more, or not yet known, is made anew. */
  leaveUnbelieved(now: PeerCertificate): void {
    if (this.#call !== undefined && isStillBelieved(this.#call.socket(), now) !== true)
      this.#disconnect(refusal('PEER_NOT_TRUSTED', 'no longer'))
  }

  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#watch)
    this.#wakeBackoff?.()
    this.#disconnect(new Error('this node is stopping'))
    await this.#done
  }

  async #run(): Promise<void> {
    await this.#untilKnown()
    let backoffMs = firstBackoffMs
    while (!this.#closed) {
      const startedAt = performance.now()
      const reason = await this.#connection()
      if (this.#closed) return
      this.#tell(false, reason)
      // A connection that lasted was good; one that fails at once is tried less and less often.
      if (performance.now() - startedAt > 5 * this.#silentAfterMs) backoffMs = firstBackoffMs
      if (this.#wasRefused) backoffMs = pauseAfterRefusalMs
      await this.#pause(backoffMs * (0.5 + Math.random() / 2))
      backoffMs = Math.min(2 * backoffMs, longestBackoffMs)
    }
  }

  /** Its own log is being opened. */
  async #untilKnown(): Promise<void> {
    const { self } = this.#options
    while (!this.#closed && self !== undefined && self() === undefined)
      await this.#pause(firstBackoffMs)
  }

  /** One connection from its beginning to its end; resolves with the reason of the end. */
  async #connection(): Promise<string> {
    const { url, from, maxBytes = 16 * 2 ** 20, maxBatches = 4_096 } = this.#options
    const { peer, certificate, onRefused, self } = this.#options
    this.#wasRefused = false
    const outbox = new PeerOutbox(maxBytes, maxBatches)
    const call = dialPeer({ url, from, peer, certificate, outbox, lane: 'normal', self })
    if (typeof call === 'string') return call
    this.#call = call
    this.#connectedAt = performance.now()
    this.#outbox = outbox
    this.#startCounting()
    try {
      return await call.ended
    } catch (error) {
      const refusal = refusalBehind(error)
      if (refusal === undefined) return error instanceof Error ? error.message : String(error)
      this.#wasRefused = refusal instanceof RefusedByPeer
      onRefused?.({ refusal, peer })
      return `${refusal.code}: ${refusal.message}`
    } finally {
      outbox.close()
      this.#outbox = undefined
      this.#call = undefined
    }
  }

  #replaceIfSilent(): void {
    if (this.#isSilent()) this.#disconnect(new Error(`silent for ${this.#silentAfterMs} ms`))
  }

  #isSilent(): boolean {
    if (this.#unansweredSince === undefined || this.#unanswered < silentAfterBatches) return false
    return performance.now() - this.#unansweredSince >= this.#silentAfterMs
  }

  #startCounting(): void {
    this.#unansweredSince = undefined
    this.#unanswered = 0
  }

  #disconnect(reason: Error): void {
    this.#startCounting()
    this.#outbox?.close()
    this.#call?.end(reason)
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(timer)
        this.#wakeBackoff = undefined
        resolve()
      }
      const timer = setTimeout(finish, ms)
      this.#wakeBackoff = finish
    })
  }

  #tell(reachable: boolean, detail: string): void {
    if (this.#reachable === reachable) return
    this.#reachable = reachable
    this.#options.onState?.(reachable, detail)
  }
}
