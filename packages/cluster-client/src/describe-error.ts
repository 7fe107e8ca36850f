import { Code, ConnectError } from '@connectrpc/connect'
import { ErrorDetail_Outcome } from '@quorail/proto/quorail/cluster/v1/errors_pb'
import type { DescribedError } from './described-error.ts'
import { errorDetail } from './failure.ts'
import { fallbackOf } from './fallback-sentences.ts'

/** Any error of a call, in words. Never throws, and always has a sentence. */
export function describeError(error: unknown): DescribedError {
  const connectError = ConnectError.from(error)
  const fallback = fallbackOf(connectError.code)
  const detail = errorDetail(connectError)
  if (detail === undefined) {
    return { ...fallback, field: '', seats: [], figure: 0 }
  }
  return {
    code: detail.code || fallback.code,
    sentence: detail.sentence || fallback.sentence,
    nextStep: detail.nextStep || (detail.sentence === '' ? fallback.nextStep : ''),
    outcome: detail.outcome === ErrorDetail_Outcome.NOT_DONE ? 'notDone' : 'unknown',
    field: detail.field,
    retryable: detail.outcome !== ErrorDetail_Outcome.NOT_DONE || retryable.has(connectError.code),
    seats: detail.seats,
    figure: Number(detail.figure),
  }
}

const retryable: ReadonlySet<Code> = new Set([
  Code.Unavailable,
  Code.ResourceExhausted,
  Code.DeadlineExceeded,
])
