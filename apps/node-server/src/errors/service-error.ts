import { create } from '@bufbuild/protobuf'
import { type Code, ConnectError } from '@connectrpc/connect'
import {
  type ErrorDetail,
  ErrorDetail_Outcome,
  ErrorDetailSchema,
  NotLeaderSchema,
} from '@quorail/proto/quorail/cluster/v1/errors_pb'
import type { LeaderHint } from '../host/types.ts'
import { currentCall } from '../tracing/current-call.ts'

/** Everything a person and a program need to know of a failure. */
export interface Explanation {
  readonly connectCode: Code
  /** Stable, upper snake case; documented in docs/reference/errors.md. */
  readonly code: string
  /** What happened and what it means. */
  readonly sentence: string
  /** What to do now. */
  readonly nextStep: string
  /** Whether the request may have had its effect. */
  readonly unknown?: boolean
  readonly field?: string
  readonly figure?: number
  readonly seats?: readonly number[]
  readonly leader?: LeaderHint
  /** The same request may be sent again after so long; undefined: it would not help, or nobody knows. */
  readonly retryAfterMs?: number
}

/** The error as it goes over the wire: a code for Connect, an `ErrorDetail`, perhaps `NotLeader`. */
export function serviceError(explanation: Explanation, cause?: unknown): ConnectError {
  const details: ConstructorParameters<typeof ConnectError>[3] = [
    { desc: ErrorDetailSchema, value: detailOf(explanation) },
  ]
  const { leader } = explanation
  if (leader !== undefined) {
    const value = create(NotLeaderSchema, {
      leaderId: leader.id,
      leaderUrl: leader.clientUrl,
      term: BigInt(leader.term),
    })
    details.push({ desc: NotLeaderSchema, value })
  }
  return new ConnectError(
    `${explanation.code}: ${explanation.sentence}`,
    explanation.connectCode,
    undefined,
    details,
    cause,
  )
}

function detailOf(explanation: Explanation): ErrorDetail {
  return create(ErrorDetailSchema, {
    code: explanation.code,
    sentence: explanation.sentence,
    nextStep: explanation.nextStep,
    outcome: explanation.unknown ? ErrorDetail_Outcome.UNKNOWN : ErrorDetail_Outcome.NOT_DONE,
    field: explanation.field ?? '',
    figure: BigInt(explanation.figure ?? 0),
    seats: [...(explanation.seats ?? [])],
    retryAfterMs: explanation.retryAfterMs ?? 0,
    traceId: currentCall()?.traceId ?? '',
  })
}
