import type { Code } from '@connectrpc/connect'
import { codeToString } from '@connectrpc/connect/protocol-connect'
import type { CallCounts } from '../metrics/call-counts.ts'
import type { RecentStages } from './recent-stages.ts'
import type { SlowCall, TraceOptions } from './trace-interceptors.ts'

/** What is told of a call. That of one in a stream is the stream's trace, and `call` its number there. */
export interface StreamedCall {
  readonly trace: string
  readonly call?: number
  /** The log index of its command; 0: it had none. */
  readonly index: number
  readonly method: string
  /** Connect's; 0: answered. */
  readonly code: number
  readonly account: number | undefined
  readonly ms: number
  readonly stages: Readonly<Record<string, number>>
}

/** Is told of every call that comes in a stream of commands: of most by three values only, because there are many. */
export interface StreamedCallWatch {
  /** One has ended. True: more of it is to be told. */
  ended(method: string, code: number, ms: number): boolean
  tell(call: StreamedCall, startedAtMs: number): void
}

export const unwatched: StreamedCallWatch = { ended: () => false, tell() {} }

export interface StreamedWatchOptions extends TraceOptions {
  readonly recent: RecentStages
  readonly counts: CallCounts
  readonly mayTell: () => boolean
}

export function watchStreamedCalls(options: StreamedWatchOptions): StreamedCallWatch {
  const { slowMs, counts, mayTell, onCall, onSlow, recent } = options
  const isSlow = (ms: number): boolean => slowMs > 0 && ms >= slowMs
  return {
    ended(method, code, ms) {
      counts.count(method, code, ms)
      return onCall !== undefined || (isSlow(ms) && mayTell())
    },
    tell({ code: number, index, ...call }, startedAtMs) {
      const code = number === 0 ? 'ok' : codeToString(number as Code)
      const { trace, method, ms } = call
      onCall?.({ trace, method, code, ms })
      if (!isSlow(ms) || (onCall !== undefined && !mayTell())) return
      const raft = recent.longestSince(startedAtMs)
      const slow: SlowCall = { ...call, ...(index > 0 && { index }), code, raft }
      onSlow(slow)
    },
  }
}
