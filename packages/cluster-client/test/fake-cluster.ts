import { createServer as createHttpServer } from 'node:http'
import { createServer as createHttp2Server } from 'node:http2'
import type { AddressInfo, Server, Socket } from 'node:net'
import { Code, ConnectError, type ConnectRouter, type HandlerContext } from '@connectrpc/connect'
import { connectNodeAdapter, createConnectTransport } from '@connectrpc/connect-node'
import { createConnectTransport as createWebTransport } from '@connectrpc/connect-web'
import type { AskBotResponse } from '@quorail/proto/quorail/assistant/v1/assistant_pb'
import { AssistantService } from '@quorail/proto/quorail/assistant/v1/assistant_pb'
import { AccountService } from '@quorail/proto/quorail/booking/v1/account_service_pb'
import { BookingService } from '@quorail/proto/quorail/booking/v1/booking_service_pb'
import { ClusterService } from '@quorail/proto/quorail/cluster/v1/cluster_pb'
import {
  ErrorDetail_Outcome,
  ErrorDetailSchema,
  NotLeaderSchema,
} from '@quorail/proto/quorail/cluster/v1/errors_pb'

export type Wire = 'http/1.1' | 'h2c' | 'browser'

/** A node whose behaviour a test sets, behind a real server on a free port. */
export interface FakeNode {
  readonly url: string
  /** Request ids of the holds that came, in order. */
  readonly holds: string[]
  /** What a call that needs the leader does: throws, waits, or returns. */
  lead: (context: HandlerContext) => void | Promise<void>
  answer: (context: HandlerContext) => AsyncIterable<Pick<AskBotResponse, 'event'>>
  logIns: number
  probes: number
  /** Whom it names as members. */
  members: readonly string[]
  /** Accepts connections and answers nothing any more, like a process stopped by SIGSTOP. */
  pause(): void
  stop(): Promise<void>
}

export async function startFakeNode(wire: Wire): Promise<FakeNode> {
  const sockets = new Set<Socket>()
  let paused = false
  const until = async () => {
    if (paused) await new Promise(() => undefined)
  }
  const routes = (router: ConnectRouter) => {
    router.service(BookingService, {
      async holdSeats(request, context) {
        await until()
        node.holds.push(request.requestId)
        await node.lead(context)
        return { booking: { bookingId: 7n } }
      },
      async getBooking(_request, context) {
        await until()
        await node.lead(context)
        return { booking: { bookingId: 7n } }
      },
    })
    router.service(AccountService, {
      async logIn(_request, context) {
        await until()
        node.logIns++
        await node.lead(context)
        return {}
      },
    })
    router.service(ClusterService, {
      async getStatus() {
        await until()
        node.probes++
        const members = node.members.map((address) => ({ id: address, address }))
        return { status: { members } }
      },
    })
    router.service(AssistantService, {
      async *askBot(_request, context) {
        await until()
        await node.lead(context)
        yield* node.answer(context)
      },
    })
  }
  const handler = connectNodeAdapter({ routes })
  const server: Server = wire === 'h2c' ? createHttp2Server(handler) : createHttpServer(handler)
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const node: FakeNode = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    holds: [],
    logIns: 0,
    probes: 0,
    members: [],
    lead: () => undefined,
    answer: async function* () {
      yield { event: { case: 'text', value: 'hello' } }
    },
    pause() {
      paused = true
    },
    stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of sockets) socket.destroy()
      return closed
    },
  }
  return node
}

export function transportOf(
  wire: Wire,
): (baseUrl: string) => ReturnType<typeof createWebTransport> {
  if (wire === 'browser') return (baseUrl) => createWebTransport({ baseUrl })
  return (baseUrl) => createConnectTransport({ baseUrl, httpVersion: wire === 'h2c' ? '2' : '1.1' })
}

export function notLeader(leaderUrl: string, term: bigint): ConnectError {
  return new ConnectError('elsewhere', Code.Unavailable, undefined, [
    { desc: NotLeaderSchema, value: { leaderUrl, term } },
    { desc: ErrorDetailSchema, value: { outcome: ErrorDetail_Outcome.NOT_DONE } },
  ])
}

export function refusal(code: Code, name: string, outcome: ErrorDetail_Outcome): ConnectError {
  return new ConnectError(name, code, undefined, [
    { desc: ErrorDetailSchema, value: { code: name, sentence: `${name}.`, outcome } },
  ])
}

export const noQuorum = () => refusal(Code.Unavailable, 'NO_QUORUM', ErrorDetail_Outcome.NOT_DONE)
export const outcomeUnknown = () =>
  refusal(Code.Aborted, 'OUTCOME_UNKNOWN', ErrorDetail_Outcome.UNKNOWN)
