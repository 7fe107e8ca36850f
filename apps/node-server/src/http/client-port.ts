import type { IncomingHttpHeaders } from 'node:http'
import type { Socket } from 'node:net'
import { type ConnectRouter, createContextValues, type Interceptor } from '@connectrpc/connect'
import { callerAddressKey } from '../auth/rate-interceptor.ts'
import { arrivedAtKey } from '../reads/call-deadline.ts'
import { callWireKey, callWireOf } from './call-wire.ts'
import { createCompressions } from './compressions.ts'
import { createConnectHandler } from './connect-handler.ts'
import { createCorsGuard } from './cors.ts'
import { cutStream, cutStreamKey } from './cut-stream.ts'
import { type DoorLimits, doorLimits } from './door-limits.ts'
import { explainUnreadable } from './explain-unreadable.ts'
import type { Handler, HttpRequest, HttpResponse } from './handler.ts'
import { answerHealth, type Health } from './health.ts'
import { createPolyglotServer, type PortCertificate } from './polyglot.ts'
import type { PortParts, StreamTaker } from './take-streams.ts'

/** A plain HTTP endpoint beside the services, e.g. for a payment provider's webhooks. */
export interface PlainRoute {
  readonly method: string
  readonly path: string
  handle(request: HttpRequest, response: HttpResponse): void
}

export interface ClientPortOptions {
  readonly port: number
  readonly hosts: readonly string[]
  readonly origins: readonly string[]
  readonly routes: (router: ConnectRouter) => void
  readonly interceptors: readonly Interceptor[]
  /** The last address of X-Forwarded-For is the caller's: a proxy of ours has put it there. */
  readonly behindProxy?: boolean
  readonly plainRoutes: readonly PlainRoute[]
  /** What goes past Connect's handlers: asked before them. */
  readonly takers?: (parts: PortParts) => readonly StreamTaker[]
  readonly limits?: DoorLimits
  /** TLS; without it plain text. */
  readonly certificate?: PortCertificate | undefined
  readonly health: Health
  /** Something that no caller should be able to bring about. */
  readonly onBug?: (what: string, reason: unknown) => void
  /** Ends the open streams when it aborts; their clients go elsewhere. */
  readonly shutdownSignal: AbortSignal
}

export interface ClientPort {
  readonly port: number
  close(graceMs: number): Promise<void>
}

/** No call of the API takes longer; the watch streams have no deadline. */
const maxDeadlineMs = 60_000

/** The port that clients speak to: Connect over HTTP/1.1 and HTTP/2, health, and plain routes. */
export async function openClientPort(options: ClientPortOptions): Promise<ClientPort> {
  const { routes, interceptors, shutdownSignal, limits = doorLimits } = options
  const address = options.behindProxy === true ? addressBehindProxy : addressOf
  const compressions = createCompressions()
  const services = createConnectHandler({
    routes,
    interceptors: [...interceptors],
    acceptCompression: compressions,
    shutdownSignal,
    valuesOf: (request) =>
      createContextValues()
        .set(callerAddressKey, address(request.headers, request.socket))
        .set(arrivedAtKey, performance.now())
        .set(cutStreamKey, () => cutStream(request))
        .set(callWireKey, () => callWireOf(request, limits.messageBytes)),
    requestGate: explainUnreadable,
    readMaxBytes: limits.messageBytes,
    maxTimeoutMs: maxDeadlineMs,
    limits,
    onBug: options.onBug ?? (() => undefined),
  })
  const { certificate } = options
  const takers = options.takers?.({
    ...{ limits, compressions },
    addressOf: (stream, headers) => address(headers, stream.session?.socket),
  })
  const server = createPolyglotServer(inOrder(options, services), limits, certificate, takers)
  const port = await server.listen(options.port, options.hosts)
  return { port, close: (graceMs) => server.close(graceMs) }
}

type Address = (headers: IncomingHttpHeaders, socket: Socket | undefined) => string

const addressOf: Address = (_headers, socket) => socket?.remoteAddress ?? ''

const addressBehindProxy: Address = (headers, socket) => {
  const forwarded = headers['x-forwarded-for']
  const text = Array.isArray(forwarded) ? forwarded.join(',') : forwarded
  const last = text?.split(',').at(-1)?.trim()
  return last === undefined || last === '' ? addressOf(headers, socket) : last
}

function inOrder(options: ClientPortOptions, services: Handler): Handler {
  const cors = createCorsGuard(options.origins)
  return (request, response) => {
    if (cors(request, response) || answerHealth(options.health, request, response)) return
    const path = request.url?.split('?', 1)[0]
    const plain = options.plainRoutes.find((route) => route.path === path)
    if (plain === undefined) services(request, response)
    else if (plain.method === request.method) plain.handle(request, response)
    else {
      response.writeHead(405, { allow: plain.method })
      response.end()
    }
  }
}
