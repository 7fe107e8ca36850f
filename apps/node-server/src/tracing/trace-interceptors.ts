import { ConnectError, type Interceptor } from '@connectrpc/connect'
import { codeToString } from '@connectrpc/connect/protocol-connect'
import { principalKey } from '../auth/principal.ts'
import type { CallCounts } from '../metrics/call-counts.ts'
import { CallTrace, newTraceId, tenthsOfMs, traceIdOf } from './call-trace.ts'
import { withCall } from './current-call.ts'
import type { RecentStages } from './recent-stages.ts'
import { type StreamedCallWatch, watchStreamedCalls } from './streamed-calls.ts'

/** What is told of a slow call. The stages are parts of `ms`; `raft` are the longest batches meanwhile. */
export interface SlowCall {
  readonly trace: string
  /** Its number in a stream of commands, which is one trace. */
  readonly call?: number
  /** The log index of its command, the same on every node; absent: it had none. */
  readonly index?: number
  readonly method: string
  readonly code: string
  readonly account: number | undefined
  readonly ms: number
  readonly stages: Readonly<Record<string, number>>
  readonly raft: Readonly<Record<string, number>>
}

export interface TraceOptions {
  /** Calls that take longer are told; 0: none. */
  readonly slowMs: number
  readonly recent: RecentStages
  readonly onSlow: (call: SlowCall) => void
  /** Every call that has ended, for who looks very closely. */
  readonly onCall?: (call: Pick<SlowCall, 'trace' | 'method' | 'code' | 'ms'>) => void
}

/** So many slow calls are told in a second: a node in trouble must not write logs instead of working. */
const toldPerSecond = 10

/** `outer` stands before the door and `inner` behind it. */
export function createTraceInterceptors(options: TraceOptions): {
  readonly outer: Interceptor
  readonly inner: Interceptor
  /** For calls that come in streams of commands. */
  readonly streamed: (counts: CallCounts) => StreamedCallWatch
} {
  const mayTell = createTellLimit()
  const traces = new WeakMap<object, CallTrace>()
  return {
    streamed: (counts) => watchStreamedCalls({ ...options, counts, mayTell }),
    outer: (next) => (request) => {
      const traceId = traceIdOf(request.header.get('traceparent')) ?? newTraceId()
      const trace = new CallTrace(traceId, request.signal)
      traces.set(request.contextValues, trace)
      return withCall(trace, async () => {
        let code = 'ok'
        try {
          return await next(request)
        } catch (error) {
          code = codeToString(ConnectError.from(error).code)
          throw error
        } finally {
          const method = `${request.service.typeName}/${request.method.name}`
          const ms = tenthsOfMs(performance.now() - trace.startedAtMs)
          options.onCall?.({ trace: trace.traceId, method, code, ms })
          const isSlow = options.slowMs > 0 && ms >= options.slowMs && !request.stream
          if (isSlow && mayTell()) {
            const account = request.contextValues.get(principalKey)?.account.accountId
            const raft = options.recent.longestSince(trace.startedAtMs)
            const stages = trace.stages()
            const { traceId, index } = trace
            const about = { trace: traceId, ...(index > 0 && { index }), method, code, account }
            options.onSlow({ ...about, ms, stages, raft })
          }
        }
      })
    },
    inner: (next) => (request) => {
      const trace = traces.get(request.contextValues)
      trace?.mark('entered')
      trace?.mustBeInTime()
      return next(request)
    },
  }
}

function createTellLimit(): () => boolean {
  let second = 0
  let told = 0
  return () => {
    const now = Math.floor(performance.now() / 1_000)
    if (now !== second) told = 0
    second = now
    told += 1
    return told <= toldPerSecond
  }
}
