import { randomUUID } from 'node:crypto'
import { create, type MessageInitShape } from '@bufbuild/protobuf'
import { timestampFromMs } from '@bufbuild/protobuf/wkt'
import { ConnectError } from '@connectrpc/connect'
import { ErrorDetailSchema } from '@quorail/proto/quorail/cluster/v1/errors_pb'
import {
  type Subscription as Asked,
  type WatchEvent,
  type WatchOpenedSchema,
  type WatchResponse,
  WatchResponseSchema,
} from '@quorail/proto/quorail/watch/v1/watch_pb'
import type { Principal } from '../auth/principal.ts'
import { invalidField, notLoggedIn } from '../errors/door-errors.ts'
import { nodeBehind, notDrained, tooManyWatches } from '../errors/watch-errors.ts'
import type { NodeHost } from '../host/types.ts'
import { subjectOf } from './subject-of.ts'
import { Subscription } from './subscription.ts'
import type { WatchHub } from './watch-hub.ts'
import type { WatchLimits } from './watch-limits.ts'
import type { WatchMeter } from './watch-meter.ts'
import type { Watcher } from './watched.ts'

export interface WatchStreamOptions {
  readonly host: NodeHost
  readonly hub: WatchHub
  readonly limits: WatchLimits
  readonly meter: WatchMeter
  readonly principal: Principal | undefined
  /** Where the caller is. */
  readonly address: string
  /** What is sent is JSON. */
  readonly asMessages: boolean
  /** Ends the connection's stream although its client takes nothing. */
  readonly cut: () => void
}

/** A follower is behind the leader by less. */
const lookForIndexMs = 50

/** A client's stream. It makes a frame when the client has taken the last one, of what is new by then. */
export class WatchStream implements Watcher {
  readonly watchId = randomUUID()
  readonly address: string
  readonly #options: WatchStreamOptions
  readonly #subscriptions = new Map<number, Subscription>()
  #principal: Principal | undefined
  #wake: (() => void) | undefined
  #isAwake = false
  #saidAtMs = performance.now()
  /** The client has not taken the last frame since; undefined: it has. */
  #untakenSinceMs: number | undefined
  #end: { readonly error: unknown } | undefined

  constructor(options: WatchStreamOptions) {
    this.#options = options
    this.#principal = options.principal
    this.address = options.address
  }

  get principal(): Principal | undefined {
    return this.#principal
  }

  get subscriptions(): number {
    return this.#subscriptions.size
  }

  /** What is there already stays; all or nothing is added. */
  change(add: readonly Asked[], remove: readonly number[]): void {
    const { hub, host, limits, asMessages } = this.#options
    const ports = { hub, limits, watcher: this, asMessages, principal: () => this.#principal }
    const made = add.map(
      (asked) => new Subscription(asked, subjectOf(host, asked, this.#principal), ports),
    )
    const left = new Map(this.#subscriptions)
    for (const id of remove) left.delete(id)
    for (const one of made) {
      const there = left.get(one.id)
      if (there !== undefined && there.subject.name !== one.subject.name)
        throw invalidField('id', `There is another subscription ${one.id} on this stream.`)
      if (there === undefined) left.set(one.id, one)
    }
    if (left.size > limits.subscriptions) throw tooManyWatches(limits.subscriptions)
    for (const id of remove) this.#drop(id)
    for (const [id, one] of left) this.#subscriptions.set(id, one)
    this.wake()
  }

  /** Who has logged in since is the same client: it knows the stream's secret name. */
  adopt(principal: Principal): boolean {
    this.#principal ??= principal
    return this.#principal.account.accountId === principal.account.accountId
  }

  wake(): void {
    this.#isAwake = true
    this.#wake?.()
  }

  end(error: unknown): void {
    if (this.#end === undefined) {
      this.#end = { error }
      const detail = ConnectError.from(error).findDetails(ErrorDetailSchema)[0]
      // Without one it was the client who ended it, or the node stops.
      if (detail !== undefined) this.#options.meter.refused(detail.code)
    }
    this.wake()
  }

  /** Now and then: says something, and ends what must not go on. `principal`: who it is by now. */
  look(principal: Principal | undefined): void {
    const { limits, cut } = this.#options
    const now = performance.now()
    if (this.#principal !== undefined && principal === undefined) this.end(notLoggedIn())
    this.#principal = principal
    if (this.#behind().some(({ askedAtMs }) => now - askedAtMs > limits.behindMs))
      this.end(nodeBehind())
    if (this.#untakenSinceMs !== undefined) {
      if (now - this.#untakenSinceMs < limits.drainMs) return
      this.end(notDrained())
      cut()
    } else if (now - this.#saidAtMs >= limits.heartbeatMs) this.wake()
  }

  /** The frames until the stream ends; with an error when it was not the client who ended it. */
  async *frames(
    opened: MessageInitShape<typeof WatchOpenedSchema>,
    signal: AbortSignal,
  ): AsyncGenerator<WatchResponse> {
    const onAbort = () => this.end(signal.reason)
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort)
    try {
      yield* this.#said(this.#frame({ opened }))
      while (this.#end === undefined) {
        await this.#woken()
        const frame = this.#frame({})
        const isDue = performance.now() - this.#saidAtMs >= this.#options.limits.heartbeatMs
        if (frame.events.length > 0 || isDue) yield* this.#said(frame)
      }
      throw this.#end.error
    } finally {
      signal.removeEventListener('abort', onAbort)
      this.close()
    }
  }

  close(): void {
    for (const id of [...this.#subscriptions.keys()]) this.#drop(id)
  }

  *#said(frame: WatchResponse): Generator<WatchResponse> {
    this.#untakenSinceMs = performance.now()
    yield frame
    this.#untakenSinceMs = undefined
    this.#saidAtMs = performance.now()
  }

  #frame(about: Pick<MessageInitShape<typeof WatchResponseSchema>, 'opened'>): WatchResponse {
    const { hub, host } = this.#options
    return create(WatchResponseSchema, {
      ...about,
      events: this.#events(),
      index: BigInt(hub.appliedIndex),
      now: timestampFromMs(host.nowMs()),
    })
  }

  /** As many as fit; those told last stand last, so that all have their turn. */
  #events(): WatchEvent[] {
    const { limits, meter } = this.#options
    this.#isAwake = false
    if (this.#behind().length > 0) setTimeout(() => this.wake(), lookForIndexMs).unref()
    const events: WatchEvent[] = []
    let bytes = 0
    for (const [id, one] of [...this.#subscriptions]) {
      if (bytes >= limits.frameBytes) {
        this.#isAwake = true
        break
      }
      const news = one.news()
      if (news.length === 0) continue
      for (const event of news) {
        bytes += event.$unknown?.[0]?.data.length ?? 0
        meter.event(event.kind)
      }
      events.push(...news)
      this.#subscriptions.delete(id)
      if (!one.hasEnded) this.#subscriptions.set(id, one)
    }
    return events
  }

  async #woken(): Promise<void> {
    if (this.#isAwake || this.#end !== undefined) return
    await new Promise<void>((resolve) => {
      this.#wake = resolve
    })
    this.#wake = undefined
  }

  #behind(): Subscription[] {
    return [...this.#subscriptions.values()].filter((one) => one.isBehind)
  }

  #drop(id: number): void {
    this.#subscriptions.get(id)?.leave()
    this.#subscriptions.delete(id)
  }
}
