import {
  create,
  type DescMessage,
  type DescMethodUnary,
  fromBinary,
  type Message,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf'
import { Code, ConnectError } from '@connectrpc/connect'
import type { CommandResult } from '@quorail/proto/quorail/booking/v1/command_stream_service_pb'
import { runCall } from '../call.ts'
import { endOfCall, streamClosed, streamFull } from '../client-errors.ts'
import { pause } from '../clock.ts'
import { type Context, createContext } from '../context.ts'
import { classify, type Failure } from '../failure.ts'
import type { ClusterTransportOptions } from '../options.ts'
import { repeatabilityOf } from '../repeatable.ts'
import { silentNode } from '../silent-node.ts'
import { withTrace } from '../trace.ts'
import { Connection } from './connection.ts'
import { type PendingCall, PendingCalls } from './pending-calls.ts'
import { resultError } from './result-error.ts'

export interface CommandStreamOptions extends ClusterTransportOptions {
  /** Sent when a stream is opened, e.g. `authorization`: whose calls these are. */
  readonly header?: HeadersInit
  /** Calls without an answer; more are refused at once with STREAM_FULL. Default 10,000. */
  readonly callsAtMost?: number
}

export interface StreamedCallOptions {
  /** Default: that of a unary call. */
  readonly timeoutMs?: number
  /** The session that this call is made by, when it is not the stream's. */
  readonly sessionToken?: string
}

/** Many calls over one stream to whoever leads. Needs HTTP/2 both ways at once: Node, not browsers. */
export interface CommandStream {
  /** Resolves or rejects as the same call by itself does. */
  call<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageInitShape<I>,
    options?: StreamedCallOptions,
  ): Promise<MessageShape<O>>
  /** The same without a promise. `done` is never called before this returns. */
  callWith<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageInitShape<I>,
    done: (error: ConnectError | undefined, response?: MessageShape<O>) => void,
    options?: StreamedCallOptions,
  ): void
  /** Takes no more calls, and resolves when all have their answers. */
  close(): Promise<void>
}

/** Opens with the first call, and again with the same requests when a node dies or another one leads. */
export function openCommandStream(options: CommandStreamOptions): CommandStream {
  return new ClusterCommandStream(options)
}

/** How often calls are looked at whose time may be up. */
const lookMs = 125

class ClusterCommandStream implements CommandStream {
  readonly #context: Context
  readonly #header: Headers
  readonly #callsAtMost: number
  readonly #calls = new PendingCalls()
  readonly #stopped = new AbortController()
  #lastNumber = 0
  #connection: Connection | undefined
  /** Where the next connection is tried first: not where the last one ended. */
  #first: string | undefined
  #connecting = false
  /** The one whose node is asked whether it is there. */
  #asking: Connection | undefined
  #heardOfANode = false
  #lastFailure: Failure | undefined
  #stopLooking: (() => void) | undefined
  #closing: Promise<void> | undefined
  #allAnswered: (() => void) | undefined

  constructor(options: CommandStreamOptions) {
    this.#context = createContext(options)
    this.#header = withTrace(options.header)
    this.#callsAtMost = options.callsAtMost ?? 10_000
  }

  call<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageInitShape<I>,
    options?: StreamedCallOptions,
  ): Promise<MessageShape<O>> {
    return new Promise((resolve, reject) => {
      this.callWith(
        method,
        request,
        (error, response) => {
          if (response === undefined) reject(error as ConnectError)
          else resolve(response)
        },
        options,
      )
    })
  }

  callWith<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageInitShape<I>,
    done: (error: ConnectError | undefined, response?: MessageShape<O>) => void,
    { timeoutMs, sessionToken = '' }: StreamedCallOptions = {},
  ): void {
    const refused = this.#mayNotCall()
    if (refused !== undefined) {
      queueMicrotask(() => done(refused))
      return
    }
    const { clock, limits, repeatable } = this.#context.settings
    const now = clock.now()
    const message = create(method.input, request)
    this.#lastNumber = (this.#lastNumber + 1) >>> 0
    this.#calls.add({
      number: this.#lastNumber,
      method,
      name: `${method.parent.typeName}/${method.name}`,
      bytes: toBinary(method.input, message),
      sessionToken,
      done: done as PendingCall['done'],
      startedAt: now,
      endsAt: now + (timeoutMs ?? limits.unaryMs),
      repeatability: repeatabilityOf(method, message, repeatable),
      perhapsDone: false,
      last: undefined,
      attempts: 0,
      sentAt: now,
    })
    this.#connection?.wake()
    this.#connect()
    this.#look()
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    if (this.#calls.count > 0)
      await new Promise<void>((resolve) => {
        this.#allAnswered = resolve
      })
    this.#stopLooking?.()
    this.#stopped.abort()
    this.#connection?.finish()
  }

  #mayNotCall(): ConnectError | undefined {
    if (this.#closing !== undefined) return streamClosed()
    return this.#calls.count >= this.#callsAtMost ? streamFull(this.#callsAtMost) : undefined
  }

  #connect(): void {
    if (this.#connecting) return
    this.#connecting = true
    this.#keepConnected().then(
      () => {
        this.#connecting = false
      },
      (error: unknown) => {
        this.#connecting = false
        this.#endAll(classify(error, { cancelled: false, timedOut: false }))
      },
    )
  }

  /** Until there is nothing left to ask. */
  async #keepConnected(): Promise<void> {
    const { clock, limits, random } = this.#context.settings
    for (let failures = 0; this.#calls.count > 0; ) {
      const failure = await this.#oneConnection(() => {
        failures = 0
      })
      if (failure === undefined || this.#stopped.signal.aborted) return
      if (failure.kind === 'final') this.#endAll(failure)
      const limit = Math.min(limits.pauseMostMs, limits.pauseFirstMs * 2 ** Math.min(failures, 20))
      failures += 1
      // A node that named the leader has said where to go on: at once.
      if (failure.kind !== 'elsewhere') await pause(clock, limit * random(), this.#stopped.signal)
    }
  }

  /** Connects, and stays until the connection ends. Gives why it did; nothing when it was closed. */
  async #oneConnection(onOpen: () => void): Promise<Failure | undefined> {
    const { book, settings } = this.#context
    let url: string | undefined
    try {
      const connection = await this.#open()
      url = connection.url
      this.#connection = connection
      this.#heardOfANode = true
      onOpen()
      await connection.carry(settings.clock.now, (result) => this.#take(result))
      if (this.#stopped.signal.aborted) return undefined
      throw new ConnectError('the node has ended the stream', Code.Unavailable)
    } catch (reason) {
      const cancelled = this.#stopped.signal.aborted
      const failure = classify(reason, { cancelled, timedOut: false })
      this.#connection = undefined
      this.#lastFailure = failure
      this.#calls.connectionLost(failure)
      for (const call of this.#calls.remove(mustNotRepeat)) this.#end(call, failure)
      if (url !== undefined) {
        if (failure.kind === 'lost') book.failed(url)
        const leader = failure.kind === 'lost' ? undefined : book.declined(url, failure.hint)
        this.#first = leader ?? book.next(url, new Set([url]))
      }
      return failure
    }
  }

  #open(): Promise<Connection> {
    const { limits } = this.#context.settings
    return runCall(this.#context, {
      // Nothing is sent before a node has taken the stream.
      repeatability: 'read',
      needsLeader: true,
      overallMs: limits.unaryMs,
      attemptMs: limits.attemptMs,
      signal: this.#stopped.signal,
      first: this.#first,
      send: (url, _ms, controller) =>
        Connection.open(this.#context, url, this.#header, this.#calls, controller),
    })
  }

  #take({ number, outcome }: CommandResult): void {
    const call = this.#calls.answered(number)
    if (call === undefined) return
    if (outcome.case === 'response') this.#answer(call, outcome.value)
    else if (outcome.case === 'error') this.#refused(call, resultError(outcome.value))
    this.#perhapsAllAnswered()
  }

  #answer(call: PendingCall, bytes: Uint8Array): void {
    let response: Message
    try {
      response = fromBinary(call.method.output, bytes)
    } catch (error) {
      call.done(ConnectError.from(error, Code.Internal))
      return
    }
    this.#context.settings.seen?.note(response)
    call.done(undefined, response)
  }

  #refused(call: PendingCall, error: ConnectError): void {
    const { clock, limits, random } = this.#context.settings
    const failure = classify(error, { cancelled: false, timedOut: false })
    call.last = failure
    call.perhapsDone ||= failure.perhapsDone && call.repeatability !== 'read'
    const isOld = clock.now() - call.startedAt >= limits.settleMs
    if (failure.kind === 'final' || isOld || mustNotRepeat(call) || this.#stopped.signal.aborted) {
      this.#end(call, failure)
      return
    }
    // This node can not do it now; soon it can, or the stream goes to another one.
    call.attempts += 1
    const limit = Math.min(limits.pauseMostMs, limits.pauseFirstMs * 2 ** call.attempts)
    this.#calls.resting.add(call)
    const { retryAfterMs } = failure
    const pauseMs =
      retryAfterMs === undefined ? limit * random() : retryAfterMs * (1 + random() / 2)
    clock.after(pauseMs, () => {
      if (!this.#calls.resting.delete(call)) return
      this.#calls.add(call)
      this.#connection?.wake()
      this.#connect()
    })
  }

  #end(call: PendingCall, last: Failure): void {
    const heardOfANode = this.#heardOfANode || last.kind !== 'lost'
    call.done(endOfCall({ last, perhapsDone: call.perhapsDone, heardOfANode }))
  }

  #endAll(failure: Failure): void {
    for (const call of this.#calls.remove(() => true)) this.#end(call, call.last ?? failure)
    this.#perhapsAllAnswered()
  }

  /** Ends calls whose time is up, and leaves a node that has gone silent. */
  #look(): void {
    if (this.#stopLooking !== undefined) return
    const { clock, limits } = this.#context.settings
    this.#stopLooking = clock.after(lookMs, () => {
      this.#stopLooking = undefined
      const now = clock.now()
      for (const call of this.#calls.remove(({ endsAt }) => endsAt <= now))
        this.#end(call, call.last ?? this.#lastFailure ?? noAnswerYet)
      this.#perhapsAllAnswered()
      const oldest = this.#calls.oldestSentAt()
      if (oldest !== undefined && now - oldest >= limits.attemptMs)
        this.#connection?.abort(silentNode())
      else if (oldest !== undefined) this.#listen(now - oldest)
      if (this.#calls.count > 0) this.#look()
    })
  }

  /** A node that owes an answer and says nothing is asked whether it is there. */
  #listen(owedMs: number): void {
    const connection = this.#connection
    const { clock, limits } = this.#context.settings
    if (connection === undefined || this.#asking === connection) return
    if (Math.min(owedMs, clock.now() - connection.heardAt) < limits.silentMs) return
    this.#asking = connection
    this.#context.isGone(connection.url).then(
      (gone) => {
        if (gone && this.#connection === connection) connection.abort(silentNode())
        this.#asking = undefined
      },
      () => {
        this.#asking = undefined
      },
    )
  }

  #perhapsAllAnswered(): void {
    if (this.#calls.count === 0) this.#allAnswered?.()
  }
}

const noAnswerYet: Failure = classify(
  new ConnectError('no answer in time', Code.DeadlineExceeded),
  {
    cancelled: false,
    timedOut: true,
  },
)

const mustNotRepeat = ({ perhapsDone, repeatability }: PendingCall): boolean =>
  perhapsDone && repeatability === 'once'
