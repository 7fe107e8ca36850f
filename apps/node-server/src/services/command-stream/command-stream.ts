import {
  type DescMethodUnary,
  fromBinary,
  type Message,
  type MessageInitShape,
} from '@bufbuild/protobuf'
import { createContextValues, createHandlerContext, type HandlerContext } from '@connectrpc/connect'
import { type Principal, principalKey } from '../../auth/principal.ts'
import { callerAddressKey } from '../../auth/rate-interceptor.ts'
import { principalOf, principalOfToken } from '../../auth/sessions.ts'
import { deadlineExceeded, unknownMethod, unreadableRequest } from '../../errors/door-errors.ts'
import { notLeaderError, raftFailure, stateDiverged } from '../../errors/raft-failures.ts'
import type { NodeHost } from '../../host/types.ts'
import { CallTrace, newTraceId, tenthsOfMs, traceIdOf } from '../../tracing/call-trace.ts'
import { withCall } from '../../tracing/current-call.ts'
import type { StreamedCallWatch } from '../../tracing/streamed-calls.ts'
import type { plansByMethod } from '../booking-plans.ts'
import type { Door } from '../door.ts'
import { callError } from './call-error.ts'
import type { Call, CallFrame } from './call-frames.ts'
import { FrameDelay } from './frame-delay.ts'
import type { ResultFrames } from './result-frames.ts'
import type { UnaryMethod } from './unary-methods.ts'

/** What may be under way in one stream, in calls and in bytes of their requests. */
export interface StreamLimits {
  readonly calls: number
  readonly bytes: number
}

export const defaultStreamLimits: StreamLimits = { calls: 4_096, bytes: 4 * 2 ** 20 }

export interface CommandStreamOptions {
  readonly host: NodeHost
  readonly door: Door
  readonly methods: ReadonlyMap<string, UnaryMethod>
  /** Those methods that are one command each: no promise is made for a call of them. */
  readonly plans: ReturnType<typeof plansByMethod>
  readonly limits: StreamLimits
  readonly context: HandlerContext
  readonly watch: StreamedCallWatch
  /** Takes what comes of the calls. */
  readonly results: ResultFrames<unknown>
  /** There is a result more, or perhaps nothing more to come. Called again and again: it only notes it. */
  readonly onChange: () => void
}

/** Whose calls those of a frame are, and since when they are asked for. */
interface Caller {
  readonly principal: Principal | undefined
  readonly header: Headers
  readonly readAtMs: number
  /** In buffers, before it was read. */
  readonly waitedMs: number
}

/** As for calls by themselves. */
const longestTimeoutMs = 60_000

/**
 * One stream of calls. A call is under way from when it is read until its answer has been handed to the
 * connection: so whoever does not read answers, soon sends nothing more.
 */
export class CommandStream {
  readonly #options: CommandStreamOptions
  readonly #address: string
  /** Of all its calls. */
  readonly #traceId: string
  readonly #delay = new FrameDelay()
  /** Bytes of the requests whose results have not been sent, in the order of the results. */
  #resultBytes: number[] = []
  #calls = 0
  #bytes = 0
  #allRead = false
  /** Why no more is read: leadership is gone, the node stops, or the client has left. */
  #end: { readonly error: unknown } | undefined
  #unwatch: () => void = () => undefined

  constructor(options: CommandStreamOptions) {
    this.#options = options
    const { values, requestHeader } = options.context
    this.#address = values.get(callerAddressKey)
    this.#traceId = traceIdOf(requestHeader.get('traceparent')) ?? newTraceId()
  }

  /** Begins to watch whether this node may answer; until `close`. */
  open(): void {
    const { host, context } = this.#options
    const { signal } = context
    const onAbort = (): void => this.endWith(signal.reason)
    signal.addEventListener('abort', onAbort)
    const unsubscribe = host.onChange(() => this.#lookAtLeadership())
    this.#unwatch = () => {
      unsubscribe()
      signal.removeEventListener('abort', onAbort)
    }
    if (signal.aborted) onAbort()
  }

  close(): void {
    this.#unwatch()
    this.endWith(undefined)
  }

  /** Nothing is under way, and nothing more will be. */
  get isOver(): boolean {
    return this.#calls === 0 && (this.#allRead || this.#end !== undefined)
  }

  /** What the stream ends with before it is read to its end. */
  get end(): { readonly error: unknown } | undefined {
    return this.#end
  }

  get isFull(): boolean {
    const { calls, bytes } = this.#options.limits
    return this.#calls >= calls || this.#bytes >= bytes
  }

  take(frame: CallFrame): void {
    const caller = this.#callerOf(frame)
    for (const call of frame.calls) this.#start(call, caller)
  }

  allRead(): void {
    this.#allRead = true
    this.#options.onChange()
  }

  /** The first reason counts. What is under way is still answered. */
  endWith(error: unknown): void {
    this.#end ??= { error }
    this.#options.onChange()
  }

  /** The connection has taken so many results more: they are no longer under way. */
  sent(results: number): void {
    this.#calls -= results
    for (const one of this.#resultBytes.splice(0, results)) this.#bytes -= one
  }

  /** Looked up anew with each frame: sessions end. */
  #callerOf({ sessionToken, sentMs }: CallFrame): Caller {
    const { host, context } = this.#options
    const now = host.nowMs()
    const readAtMs = performance.now()
    const waitedMs = this.#delay.of(sentMs, readAtMs)
    if (sessionToken === '') {
      const { requestHeader: header } = context
      return { header, principal: principalOf(host.state, header, now), readAtMs, waitedMs }
    }
    const header = new Headers({ authorization: `Bearer ${sessionToken}` })
    const principal = principalOfToken(host.state, sessionToken, now)
    return { header, principal, readAtMs, waitedMs }
  }

  #start(call: Call, caller: Caller): void {
    const { host, door, methods, plans } = this.#options
    this.#calls += 1
    this.#bytes += call.request.length
    const { timeoutMs } = call
    try {
      const known = methods.get(call.method)
      if (known === undefined) throw unknownMethod(call.method)
      if (timeoutMs !== 0 && caller.waitedMs >= timeoutMs) throw deadlineExceeded()
      const { method } = known
      const request = decode(method, call.request)
      door.enter(method, request, caller.principal, this.#address)
      const planner = plans.get(call.method)
      if (planner === undefined || caller.principal === undefined) {
        this.#callService(known, call, request, caller)
        return
      }
      const plan = planner(request, caller.principal)
      const proposedAtMs = performance.now()
      host.submitWith(plan.submission, (error, submitted) => {
        if (submitted === undefined)
          this.#failed(call, caller, raftFailure(error, host.leader()), proposedAtMs)
        else
          this.#answered(
            call,
            caller,
            method,
            () => plan.answer(submitted),
            proposedAtMs,
            submitted.index,
          )
      })
    } catch (error) {
      this.#failed(call, caller, error, 0)
    }
  }

  #callService(known: UnaryMethod, call: Call, request: Message, caller: Caller): void {
    const { method } = known
    const { timeoutMs } = call
    const context = createHandlerContext({
      service: method.parent,
      method,
      protocolName: 'connect',
      requestMethod: 'POST',
      url: this.#options.context.url,
      requestHeader: caller.header,
      requestSignal: this.#options.context.signal,
      ...(timeoutMs !== 0 && {
        timeoutMs: Math.min(timeoutMs, longestTimeoutMs) - caller.waitedMs,
      }),
      contextValues: createContextValues()
        .set(principalKey, caller.principal)
        .set(callerAddressKey, this.#address),
    })
    const trace = new CallTrace(this.#traceId, context.signal)
    withCall(trace, async () => known.call(request, context))
      .then(
        (answer) => this.#answered(call, caller, method, () => answer, trace),
        (error: unknown) => this.#failed(call, caller, error, trace),
      )
      // The stream's signal must not keep every call that ever was.
      .finally(() => context.abort())
  }

  #answered(
    call: Call,
    caller: Caller,
    { output }: DescMethodUnary,
    answer: () => MessageInitShape<DescMethodUnary['output']>,
    way: Way,
    index = 0,
  ): void {
    try {
      this.#options.results.answer(call.number, output, answer)
    } catch (error) {
      this.#failed(call, caller, error, way, index)
      return
    }
    this.#ended(call, caller, 0, way, index)
    this.#added(call)
  }

  #failed(call: Call, caller: Caller, thrown: unknown, way: Way, index = 0): void {
    const error = callError(thrown, this.#traceId)
    // What is no method of this node has no name to count by.
    if (this.#options.methods.has(call.method)) this.#ended(call, caller, error.code, way, index)
    this.#options.results.fail(call.number, error)
    this.#added(call)
  }

  /** Costs next to nothing for a call that took no longer than it should. */
  #ended(call: Call, caller: Caller, code: number, way: Way, committedAt: number): void {
    const { watch } = this.#options
    const { readAtMs, waitedMs, principal } = caller
    const { method } = call
    const nowMs = performance.now()
    const ms = nowMs - readAtMs + waitedMs
    if (!watch.ended(method, code, ms)) return
    const stages = { waited: tenthsOfMs(waitedMs), ...stagesOf(way, readAtMs, nowMs) }
    const account = principal?.account.accountId
    const index = typeof way === 'object' ? way.index : committedAt
    const about = { trace: this.#traceId, call: call.number, index, method, code, account }
    watch.tell({ ...about, ms: tenthsOfMs(ms), stages }, readAtMs)
  }

  #added(call: Call): void {
    this.#resultBytes.push(call.request.length)
    this.#options.onChange()
  }

  #lookAtLeadership(): void {
    const { host } = this.#options
    if (host.divergence() === 'minority') this.endWith(stateDiverged('minority'))
    else if (!host.showsWhatIsTrue()) this.endWith(notLeaderError(host.leader(), false))
  }
}

/** Its trace; or when it was proposed, where it is one command; 0: it was not. */
type Way = CallTrace | number

function stagesOf(way: Way, readAtMs: number, nowMs: number): Record<string, number> {
  if (typeof way === 'object')
    return { door: tenthsOfMs(way.startedAtMs - readAtMs), ...way.stages() }
  if (way === 0) return { door: tenthsOfMs(nowMs - readAtMs) }
  return { door: tenthsOfMs(way - readAtMs), log: tenthsOfMs(nowMs - way) }
}

function decode(method: DescMethodUnary, bytes: Uint8Array): Message {
  try {
    return fromBinary(method.input, bytes)
  } catch (error) {
    throw unreadableRequest(error)
  }
}
