import { createServer, type ServerHttp2Session } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import type { ConnectError, ConnectRouter } from '@connectrpc/connect'
import { connectNodeAdapter, createConnectTransport } from '@connectrpc/connect-node'
import {
  HoldSeatsRequestSchema,
  HoldSeatsResponseSchema,
} from '@quorail/proto/quorail/booking/v1/booking_service_pb'
import {
  type CommandResult,
  CommandResultSchema,
  CommandStreamService,
  type StreamCommandsRequest,
} from '@quorail/proto/quorail/booking/v1/command_stream_service_pb'
import { ClusterService } from '@quorail/proto/quorail/cluster/v1/cluster_pb'
import {
  ErrorDetail_Outcome,
  type ErrorDetailSchema,
} from '@quorail/proto/quorail/cluster/v1/errors_pb'

/** What a node does with a hold: answers with a booking, with an error, or never. */
export type HoldAnswer =
  | { readonly bookingId: bigint }
  | { readonly code: number; readonly name: string; readonly outcome?: ErrorDetail_Outcome }
  | 'never'

/** A node that takes streams of commands over HTTP/2, and behaves as a test says. */
export interface FakeStreamNode {
  readonly url: string
  /** Request ids of the holds that came, in order, and of each frame. */
  readonly holds: string[]
  readonly frames: number[]
  readonly sessions: string[]
  /** How long the callers wait, as it was said. */
  readonly timeoutsMs: number[]
  /** When the frames were sent, by their sender's clock. */
  readonly sentMs: number[]
  opened: number
  probes: number
  /** Whether it does not even say that it is there, like a process stopped by SIGSTOP. */
  silent: boolean
  /** Throws to take no stream. */
  lead: () => void
  hold: (requestId: string) => HoldAnswer
  /** Ends the open streams with an error. */
  endStreams(error: ConnectError): void
  /** Drops all connections, and takes no more. */
  stop(): Promise<void>
}

export async function startFakeStreamNode(): Promise<FakeStreamNode> {
  const sessions = new Set<ServerHttp2Session>()
  const streams = new Set<(error: ConnectError) => void>()
  const routes = (router: ConnectRouter) => {
    router.service(ClusterService, {
      async getStatus() {
        node.probes++
        if (node.silent) await new Promise(() => undefined)
        return {}
      },
    })
    router.service(CommandStreamService, {
      async *streamCommands(frames) {
        node.opened++
        node.lead()
        const results: CommandResult[] = []
        let end: ConnectError | undefined
        let allRead = false
        let wake = () => {}
        const endWith = (error: ConnectError) => {
          end = error
          wake()
        }
        streams.add(endWith)
        const read = async () => {
          for await (const frame of frames) {
            results.push(...resultsOf(frame))
            wake()
          }
          allRead = true
          wake()
        }
        read().catch(() => {})
        yield { limits: { calls: 1_000, bytes: 2 ** 20 } }
        for (;;) {
          if (end !== undefined) throw end
          if (results.length > 0) yield { results: results.splice(0).reverse() }
          else if (allRead) return
          else
            await new Promise<void>((resolve) => {
              wake = resolve
            })
        }
      },
    })
  }
  function resultsOf(frame: StreamCommandsRequest): CommandResult[] {
    node.frames.push(frame.calls.length)
    node.sentMs.push(frame.sentMs)
    return frame.calls.flatMap(({ number, request, timeoutMs }) => {
      node.timeoutsMs.push(timeoutMs)
      const { requestId } = fromBinary(HoldSeatsRequestSchema, request)
      node.holds.push(requestId)
      node.sessions.push(frame.sessionToken)
      const answer = node.hold(requestId)
      return answer === 'never' ? [] : [create(CommandResultSchema, resultOf(number, answer))]
    })
  }
  const server = createServer(connectNodeAdapter({ routes }))
  server.on('session', (session) => {
    sessions.add(session)
    session.on('error', () => {})
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const node: FakeStreamNode = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    holds: [],
    frames: [],
    sessions: [],
    timeoutsMs: [],
    sentMs: [],
    opened: 0,
    probes: 0,
    silent: false,
    lead: () => {},
    hold: () => ({ bookingId: 7n }),
    endStreams(error) {
      for (const end of streams) end(error)
      streams.clear()
    },
    stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const session of sessions) session.destroy()
      return closed
    },
  }
  return node
}

function resultOf(number: number, answer: Exclude<HoldAnswer, 'never'>) {
  if ('bookingId' in answer) {
    const response = create(HoldSeatsResponseSchema, { booking: answer })
    const value = toBinary(HoldSeatsResponseSchema, response)
    return { number, outcome: { case: 'response' as const, value } }
  }
  const { code, name, outcome = ErrorDetail_Outcome.NOT_DONE } = answer
  const detail: Parameters<typeof create<typeof ErrorDetailSchema>>[1] = { code: name, outcome }
  return { number, outcome: { case: 'error' as const, value: { code, message: name, detail } } }
}

export const http2Transport = (baseUrl: string) =>
  createConnectTransport({ baseUrl, httpVersion: '2' })
