import type { ConnectError } from '@connectrpc/connect'
import { ErrorDetailSchema } from '@quorail/proto/quorail/cluster/v1/errors_pb'
import type { Principal } from '../auth/principal.ts'
import { createRateLimit, type RateLimit } from '../auth/rate-limit.ts'
import { principalOfSession } from '../auth/sessions.ts'
import { rateLimited } from '../errors/door-errors.ts'
import { notLeaderError, stateDiverged } from '../errors/raft-failures.ts'
import { tooManyWatches } from '../errors/watch-errors.ts'
import type { NodeHost } from '../host/types.ts'
import { WatchHub } from './watch-hub.ts'
import type { WatchLimits } from './watch-limits.ts'
import type { WatchMeter } from './watch-meter.ts'
import { WatchStream, type WatchStreamOptions } from './watch-stream.ts'

/** How often streams are looked at: heartbeats, sessions that have ended, a node that serves no longer. */
const lookEveryMs = 500

/** All streams of a node, and who may have how many. */
export class WatchStreams {
  readonly #host: NodeHost
  readonly #limits: WatchLimits
  readonly #meter: WatchMeter
  readonly #hub: WatchHub
  readonly #streams = new Map<string, WatchStream>()
  readonly #rate: RateLimit
  #timer: NodeJS.Timeout | undefined
  #unreadySinceMs: number | undefined

  constructor(host: NodeHost, limits: WatchLimits, meter: WatchMeter) {
    this.#host = host
    this.#limits = limits
    this.#meter = meter
    this.#hub = new WatchHub(host, limits)
    const perMinute = limits.subscriptionsPerMinute
    this.#rate = createRateLimit({ perMinute, burst: perMinute, nowMs: () => performance.now() })
    meter.watch(() => ({
      streams: this.#streams.size,
      subscriptions: [...this.#streams.values()].reduce((sum, it) => sum + it.subscriptions, 0),
      subjects: this.#hub.subjects,
    }))
  }

  /** Throws when there are too many already, or this node can not know what is true. */
  open(of: Pick<WatchStreamOptions, 'principal' | 'address' | 'asMessages' | 'cut'>): WatchStream {
    const leaderless = this.#unservable()
    if (leaderless !== undefined) throw this.refused(leaderless)
    const limit = this.#limitOf(of)
    if (limit !== undefined) throw this.refused(tooManyWatches(limit))
    const options = { host: this.#host, hub: this.#hub, limits: this.#limits, meter: this.#meter }
    const stream = new WatchStream({ ...options, ...of })
    this.#streams.set(stream.watchId, stream)
    this.#timer ??= setInterval(() => this.#look(), lookEveryMs).unref()
    return stream
  }

  find(watchId: string): WatchStream | undefined {
    return this.#streams.get(watchId)
  }

  /** New subscriptions cost something: nobody has very many. */
  charge(principal: Principal | undefined, address: string, count: number): void {
    for (let at = 0; at < count; at++) {
      const seconds = this.#rate.waitSeconds(callerName(principal, address))
      if (seconds > 0) throw this.refused(rateLimited(seconds))
    }
  }

  close(stream: WatchStream): void {
    stream.close()
    this.#streams.delete(stream.watchId)
  }

  /** Counts the error and gives it back. */
  refused(error: ConnectError): ConnectError {
    this.#meter.refused(error.findDetails(ErrorDetailSchema)[0]?.code ?? 'INTERNAL')
    return error
  }

  get index(): number {
    return this.#hub.appliedIndex
  }

  #limitOf({ principal, address }: Pick<WatchStreamOptions, 'principal' | 'address'>) {
    const { streams, streamsOfAccount, streamsOfAddress } = this.#limits
    if (this.#streams.size >= streams) return streams
    const most = callerIsKnown(principal) ? streamsOfAccount : streamsOfAddress
    const name = callerName(principal, address)
    let count = 0
    for (const it of this.#streams.values())
      if (callerName(it.principal, it.address) === name) count += 1
    return count >= most ? most : undefined
  }

  #look(): void {
    const { state } = this.#host
    const now = this.#host.nowMs()
    const unservable = this.#unservable()
    if (unservable === undefined) this.#unreadySinceMs = undefined
    else this.#unreadySinceMs ??= performance.now()
    const { leaderlessMs } = this.#limits
    const isOver =
      this.#host.divergence() === 'minority' ||
      (this.#unreadySinceMs !== undefined &&
        performance.now() - this.#unreadySinceMs >= leaderlessMs)
    for (const stream of this.#streams.values()) {
      const { principal } = stream
      const session = principal && principalOfSession(state, principal.sessionHash, now)
      if (isOver && unservable !== undefined) stream.end(unservable)
      stream.look(session)
    }
    this.#hub.tidy()
    if (this.#streams.size > 0 || this.#hub.subjects > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  /** Why what this node shows may be old, or wrong. */
  #unservable(): ConnectError | undefined {
    if (this.#host.divergence() === 'minority') return stateDiverged('minority')
    const { ready, leader } = this.#host.status()
    return ready || leader !== undefined ? undefined : notLeaderError(undefined, false)
  }
}

/** One can be as many guests as one likes. */
function callerIsKnown(principal: Principal | undefined): principal is Principal {
  return principal !== undefined && principal.account.role !== 'guest'
}

function callerName(principal: Principal | undefined, address: string): string {
  return callerIsKnown(principal) ? `account ${principal.account.accountId}` : `address ${address}`
}
