import { create } from '@bufbuild/protobuf'
import { Code, ConnectError } from '@connectrpc/connect'
import {
  type CommandResult,
  CommandResultSchema,
} from '@quorail/proto/quorail/booking/v1/command_stream_service_pb'
import { ErrorDetailSchema, NotLeaderSchema } from '@quorail/proto/quorail/cluster/v1/errors_pb'

/** What Connect would make of it for a call by itself. */
export function errorResult(number: number, thrown: unknown, traceId: string): CommandResult {
  const error =
    thrown instanceof ConnectError ? thrown : new ConnectError('internal error', Code.Internal)
  const [detail] = error.findDetails(ErrorDetailSchema)
  const [notLeader] = error.findDetails(NotLeaderSchema)
  if (detail !== undefined && detail.traceId === '') detail.traceId = traceId
  const { code, rawMessage: message } = error
  return create(CommandResultSchema, {
    number,
    outcome: { case: 'error', value: { code, message, detail, notLeader } },
  })
}
