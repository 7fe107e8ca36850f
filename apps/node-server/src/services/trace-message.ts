import { create } from '@bufbuild/protobuf'
import { timestampFromMs } from '@bufbuild/protobuf/wkt'
import {
  type GetTraceRequest,
  type GetTraceResponse,
  GetTraceResponseSchema,
} from '@quorail/proto/quorail/cluster/v1/cluster_pb'
import { tenthsOfMs } from '../tracing/call-trace.ts'
import type { RememberedCall, TraceBook } from '../tracing/trace-book.ts'

/** What this node remembers of a trace and of an entry. */
export function traceMessage(
  traces: TraceBook,
  { traceId, index }: GetTraceRequest,
): GetTraceResponse {
  const calls = traceId === '' ? [] : traces.calls(traceId).map(callMessage)
  const entry = index === 0n ? undefined : traces.entry(Number(index))
  if (entry === undefined) return create(GetTraceResponseSchema, { calls })
  const { writtenMs, writtenAtMs, durableMs, appliedMs } = entry
  return create(GetTraceResponseSchema, {
    calls,
    entry: {
      writtenAt: timestampFromMs(Math.round(writtenAtMs)),
      ...(durableMs !== undefined && { durableMs: tenthsOfMs(durableMs - writtenMs) }),
      ...(appliedMs !== undefined && { appliedMs: tenthsOfMs(appliedMs - writtenMs) }),
    },
  })
}

const callMessage = ({ method, code, ms, stages, index, endedAtMs }: RememberedCall) => ({
  method,
  code,
  ms,
  stages: Object.entries(stages).map(([name, ms]) => ({ name, ms })),
  index: BigInt(index ?? 0),
  endedAt: timestampFromMs(Math.round(endedAtMs)),
})
