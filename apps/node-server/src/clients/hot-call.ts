import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2'
import {
  type DescMethodUnary,
  fromBinary,
  type Message,
  type MessageInitShape,
} from '@bufbuild/protobuf'
import { Code, ConnectError } from '@connectrpc/connect'
import { ErrorDetailSchema } from '@quorail/proto/quorail/cluster/v1/errors_pb'
import { OutcomeUnknownError } from '@quorail/raft-core'
import type { Principal } from '../auth/principal.ts'
import { principalOfToken, tokenIn } from '../auth/sessions.ts'
import { deadlineExceeded, notLoggedIn, unreadableRequest } from '../errors/door-errors.ts'
import { raftFailure } from '../errors/raft-failures.ts'
import type { Submitted } from '../host/types.ts'
import { countBody } from '../http/body-limits.ts'
import type { Later } from '../http/handle-late.ts'
import type { Plan } from '../services/plan.ts'
import { newTraceId, tenthsOfMs, traceIdOf } from '../tracing/call-trace.ts'
import { bytesOf } from '../wire/message-writer.ts'
import { type Answering, answerError, answerProto } from './connect-answer.ts'
import type { HotCallOptions, HotMethod } from './hot-calls.ts'

type Answer = MessageInitShape<DescMethodUnary['output']>

const noBytes = new Uint8Array()
const enhanceYourCalm = 0x0b

/** One unary call of Connect's protocol on its stream of HTTP/2, from its body to its answer. */
export class HotCall {
  readonly #options: HotCallOptions
  readonly #method: HotMethod
  readonly #stream: ServerHttp2Stream
  readonly #headers: IncomingHttpHeaders
  readonly #answering: Answering
  /** By `performance.now()`; infinite: the caller waits as long as it takes. */
  readonly #deadlineMs: number
  #pieces: Uint8Array[] = []
  #bytes = 0
  /** Answered, or nobody is there to be answered. */
  #isOver = false
  #principal: Principal | undefined
  #lateTimer: NodeJS.Timeout | undefined
  #traceId: string | undefined
  // What it has behind it, for the log of slow calls: 0 is not yet.
  #startedAtMs = 0
  #enteredAtMs = 0
  #proposedAtMs = 0
  #appliedAtMs = 0
  #index = 0

  constructor(
    options: HotCallOptions,
    method: HotMethod,
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
  ) {
    this.#options = options
    this.#method = method
    this.#stream = stream
    this.#headers = headers
    const { compressions } = options
    this.#answering = { stream, accepts: headers['accept-encoding'], compressions }
    const timeoutMs = headers['connect-timeout-ms']
    this.#deadlineMs =
      timeoutMs === undefined ? Number.POSITIVE_INFINITY : performance.now() + Number(timeoutMs)
  }

  read(later: Later): void {
    const stream = this.#stream
    const { limits } = this.#options
    const cutOff = (): void => stream.close(enhanceYourCalm)
    const slow = setTimeout(cutOff, limits.bodyMs)
    stream.on('error', () => {})
    stream.on('data', (piece: Uint8Array) => {
      this.#bytes += piece.length
      if (countBody(piece.length) > limits.bytesUnderWay) queueMicrotask(cutOff)
      if (this.#bytes > limits.messageBytes) this.#refuseTooLarge()
      else this.#pieces.push(piece)
    })
    stream.once('end', () => {
      clearTimeout(slow)
      if (!this.#isOver) later(stream, () => this.#begin())
    })
    stream.once('close', () => {
      clearTimeout(slow)
      // What is under way is still waited for, and counted as what it comes to.
      clearTimeout(this.#lateTimer)
      countBody(-this.#bytes)
    })
  }

  /** In Connect's words, and like it without reading on: the time limit ends who goes on sending. */
  #refuseTooLarge(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#pieces = []
    this.#stream.pause()
    const { messageBytes } = this.#options.limits
    const words = `message size is larger than configured readMaxBytes ${messageBytes}`
    answerError(this.#answering, new ConnectError(words, Code.ResourceExhausted))
  }

  #begin(): void {
    const { method, planner } = this.#method
    const { host, door, addressOf } = this.#options
    let request: Message
    try {
      request = fromBinary(method.input, this.#body())
    } catch (error) {
      this.#isOver = true
      answerError(this.#answering, unreadableRequest(error))
      return
    }
    this.#startedAtMs = performance.now()
    try {
      const principal = this.#caller()
      door.enter(method, request, principal, addressOf(this.#stream, this.#headers))
      this.#enteredAtMs = performance.now()
      if (this.#enteredAtMs >= this.#deadlineMs) throw deadlineExceeded()
      if (principal === undefined) throw notLoggedIn()
      const plan = planner(request, principal)
      this.#proposedAtMs = performance.now()
      host.submitWith(plan.submission, (error, submitted) => {
        if (submitted === undefined) this.#notApplied(error)
        else this.#applied(plan, submitted)
      })
      this.#waitInTime()
    } catch (error) {
      this.#fail(error)
    }
  }

  #body(): Uint8Array {
    const pieces = this.#pieces
    this.#pieces = []
    return pieces.length === 1 ? (pieces[0] ?? noBytes) : Buffer.concat(pieces)
  }

  #caller(): Principal | undefined {
    const { host } = this.#options
    const { authorization, cookie } = this.#headers
    const token = tokenIn(authorization, cookie)
    if (token !== undefined) this.#principal = principalOfToken(host.state, token, host.nowMs())
    return this.#principal
  }

  /** It is in the log's hands: who waits no longer is told that nobody knows yet. */
  #waitInTime(): void {
    if (this.#deadlineMs === Number.POSITIVE_INFINITY) return
    this.#lateTimer = setTimeout(
      () => this.#notApplied(new OutcomeUnknownError('timeout', 0, 0)),
      this.#deadlineMs - performance.now(),
    )
  }

  #notApplied(error: unknown): void {
    if (this.#isOver) return
    this.#appliedAtMs = performance.now()
    this.#fail(raftFailure(error, this.#options.host.leader()))
  }

  #applied(plan: Plan<Answer>, submitted: Submitted): void {
    if (this.#isOver) return
    this.#appliedAtMs = performance.now()
    this.#index = submitted.index
    try {
      const message = bytesOf(this.#method.method.output, plan.answer(submitted))
      this.#end(0)
      answerProto(this.#answering, message)
    } catch (reason) {
      this.#fail(reason)
    }
  }

  #fail(reason: unknown): void {
    const error =
      reason instanceof ConnectError ? reason : new ConnectError('internal error', Code.Internal)
    const [detail] = error.findDetails(ErrorDetailSchema)
    if (detail?.traceId === '') detail.traceId = this.#trace()
    this.#end(error.code)
    answerError(this.#answering, error)
  }

  #end(code: number): void {
    this.#isOver = true
    clearTimeout(this.#lateTimer)
    const { watch } = this.#options
    const { name } = this.#method
    const nowMs = performance.now()
    const ms = nowMs - this.#startedAtMs
    if (!watch.ended(name, code, ms)) return
    const account = this.#principal?.account.accountId
    const about = { trace: this.#trace(), index: this.#index, method: name, code, account }
    watch.tell({ ...about, ms: tenthsOfMs(ms), stages: this.#stages(nowMs) }, this.#startedAtMs)
  }

  /** As `CallTrace` has them. */
  #stages(nowMs: number): Record<string, number> {
    const points = [
      ['door', this.#enteredAtMs],
      ['prepare', this.#proposedAtMs],
      ['log', this.#appliedAtMs],
      ['answer', nowMs],
    ] as const
    const stages: Record<string, number> = {}
    let from = this.#startedAtMs
    for (const [name, at] of points) {
      if (at === 0) continue
      stages[name] = tenthsOfMs(at - from)
      from = at
    }
    return stages
  }

  /** Made only where somebody is told of it. */
  #trace(): string {
    const { traceparent } = this.#headers
    this.#traceId ??=
      traceIdOf(typeof traceparent === 'string' ? traceparent : null) ?? newTraceId()
    return this.#traceId
  }
}
