import { Code, ConnectError } from '@connectrpc/connect'
import { type Clock, pause, systemClock } from './clock.ts'
import { describeError } from './describe-error.ts'
import type { DescribedError } from './described-error.ts'
import { isDoorAnswer } from './failure.ts'

export type ResolveUnknownState =
  /** The request is on its way, for the n-th time (from 1). */
  | { readonly phase: 'asking'; readonly attempt: number }
  /** It is asked again in so many milliseconds. `error` says why, for a person. */
  | {
      readonly phase: 'waiting'
      readonly attempt: number
      readonly error: DescribedError
      readonly nextInMs: number
    }

export interface ResolveUnknownOptions {
  /** Ends the asking: the page is left. */
  readonly signal?: AbortSignal
  readonly onState?: (state: ResolveUnknownState) => void
  readonly clock?: Clock
  readonly random?: () => number
  /** Pauses double from first to most, with jitter. */
  readonly pauseFirstMs?: number
  readonly pauseMostMs?: number
}

/**
 * Keeps asking with the same request until the answer is definite, for a page that settles by
 * itself. `call` must send the same message every time (the same request id!):
 *
 *     const request = { requestId: newRequestId(), bookingId, paymentToken, amountMinor }
 *     resolveUnknown((signal) => payments.pay(request, { signal }), { signal, onState })
 *
 * Gives the answer, or throws the definite refusal. Errors that say nothing about an attempt made
 * earlier (no quorum, overloaded, nobody reachable) are not definite.
 */
export async function resolveUnknown<T>(
  call: (signal: AbortSignal) => Promise<T>,
  options: ResolveUnknownOptions = {},
): Promise<T> {
  const { clock = systemClock, random = Math.random, onState } = options
  const { pauseFirstMs = 250, pauseMostMs = 3_000 } = options
  const signal = options.signal ?? new AbortController().signal
  for (let attempt = 1; ; attempt++) {
    onState?.({ phase: 'asking', attempt })
    try {
      return await call(signal)
    } catch (reason) {
      if (signal.aborted || isDefinite(reason)) throw reason
      const limit = Math.min(pauseMostMs, pauseFirstMs * 2 ** Math.min(attempt - 1, 20))
      const nextInMs = Math.round(limit * (0.5 + random() / 2))
      onState?.({ phase: 'waiting', attempt, error: describeError(reason), nextInMs })
      await pause(clock, nextInMs, signal)
      if (signal.aborted) throw reason
    }
  }
}

function isDefinite(reason: unknown): boolean {
  const error = ConnectError.from(reason)
  // Asking further is of no use until the person has logged in again.
  if (error.code === Code.Unauthenticated) return true
  return describeError(error).outcome === 'notDone' && !isDoorAnswer(error.code)
}
