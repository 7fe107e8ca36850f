import {
  create,
  type DescMethodUnary,
  fromBinary,
  type Message,
  type MessageInitShape,
} from '@bufbuild/protobuf'
import { createContextValues, createHandlerContext, type HandlerContext } from '@connectrpc/connect'
import {
  type CommandCall,
  type CommandResult,
  CommandResultSchema,
  type StreamCommandsRequest,
  type StreamCommandsResponse,
  StreamCommandsResponseSchema,
} from '@quorail/proto/quorail/booking/v1/command_stream_service_pb'
import { type Principal, principalKey } from '../../auth/principal.ts'
import { callerAddressKey } from '../../auth/rate-interceptor.ts'
import { principalOf, principalOfToken } from '../../auth/sessions.ts'
import { unknownMethod, unreadableRequest } from '../../errors/door-errors.ts'
import { notLeaderError, raftFailure, stateDiverged } from '../../errors/raft-failures.ts'
import type { NodeHost } from '../../host/types.ts'
import { bytesOf } from '../../wire/message-writer.ts'
import type { plansByMethod } from '../booking-plans.ts'
import type { Door } from '../door.ts'
import { errorResult } from './call-error.ts'
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
}

/** Whose calls those of a frame are. */
interface Caller {
  readonly principal: Principal | undefined
  readonly header: Headers
}

/** A response waits for the client this long in frames of at most this many answers. */
const resultsInFrame = 512

/**
 * One stream of calls. A call is under way from when it is read until its answer has been handed to the
 * connection: so whoever does not read answers, soon sends nothing more.
 */
export class CommandStream {
  readonly #options: CommandStreamOptions
  readonly #address: string
  #results: CommandResult[] = []
  /** Bytes of the requests behind `#results`, in the same order. */
  #resultBytes: number[] = []
  #calls = 0
  #bytes = 0
  #allRead = false
  /** Why no more is read: leadership is gone, the node stops, or the client has left. */
  #end: { readonly error: unknown } | undefined
  #wakeWriter: (() => void) | undefined
  #wakeReader: (() => void) | undefined

  constructor(options: CommandStreamOptions) {
    this.#options = options
    this.#address = options.context.values.get(callerAddressKey)
  }

  async *run(frames: AsyncIterable<StreamCommandsRequest>): AsyncGenerator<StreamCommandsResponse> {
    const { host, limits, context } = this.#options
    const onAbort = (): void => this.#endWith(context.signal.reason)
    context.signal.addEventListener('abort', onAbort)
    const unsubscribe = host.onChange(() => this.#lookAtLeadership())
    try {
      this.#read(frames).catch((error: unknown) => this.#endWith(error))
      yield create(StreamCommandsResponseSchema, { limits })
      while (!this.#isOver()) {
        if (this.#results.length === 0) await this.#somethingToWrite()
        if (this.#results.length > 0) yield* this.#write()
      }
      if (this.#end !== undefined) throw this.#end.error
    } finally {
      unsubscribe()
      context.signal.removeEventListener('abort', onAbort)
      this.#endWith(undefined)
    }
  }

  #isOver(): boolean {
    return this.#calls === 0 && (this.#allRead || this.#end !== undefined)
  }

  async #read(frames: AsyncIterable<StreamCommandsRequest>): Promise<void> {
    for await (const frame of frames) {
      if (this.#end !== undefined) return
      const caller = this.#callerOf(frame)
      for (const call of frame.calls) this.#start(call, caller)
      while (this.#isFull() && this.#end === undefined) await this.#room()
    }
    this.#allRead = true
    this.#wake()
  }

  #isFull(): boolean {
    const { calls, bytes } = this.#options.limits
    return this.#calls >= calls || this.#bytes >= bytes
  }

  /** Looked up anew with each frame: sessions end. */
  #callerOf({ sessionToken }: StreamCommandsRequest): Caller {
    const { host, context } = this.#options
    const now = host.nowMs()
    if (sessionToken === '') {
      const { requestHeader: header } = context
      return { header, principal: principalOf(host.state, header, now) }
    }
    const header = new Headers({ authorization: `Bearer ${sessionToken}` })
    return { header, principal: principalOfToken(host.state, sessionToken, now) }
  }

  #start(call: CommandCall, caller: Caller): void {
    const { host, door, methods, plans } = this.#options
    this.#calls += 1
    this.#bytes += call.request.length
    try {
      const known = methods.get(call.method)
      if (known === undefined) throw unknownMethod(call.method)
      const { method } = known
      const request = decode(method, call.request)
      door.enter(method, request, caller.principal, this.#address)
      const planner = plans.get(call.method)
      if (planner === undefined || caller.principal === undefined) {
        this.#callService(known, call, request, caller)
        return
      }
      const plan = planner(request, caller.principal)
      host.submitWith(plan.submission, (error, submitted) => {
        if (submitted === undefined) this.#failed(call, raftFailure(error, host.leader()))
        else this.#answered(call, method, () => plan.answer(submitted))
      })
    } catch (error) {
      this.#failed(call, error)
    }
  }

  #callService(known: UnaryMethod, call: CommandCall, request: Message, caller: Caller): void {
    const { method } = known
    const context = createHandlerContext({
      service: method.parent,
      method,
      protocolName: 'connect',
      requestMethod: 'POST',
      url: this.#options.context.url,
      requestHeader: caller.header,
      requestSignal: this.#options.context.signal,
      contextValues: createContextValues()
        .set(principalKey, caller.principal)
        .set(callerAddressKey, this.#address),
    })
    Promise.resolve(known.call(request, context)).then(
      (answer) => this.#answered(call, method, () => answer),
      (error: unknown) => this.#failed(call, error),
    )
  }

  #answered(
    call: CommandCall,
    { output }: DescMethodUnary,
    answer: () => MessageInitShape<DescMethodUnary['output']>,
  ): void {
    try {
      const value = bytesOf(output, answer())
      const { number } = call
      this.#push(
        call,
        create(CommandResultSchema, { number, outcome: { case: 'response', value } }),
      )
    } catch (error) {
      this.#failed(call, error)
    }
  }

  #failed(call: CommandCall, error: unknown): void {
    this.#push(call, errorResult(call.number, error))
  }

  #push(call: CommandCall, result: CommandResult): void {
    this.#results.push(result)
    this.#resultBytes.push(call.request.length)
    this.#wake()
  }

  /** All that is there; what it answers is under way until the connection has taken it. */
  *#write(): Generator<StreamCommandsResponse> {
    const results = this.#results.splice(0, resultsInFrame)
    const bytes = this.#resultBytes.splice(0, resultsInFrame)
    yield create(StreamCommandsResponseSchema, { results })
    this.#calls -= results.length
    for (const one of bytes) this.#bytes -= one
    this.#wakeReader?.()
  }

  #lookAtLeadership(): void {
    const { host } = this.#options
    if (host.divergence() === 'minority') this.#endWith(stateDiverged('minority'))
    else if (!host.showsWhatIsTrue()) this.#endWith(notLeaderError(host.leader(), false))
  }

  /** The first reason counts. What is under way is still answered. */
  #endWith(error: unknown): void {
    this.#end ??= { error }
    this.#wakeReader?.()
    this.#wake()
  }

  #wake(): void {
    this.#wakeWriter?.()
  }

  #somethingToWrite(): Promise<void> {
    return new Promise((resolve) => {
      this.#wakeWriter = resolve
      if (this.#results.length > 0 || this.#isOver()) resolve()
    })
  }

  #room(): Promise<void> {
    return new Promise((resolve) => {
      this.#wakeReader = resolve
    })
  }
}

function decode(method: DescMethodUnary, bytes: Uint8Array): Message {
  try {
    return fromBinary(method.input, bytes)
  } catch (error) {
    throw unreadableRequest(error)
  }
}
