/** When a failed attempt may be made again, and after how long. */
import { RaftError, RejectedError } from '../errors.ts'
import type { Clock, Random } from '../ports.ts'
import type { LogIndex } from '../types.ts'
import type { SessionResult } from './results.ts'

/** What a session needs of a `RaftNode<SessionResult<Result>>`, or of a connection to one. */
export interface SessionProposer<Result> {
  /**
   * Rejections that are not a `RaftError` count as outcome unknown. Commands that are proposed one
   * behind the other should reach the log in this order, as a node's do: it saves repetitions.
   */
  propose(
    data: Uint8Array,
    options: { readonly timeoutMs: number },
  ): Promise<{ readonly index: LogIndex; readonly result: SessionResult<Result> }>
}

export interface RepeatOptions {
  readonly clock: Clock
  /** For the jitter of the pauses. */
  readonly random: Random
  /** A call fails when it had no answer for so long. Default 30,000. */
  readonly giveUpMs: number
  /** The pause before the second attempt is up to so long; it doubles each time. Default 20. */
  readonly retryMinMs: number
  /** No pause is longer. Default 1,000. */
  readonly retryMaxMs: number
}

/**
 * What a failed attempt means: `unknown`, it may have been applied; `again`, it was certainly not and
 * another attempt may do better; `never`, it was certainly not and another would fail alike.
 */
export type Failure = 'unknown' | 'again' | 'never'

export function failureOf(error: unknown): Failure {
  if (!(error instanceof RaftError)) return 'unknown'
  switch (error.code) {
    case 'outcomeUnknown':
      return 'unknown'
    case 'notLeader':
    case 'overloaded':
      return 'again'
    case 'rejected':
      return error instanceof RejectedError && error.reason === 'tooLarge' ? 'never' : 'again'
    case 'closed':
    case 'storageFailed':
    case 'machineFailed':
    case 'config':
    case 'invariant':
    case 'decode':
      return 'never'
  }
}

/** Full jitter: all clients of a failed leader shall not come back at once. */
export function pauseMs(options: RepeatOptions, attempts: number): number {
  const most = Math.min(options.retryMaxMs, options.retryMinMs * 2 ** Math.min(attempts - 1, 30))
  return options.random() * most
}

/** Proposes something that may be in the log several times without harm, until it is answered. */
export async function repeat<Result>(
  proposer: SessionProposer<Result>,
  data: Uint8Array,
  options: RepeatOptions,
): Promise<SessionResult<Result>> {
  const { clock } = options
  const deadline = clock.now() + options.giveUpMs
  for (let attempts = 1; ; attempts++) {
    try {
      const timeoutMs = Math.max(1, deadline - clock.now())
      return (await proposer.propose(data, { timeoutMs })).result
    } catch (error) {
      const pause = pauseMs(options, attempts)
      if (failureOf(error) === 'never' || clock.now() + pause >= deadline) throw error
      await new Promise<void>((resolve) => void clock.setTimer(pause, resolve))
    }
  }
}

export function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
