import { setTimeout as pause } from 'node:timers/promises'
import { findBooking, type OutboxView, type Outcome, pendingOutbox } from '@quorail/booking-fsm'
import type { NodeHost } from '../host/types.ts'
import type { PaymentLog } from './payment-log.ts'
import { createProviderClient, type ProviderClient } from './provider-client.ts'
import { settleEffect } from './settle-effect.ts'

export interface OutboxOptions {
  readonly host: NodeHost
  readonly providerUrl: string
  readonly secret: string
  readonly log: PaymentLog
  readonly limits?: Partial<OutboxLimits>
}

export interface OutboxLimits {
  /** Effects taken up at once; those that the provider has not decided on only wait, and do not count. */
  readonly atOnce: number
  /** No answer of the provider within this time: unknown. */
  readonly answerWithinMs: number
  readonly pauseFirstMs: number
  readonly pauseMostMs: number
}

const defaultLimits: OutboxLimits = {
  atOnce: 8,
  answerWithinMs: 10_000,
  pauseFirstMs: 200,
  pauseMostMs: 3_000,
}

export interface Outbox {
  /** Ends at once; what is under way is continued by the next leader, from the state. */
  stop(): Promise<void>
}

/** Does outside what the log has decided, as long as this node leads; the outcome goes into the log. */
export function startOutbox(options: OutboxOptions): Outbox {
  const limits = { ...defaultLimits, ...options.limits }
  const client = createProviderClient({
    url: options.providerUrl,
    secret: options.secret,
    answerWithinMs: limits.answerWithinMs,
  })
  const worker = new OutboxWorker(options.host, client, options.log, limits)
  return { stop: () => worker.stop() }
}

interface Running {
  readonly outboxId: number
  readonly controller: AbortController
  readonly done: Promise<void>
  /** The provider has not decided, and is asked again later. */
  waiting: boolean
}

/** More than can be under way: what is under way and still open is among the oldest. */
const lookAhead = 256

class OutboxWorker {
  readonly #host: NodeHost
  readonly #client: ProviderClient
  readonly #log: PaymentLog
  readonly #limits: OutboxLimits
  readonly #unsubscribe: () => void
  readonly #interval: NodeJS.Timeout
  /** By payment: of one payment, one effect at a time. */
  readonly #running = new Map<number, Running>()
  /** Effects up to this id were there when this node began to lead: another may have sent them. */
  #inheritedUpTo: number | undefined
  #lookDue = false
  #stopped = false

  constructor(host: NodeHost, client: ProviderClient, log: PaymentLog, limits: OutboxLimits) {
    this.#host = host
    this.#client = client
    this.#log = log
    this.#limits = limits
    this.#unsubscribe = host.onChange(() => this.#lookSoon())
    // Leadership can begin without an entry or a change of role that anybody is told of.
    this.#interval = setInterval(() => this.#lookSoon(), 1_000)
    this.#interval.unref()
    this.#lookSoon()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#unsubscribe()
    clearInterval(this.#interval)
    await this.#abandonAll()
  }

  /** Not in the middle of applying, and once for many changes. */
  #lookSoon(): void {
    if (this.#lookDue || this.#stopped) return
    this.#lookDue = true
    setImmediate(() => {
      this.#lookDue = false
      if (!this.#stopped) this.#look()
    })
  }

  #look(): void {
    if (!this.#host.isServingLeader()) {
      this.#inheritedUpTo = undefined
      void this.#abandonAll()
      return
    }
    this.#inheritedUpTo ??= pendingOutbox(this.#host.state, Number.MAX_SAFE_INTEGER).reduce(
      (most, { outboxId }) => Math.max(most, outboxId),
      0,
    )
    const pending = pendingOutbox(this.#host.state, lookAhead)
    const open = new Set(pending.map(({ outboxId }) => outboxId))
    for (const { outboxId, controller } of this.#running.values()) {
      // A webhook was faster.
      if (!open.has(outboxId)) controller.abort()
    }
    for (const effect of pending) {
      if (this.#isBusy()) return
      if (!this.#running.has(effect.paymentId)) this.#start(effect)
    }
  }

  #isBusy(): boolean {
    if (this.#running.size >= lookAhead) return true
    let busy = 0
    for (const { waiting } of this.#running.values()) if (!waiting) busy++
    return busy >= this.#limits.atOnce
  }

  #waits({ paymentId }: OutboxView, waiting: boolean): void {
    const running = this.#running.get(paymentId)
    if (running === undefined) return
    running.waiting = waiting
    if (waiting) this.#lookSoon()
  }

  #start(effect: OutboxView): void {
    const controller = new AbortController()
    const done = this.#work(effect, controller.signal)
      .catch((error: unknown) => {
        if (controller.signal.aborted) return
        this.#log.error({ ...about(effect), error: String(error) }, 'an effect failed; tried again')
        return pause(this.#limits.pauseMostMs, undefined, { signal: controller.signal }).catch(
          () => undefined,
        )
      })
      .finally(() => {
        this.#running.delete(effect.paymentId)
        this.#lookSoon()
      })
    const { outboxId, paymentId } = effect
    this.#running.set(paymentId, { outboxId, controller, done, waiting: false })
  }

  async #work(effect: OutboxView, signal: AbortSignal): Promise<void> {
    const outcome = await settleEffect(this.#client, effect, {
      signal,
      log: this.#log,
      askFirst: effect.outboxId <= (this.#inheritedUpTo ?? 0),
      isPointless: () => this.#isPointless(effect),
      leadsStill: () =>
        orAborted(this.#host.settleRead(), signal).then(
          () => true,
          () => false,
        ),
      waits: (waiting) => this.#waits(effect, waiting),
      pauseFirstMs: this.#limits.pauseFirstMs,
      pauseMostMs: this.#limits.pauseMostMs,
    })
    await this.#record(effect, outcome, signal)
  }

  /** The hold is gone: money that is not reserved yet must not be. */
  #isPointless({ kind, bookingId }: OutboxView): boolean {
    return kind === 'authorise' && findBooking(this.#host.state, bookingId)?.status === 'expired'
  }

  /** Until it is in the log, by whomever: recording it twice is refused by the state machine. */
  async #record(effect: OutboxView, outcome: Outcome, signal: AbortSignal): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      signal.throwIfAborted()
      try {
        const { outboxId } = effect
        const command = { type: 'recordOutcome', outboxId, outcome } as const
        const submitted = this.#host.submit({ actor: 0, key: undefined, command })
        const { reply } = await orAborted(submitted, signal)
        if (reply.type === 'refused' && reply.code !== 'outboxResolved') {
          throw new Error(`the outcome was refused: ${reply.code} ${reply.field}`)
        }
        this.#log.info({ ...about(effect), outcome: outcome.type }, 'a payment effect is settled')
        return
      } catch (error) {
        if (signal.aborted || !this.#host.isServingLeader()) return
        this.#log.warn({ ...about(effect), error: String(error) }, 'an outcome is not logged yet')
      }
      const limit = this.#limits.pauseFirstMs * 2 ** Math.min(attempt, 10)
      await pause(Math.min(this.#limits.pauseMostMs, limit), undefined, { signal })
    }
  }

  async #abandonAll(): Promise<void> {
    const all = [...this.#running.values()]
    for (const { controller } of all) controller.abort()
    await Promise.all(all.map(({ done }) => done))
  }
}

function about({ outboxId, kind, bookingId, paymentId }: OutboxView): object {
  return { outboxId, kind, bookingId, paymentId }
}

/** A stopping worker does not wait for the log: who leads next goes on from what was logged. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
