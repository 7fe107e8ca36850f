import { Code, ConnectError } from '@connectrpc/connect'
import {
  type ErrorDetail,
  ErrorDetail_Outcome,
  ErrorDetailSchema,
  NotLeaderSchema,
} from '@quorail/proto/quorail/cluster/v1/errors_pb'

/** Where a node says the leader is. */
export interface Hint {
  readonly url: string
  readonly term: bigint
}

/** Why one attempt failed, and what that means for the next one. */
export interface Failure {
  readonly kind: /** The caller gave up. */
    | 'cancelled'
    /** An answer that another node would give as well. */
    | 'final'
    /** This node does not lead. */
    | 'elsewhere'
    /** The node answers, but can not do it now (no quorum, draining). */
    | 'unavailable'
    /** The node has too much to do, and says when to come again. */
    | 'busy'
    /** The node says that it can not know whether it was done. */
    | 'unknown'
    /** No answer: connection refused or lost, or the attempt's time ran out. */
    | 'lost'
  /** The attempt may have had its effect, or may have it later. */
  readonly perhapsDone: boolean
  readonly hint: Hint | undefined
  /** For `busy`: not before so long. */
  readonly retryAfterMs?: number
  readonly error: ConnectError
}

export interface AttemptFacts {
  readonly cancelled: boolean
  /** Our own deadline for this attempt passed. */
  readonly timedOut: boolean
}

export function classify(reason: unknown, facts: AttemptFacts): Failure {
  const error = ConnectError.from(reason)
  if (facts.cancelled) return failure('cancelled', true, error)
  if (facts.timedOut) return failure('lost', true, error)
  const detail = errorDetail(error)
  const notLeader = error.findDetails(NotLeaderSchema)[0]
  const hint =
    notLeader === undefined ? undefined : { url: notLeader.leaderUrl, term: notLeader.term }
  if (detail?.outcome === ErrorDetail_Outcome.UNKNOWN) {
    return failure('unknown', true, error, hint)
  }
  if (notLeader !== undefined) {
    return failure('elsewhere', false, error, hint)
  }
  if (detail !== undefined) {
    const certain = detail.outcome === ErrorDetail_Outcome.NOT_DONE
    if (error.code === Code.Unavailable) return failure('unavailable', !certain, error)
    if (detail.retryAfterMs > 0 && certain)
      return { ...failure('busy', false, error), retryAfterMs: detail.retryAfterMs }
    return failure('final', !certain, error)
  }
  // Made by a server (or a proxy in front of it) rather than by the loss of a connection?
  if (error.isWireError) {
    if (error.code === Code.Unavailable) return failure('unavailable', true, error)
    if (error.code === Code.DeadlineExceeded) return failure('lost', true, error)
    return failure('final', perhapsDoneByCode(error.code), error)
  }
  if (lostCodes.has(error.code)) return failure('lost', !neverSent(error), error)
  return failure('final', false, error)
}

export function errorDetail(error: ConnectError): ErrorDetail | undefined {
  return error.findDetails(ErrorDetailSchema)[0]
}

/**
 * A refusal at a node's door, before the state machine is asked. When an earlier attempt of the same
 * request may have entered the log, such a refusal says nothing about that attempt.
 */
export function isDoorAnswer(code: Code): boolean {
  return doorCodes.has(code)
}

function failure(
  kind: Failure['kind'],
  perhapsDone: boolean,
  error: ConnectError,
  hint?: Hint,
): Failure {
  return { kind, perhapsDone, hint, error }
}

/** What fetch, undici and node:http2 make of a connection that is refused, reset or ended early. */
const lostCodes: ReadonlySet<Code> = new Set([
  Code.Unknown,
  Code.Unavailable,
  Code.Aborted,
  Code.Internal,
  Code.Canceled,
  Code.DeadlineExceeded,
  Code.DataLoss,
])

const doorCodes: ReadonlySet<Code> = new Set([
  Code.Unknown,
  Code.Canceled,
  Code.DeadlineExceeded,
  Code.ResourceExhausted,
  Code.Aborted,
  Code.Internal,
  Code.Unavailable,
  Code.Unauthenticated,
])

function perhapsDoneByCode(code: Code): boolean {
  return code === Code.Internal || code === Code.Unknown || code === Code.Aborted
}

/** Node says so in its error codes; browsers do not. */
function neverSent(error: ConnectError): boolean {
  for (let cause: unknown = error.cause, depth = 0; depth < 5; depth++) {
    if (!(cause instanceof Error)) return false
    const code = (cause as { readonly code?: unknown }).code
    if (code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') return true
    if (cause instanceof AggregateError) cause = cause.errors[0]
    else cause = cause.cause
  }
  return false
}
