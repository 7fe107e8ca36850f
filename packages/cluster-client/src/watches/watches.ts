import { type Client, Code, ConnectError, createClient, type Transport } from '@connectrpc/connect'
import type { GetSeatMapResponse } from '@quorail/proto/quorail/booking/v1/timetable_service_pb'
import type { Booking } from '@quorail/proto/quorail/booking/v1/types_pb'
import type { NodeStatus } from '@quorail/proto/quorail/cluster/v1/cluster_pb'
import { type WatchResponse, WatchService } from '@quorail/proto/quorail/watch/v1/watch_pb'
import { streamLost } from '../client-errors.ts'
import { type Clock, pause, systemClock } from '../clock.ts'
import { describeError } from '../describe-error.ts'
import { errorDetail } from '../failure.ts'
import { normaliseUrl } from '../node-book.ts'
import { readStream } from '../read-stream.ts'
import { ClientSubscription, type SubjectInit } from './client-subscription.ts'
import type { WatchListener } from './update.ts'

export interface WatchesOptions {
  /** Public addresses of the nodes. Any of them will do: the first is chosen by lot. */
  readonly endpoints: readonly string[]
  /** Makes the transport to one node; called once per address. */
  readonly createTransport: (url: string) => Transport
  readonly clock?: Clock
  /** Uniform in [0, 1). */
  readonly random?: () => number
  readonly limits?: Partial<WatchesLimits>
}

/** All in milliseconds. */
export interface WatchesLimits {
  /** The first frame of a stream. */
  readonly openMs: number
  /** A stream without a word for so long is dead: two heartbeats and a little. */
  readonly silenceMs: number
  /** Pauses between attempts: uniform between 0 and a limit that doubles from first to most. */
  readonly pauseFirstMs: number
  readonly pauseMostMs: number
  /** A stream that nobody needs any more stays so long: the next page may. */
  readonly lingerMs: number
}

export interface WatchOptions {
  /** The index of an answer that was seen already: nothing older is shown. */
  readonly afterIndex?: bigint
}

export interface SeatMapToWatch {
  readonly runId: bigint
  readonly fromStop: number
  readonly toStop: number
  /** Only this class. */
  readonly classCode?: string
}

/**
 * What changes, told as it changes: all of it over one stream, to whichever node there is. The stream is
 * opened with the first thing to watch, and again, elsewhere, when it is lost; what was missed meanwhile
 * is sent after. Each method gives what ends that.
 */
export interface Watches {
  seatMap(
    map: SeatMapToWatch,
    listener: WatchListener<GetSeatMapResponse>,
    options?: WatchOptions,
  ): () => void
  booking(bookingId: bigint, listener: WatchListener<Booking>, options?: WatchOptions): () => void
  /** The node that has the stream. */
  node(listener: WatchListener<NodeStatus>, options?: WatchOptions): () => void
  /** No stream for now, e.g. while nobody looks at the page; then on from there. */
  pause(): void
  resume(): void
  close(): void
}

const defaultLimits: WatchesLimits = {
  openMs: 5_000,
  silenceMs: 12_000,
  pauseFirstMs: 200,
  pauseMostMs: 5_000,
  lingerMs: 2_000,
}
/** Of one stream; the nodes have the same limit. */
const subscriptionsAtMost = 64
const changeWithinMs = 5_000
/** What fetch and Node make of a connection that is refused or breaks. */
const lost: ReadonlySet<Code> = new Set([
  Code.Aborted,
  Code.Canceled,
  Code.Internal,
  Code.Unavailable,
  Code.Unknown,
])

export function createWatches(options: WatchesOptions): Watches {
  const watches = new WatchClient(options)
  const watch = (subject: SubjectInit, listener: WatchListener<never>, of?: WatchOptions) =>
    watches.add(subject, listener as WatchListener<unknown>, of?.afterIndex ?? 0n)
  return {
    seatMap: (value, listener, of) => watch({ case: 'seatMap', value }, listener, of),
    booking: (bookingId, listener, of) =>
      watch({ case: 'booking', value: { bookingId } }, listener, of),
    node: (listener, of) => watch({ case: 'node', value: {} }, listener, of),
    pause: () => watches.pause(),
    resume: () => watches.resume(),
    close: () => watches.close(),
  }
}

/** A stream that is open. */
interface Live {
  readonly client: Client<typeof WatchService>
  readonly watchId: string
  readonly controller: AbortController
  /** What the node was asked for. */
  readonly asked: Set<number>
}

class WatchClient {
  readonly #urls: readonly string[]
  readonly #options: WatchesOptions
  readonly #limits: WatchesLimits
  readonly #clock: Clock
  readonly #random: () => number
  readonly #transports = new Map<string, Transport>()
  readonly #subscriptions = new Map<number, ClientSubscription>()
  #nextId = 1
  #urlAt: number
  #run: AbortController | undefined
  #live: Live | undefined
  #clusterId = ''
  #isPaused = false
  #isChanging = false
  #stopLinger: () => void = () => undefined

  constructor(options: WatchesOptions) {
    this.#urls = [...new Set(options.endpoints.map(normaliseUrl))]
    if (this.#urls.length === 0)
      throw new TypeError('endpoints: give at least one address of a node')
    this.#options = options
    this.#limits = { ...defaultLimits, ...options.limits }
    this.#clock = options.clock ?? systemClock
    this.#random = options.random ?? Math.random
    this.#urlAt = Math.floor(this.#random() * this.#urls.length)
  }

  add(subject: SubjectInit, listener: WatchListener<unknown>, afterIndex: bigint): () => void {
    const one = new ClientSubscription(this.#nextId++, subject, listener, afterIndex)
    if (this.#subscriptions.size >= subscriptionsAtMost) {
      queueMicrotask(() => one.fail(describeError(new ConnectError('', Code.ResourceExhausted))))
      return () => one.leave()
    }
    this.#subscriptions.set(one.id, one)
    this.#changed()
    return () => {
      one.leave()
      if (this.#subscriptions.delete(one.id)) this.#changed()
    }
  }

  pause(): void {
    this.#isPaused = true
    this.#stop()
    for (const one of this.#subscriptions.values()) one.away(undefined)
  }

  resume(): void {
    this.#isPaused = false
    this.#changed()
  }

  close(): void {
    this.#subscriptions.clear()
    this.#stop()
  }

  #stop(): void {
    this.#stopLinger()
    this.#run?.abort()
    this.#run = undefined
  }

  #changed(): void {
    this.#stopLinger()
    if (this.#isPaused) return
    if (this.#subscriptions.size === 0)
      this.#stopLinger = this.#clock.after(this.#limits.lingerMs, () => this.#stop())
    else if (this.#run === undefined) {
      const run = new AbortController()
      this.#run = run
      // A page that shows several things asks for all of them at once.
      queueMicrotask(() => void this.#stream(run.signal))
    }
    queueMicrotask(() => void this.#tellChanges())
  }

  /** Streams, one after the other, until nobody wants any. */
  async #stream(signal: AbortSignal): Promise<void> {
    const { pauseFirstMs, pauseMostMs } = this.#limits
    let failures = 0
    while (!signal.aborted) {
      const error = await this.#follow(signal, () => {
        failures = 0
      })
      if (signal.aborted) return
      const described = describeError(error)
      if (error.code === Code.InvalidArgument) {
        for (const one of this.#subscriptions.values()) one.fail(described)
        this.#subscriptions.clear()
        this.#stop()
        return
      }
      for (const one of this.#subscriptions.values()) one.away(described)
      // Whose session has ended goes on with what is for everybody.
      if (described.code !== 'NOT_LOGGED_IN') this.#urlAt = (this.#urlAt + 1) % this.#urls.length
      const most = Math.min(pauseMostMs, pauseFirstMs * 2 ** Math.min(failures++, 20))
      await pause(this.#clock, most * this.#random(), signal)
    }
  }

  /** One stream to its end; gives why it ended. */
  async #follow(signal: AbortSignal, onOpen: () => void): Promise<ConnectError> {
    const controller = new AbortController()
    const client = createClient(WatchService, this.#transport())
    const subscriptions = [...this.#subscriptions.values()].map((one) => one.request)
    const asked = new Set(this.#subscriptions.keys())
    const stopOpening = this.#clock.after(this.#limits.openMs, () => controller.abort())
    const open = (inner: AbortSignal) => client.watch({ subscriptions }, { signal: inner })
    const { silenceMs } = this.#limits
    try {
      const frames = readStream(open, {
        signal: AbortSignal.any([signal, controller.signal]),
        silenceMs,
        clock: this.#clock,
      })
      for await (const frame of frames) {
        stopOpening()
        if (frame.opened !== undefined) {
          const { watchId, clusterId } = frame.opened
          this.#knowCluster(clusterId)
          this.#live = { client, watchId, controller, asked }
          onOpen()
        }
        this.#take(frame)
        void this.#tellChanges()
      }
      return streamLost(undefined)
    } catch (reason) {
      const error = ConnectError.from(reason)
      return errorDetail(error) === undefined && lost.has(error.code) ? streamLost(error) : error
    } finally {
      stopOpening()
      this.#live = undefined
    }
  }

  #take(frame: WatchResponse): void {
    for (const event of frame.events) {
      const one = this.#subscriptions.get(event.subscriptionId)
      one?.take(event, frame)
      if (one?.hasEnded === true) {
        this.#subscriptions.delete(one.id)
        this.#live?.asked.delete(one.id)
      }
    }
  }

  /** Indexes of another cluster (one that was restored, say) are no measure. */
  #knowCluster(clusterId: string): void {
    if (this.#clusterId !== '' && this.#clusterId !== clusterId)
      for (const one of this.#subscriptions.values()) one.forget()
    this.#clusterId = clusterId
  }

  /** Tells the node what is wanted and what is not any more. */
  async #tellChanges(): Promise<void> {
    const live = this.#live
    if (live === undefined || this.#isChanging) return
    const add = [...this.#subscriptions.values()].filter(({ id }) => !live.asked.has(id))
    const remove = [...live.asked].filter((id) => !this.#subscriptions.has(id))
    if (add.length === 0 && remove.length === 0) return
    this.#isChanging = true
    for (const { id } of add) live.asked.add(id)
    for (const id of remove) live.asked.delete(id)
    try {
      const request = { watchId: live.watchId, add: add.map((one) => one.request), remove }
      const { signal } = live.controller
      await live.client.changeWatch(request, { signal, timeoutMs: changeWithinMs })
    } catch (error) {
      if (ConnectError.from(error).code === Code.InvalidArgument) {
        for (const one of add) {
          one.fail(describeError(error))
          this.#subscriptions.delete(one.id)
          live.asked.delete(one.id)
        }
        // Whatever it was: a new stream begins with everything that is wanted.
      } else live.controller.abort()
    } finally {
      this.#isChanging = false
    }
    void this.#tellChanges()
  }

  #transport(): Transport {
    const url = this.#urls[this.#urlAt] as string
    const known = this.#transports.get(url)
    if (known !== undefined) return known
    const made = this.#options.createTransport(url)
    this.#transports.set(url, made)
    return made
  }
}
