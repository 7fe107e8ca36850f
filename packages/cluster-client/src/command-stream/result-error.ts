import { Code, ConnectError } from '@connectrpc/connect'
import type { CallError } from '@quorail/proto/quorail/booking/v1/command_stream_service_pb'
import { ErrorDetailSchema, NotLeaderSchema } from '@quorail/proto/quorail/cluster/v1/errors_pb'

/** The error that the call by itself would have thrown. */
export function resultError({ code, message, detail, notLeader }: CallError): ConnectError {
  const error = new ConnectError(message, code in Code ? code : Code.Unknown, undefined, [
    ...(detail === undefined ? [] : [{ desc: ErrorDetailSchema, value: detail }]),
    ...(notLeader === undefined ? [] : [{ desc: NotLeaderSchema, value: notLeader }]),
  ])
  error.isWireError = true
  return error
}
