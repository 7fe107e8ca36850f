/** What becomes of a command that was made for sessions, and the limits of the sessions there are. */
import type { LogIndex } from '../types.ts'

/** Names a session: the index of the entry that opened it. Never given twice. */
export type SessionId = LogIndex

/** The state machine's answer to one entry. Every node gives the same one. */
export type SessionResult<Result> =
  /** The command was applied by this entry. Also for entries outside of sessions. */
  | { readonly type: 'applied'; readonly result: Result }
  /** It had been applied before, with this result; this entry did nothing. */
  | { readonly type: 'repeated'; readonly result: Result }
  | SessionAnswer

/** Answers for which the state machine is not asked; a command that gets one is not applied by its entry. */
export type SessionAnswer =
  | { readonly type: 'opened'; readonly sessionId: SessionId }
  /** There is no such session: closed, or evicted for others. It may have been applied before that. */
  | { readonly type: 'sessionExpired' }
  /** Commands before it are missing: `expected` is the sequence number that can be applied next. */
  | { readonly type: 'outOfOrder'; readonly expected: number }
  /** The client has said that it does not want the answer any more; it will never be applied from now on. */
  | { readonly type: 'tooOld' }
  /** The client has to say first which earlier answers it has (`firstPending`). */
  | { readonly type: 'windowFull' }
  | { readonly type: 'alive' }
  | { readonly type: 'closed' }
  | { readonly type: 'limited' }
  /** Not a command of this package, or not of a version that is known here. */
  | { readonly type: 'malformed'; readonly reason: string }

/** Bounds of what is kept for sessions. Part of the replicated state. */
export interface SessionLimits {
  /** One more evicts the least recently used one. From 1. Default 10,000. */
  readonly maxSessions: number
  /**
   * Bytes of kept answers and of what goes with them. Looked at every 64 entries of the log: then
   * the least recently used sessions are evicted until it is enough, but for the last one. From 1.
   * Default 64 MiB.
   */
  readonly maxBytes: number
  /** Answers kept for one session, and so commands it may have under way. From 1. Default 64. */
  readonly maxPending: number
}

export const SESSION_LIMITS: SessionLimits = {
  maxSessions: 10_000,
  maxBytes: 64 * 1024 * 1024,
  maxPending: 64,
}

/** Which limit is not a whole number from 1, if any. */
export function badLimit(limits: SessionLimits): keyof SessionLimits | undefined {
  const names = ['maxSessions', 'maxBytes', 'maxPending'] as const
  return names.find((name) => !Number.isSafeInteger(limits[name]) || limits[name] < 1)
}
