import { create } from '@bufbuild/protobuf'
import { ConnectError } from '@connectrpc/connect'
import { ErrorDetailSchema } from '@quorail/proto/quorail/cluster/v1/errors_pb'
import {
  type Subscription as Asked,
  type WatchEvent,
  WatchEventKind,
  WatchEventSchema,
} from '@quorail/proto/quorail/watch/v1/watch_pb'
import type { Principal } from '../auth/principal.ts'
import { internalError } from '../errors/door-errors.ts'
import { tooManyWatches } from '../errors/watch-errors.ts'
import { type EncodedBody, encodeBody, putBody } from './encoded-body.ts'
import type { Subject } from './subject.ts'
import type { WatchHub } from './watch-hub.ts'
import type { WatchLimits } from './watch-limits.ts'
import type { Watched, Watcher } from './watched.ts'

export interface SubscriptionPorts {
  readonly hub: WatchHub
  readonly limits: WatchLimits
  readonly watcher: Watcher
  readonly principal: () => Principal | undefined
  /** What is sent is not made of bytes. */
  readonly asMessages: boolean
}

/** One subscription of a stream: which state of its subject the client was told last. */
export class Subscription {
  readonly id: number
  readonly subject: Subject
  readonly askedAtMs = performance.now()
  readonly #asked: Asked
  readonly #ports: SubscriptionPorts
  #watched: Watched | undefined
  /** The version that the client has; undefined: it was told nothing yet. */
  #told: number | undefined
  #ended = false

  constructor(asked: Asked, subject: Subject, ports: SubscriptionPorts) {
    this.id = asked.id
    this.subject = subject
    this.#asked = asked
    this.#ports = ports
  }

  get hasEnded(): boolean {
    return this.#ended
  }

  /** This node has not reached the index that the client has seen. */
  get isBehind(): boolean {
    return !this.#ended && this.#ports.hub.appliedIndex < Number(this.#asked.afterIndex)
  }

  leave(): void {
    if (this.#watched !== undefined) this.#ports.hub.leave(this.#watched, this.#ports.watcher)
    this.#watched = undefined
    this.#ended = true
  }

  /** What the client does not know yet; of nothing at all, nothing. */
  news(): WatchEvent[] {
    if (this.#ended || this.isBehind) return []
    try {
      return this.#told === undefined ? this.#begin() : this.#goOn(this.#told)
    } catch (error) {
      return [this.#fail(ConnectError.from(error))]
    }
  }

  #begin(): WatchEvent[] {
    const { hub, limits, watcher, principal } = this.#ports
    const { afterIndex, fingerprint } = this.#asked
    this.#watched ??= hub.join(this.subject, watcher, Number(afterIndex))
    const watched = this.#watched
    if (watched === undefined) throw tooManyWatches(limits.subjects)
    if (watched.end instanceof ConnectError) throw watched.end
    watched.admit(principal())
    if (watched.end !== undefined) return [this.#finish()]
    const had = fingerprint.length > 0 ? watched.numbered(fingerprint) : undefined
    if (had === undefined) {
      const { RESET, SNAPSHOT } = WatchEventKind
      return this.#whole(watched, fingerprint.length > 0 ? RESET : SNAPSHOT)
    }
    if (had === watched.version?.number) {
      this.#told = had
      return [this.#event(WatchEventKind.RESUMED, hub.indexOf(watched), fingerprint)]
    }
    return this.#goOn(had)
  }

  #goOn(told: number): WatchEvent[] {
    const watched = this.#watched
    if (watched === undefined) throw internalError(new Error('a subscription without its subject'))
    watched.admit(this.#ports.principal())
    const versions = watched.since(told)
    if (versions === undefined) return this.#whole(watched, WatchEventKind.RESET)
    const events = versions.map(({ index, fingerprint, change }) =>
      this.#event(WatchEventKind.CHANGE, index, fingerprint, change),
    )
    this.#told = versions.at(-1)?.number ?? told
    if (watched.end !== undefined) events.push(this.#finish())
    return events
  }

  #whole(watched: Watched, kind: WatchEventKind): WatchEvent[] {
    const { hub } = this.#ports
    const { version, body } = hub.whole(watched)
    this.#told = version.number
    return [this.#event(kind, hub.indexOf(watched), version.fingerprint, body)]
  }

  #finish(): WatchEvent {
    const index = this.#ports.hub.appliedIndex
    this.leave()
    return this.#event(WatchEventKind.ENDED, index)
  }

  #fail(error: ConnectError): WatchEvent {
    const index = this.#ports.hub.appliedIndex
    this.leave()
    const known = error.findDetails(ErrorDetailSchema)[0]
    const detail = known ?? internalError(error).findDetails(ErrorDetailSchema)[0]
    const body = encodeBody('error', ErrorDetailSchema, detail ?? create(ErrorDetailSchema))
    return this.#event(WatchEventKind.ERROR, index, undefined, body)
  }

  #event(
    kind: WatchEventKind,
    index: number,
    fingerprint?: Uint8Array,
    body?: EncodedBody,
  ): WatchEvent {
    const event = create(WatchEventSchema, {
      subscriptionId: this.id,
      kind,
      index: BigInt(index),
      ...(fingerprint && { fingerprint }),
    })
    if (body !== undefined) putBody(event, body, this.#ports.asMessages)
    return event
  }
}
