import { create } from '@bufbuild/protobuf'
import { Code, ConnectError } from '@connectrpc/connect'
import {
  type CallError,
  CallErrorSchema,
} from '@quorail/proto/quorail/booking/v1/command_stream_service_pb'
import { ErrorDetailSchema, NotLeaderSchema } from '@quorail/proto/quorail/cluster/v1/errors_pb'

/** What Connect would make of it for a call by itself. */
export function callError(thrown: unknown, traceId: string): CallError {
  const error =
    thrown instanceof ConnectError ? thrown : new ConnectError('internal error', Code.Internal)
  const [detail] = error.findDetails(ErrorDetailSchema)
  const [notLeader] = error.findDetails(NotLeaderSchema)
  if (detail !== undefined && detail.traceId === '') detail.traceId = traceId
  const { code, rawMessage: message } = error
  return create(CallErrorSchema, { code, message, detail, notLeader })
}
