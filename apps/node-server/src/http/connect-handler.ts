import {
  Code,
  ConnectError,
  type ConnectRouter,
  type ConnectRouterOptions,
  type ContextValues,
  createConnectRouter,
} from '@connectrpc/connect'
import type { Compression, UniversalHandler } from '@connectrpc/connect/protocol'
import {
  universalRequestFromNodeRequest,
  universalResponseToNodeResponse,
} from '@connectrpc/connect-node'
import { limitBody } from './body-limits.ts'
import type { DoorLimits } from './door-limits.ts'
import type { Handler, HttpRequest, HttpResponse } from './handler.ts'

export interface ConnectHandlerOptions extends ConnectRouterOptions {
  readonly routes: (router: ConnectRouter) => void
  readonly limits: DoorLimits
  readonly acceptCompression: Compression[]
  readonly valuesOf: (request: HttpRequest) => ContextValues
  /** Something that no caller should be able to bring about. */
  readonly onBug: (what: string, reason: unknown) => void
}

/**
 * Connect's services as a handler of requests. Connect's own adapter throws at a request whose Host is no host, which
 * ends the process, and writes what goes wrong with a caller's connection to the console.
 */
export function createConnectHandler(options: ConnectHandlerOptions): Handler {
  const router = createConnectRouter(options)
  options.routes(router)
  const handlers = new Map(router.handlers.map((one) => [one.requestPath, one]))
  return (request, response) => {
    const handler = handlers.get(request.url?.split('?', 1)[0] ?? '')
    if (handler === undefined)
      return answerPlainly(response, 404, 'unimplemented', 'no such method')
    if (!hasHost(request))
      return answerPlainly(response, 400, 'invalid_argument', 'the host is not one')
    // A stream of requests goes on as long as it likes, and its service says how much it takes.
    if (!/^(client|bidi)/.test(handler.method.methodKind))
      limitBody(request, response, options.limits)
    void answer(handler, options, request, response)
  }
}

async function answer(
  handler: UniversalHandler,
  { valuesOf, onBug }: ConnectHandlerOptions,
  request: HttpRequest,
  response: HttpResponse,
): Promise<void> {
  try {
    const asked = universalRequestFromNodeRequest(request, response, undefined, valuesOf(request))
    await universalResponseToNodeResponse(await handler(asked), response)
  } catch (reason) {
    const isGone = response.destroyed || response.writableEnded || request.destroyed
    if (!isGone && ConnectError.from(reason).code !== Code.Aborted)
      onBug(`${handler.service.typeName}/${handler.method.name}`, reason)
    if (!response.headersSent && !isGone)
      answerPlainly(response, 500, 'internal', 'something went wrong on our side')
    else response.destroy()
  }
}

/** As Connect would answer, where no protocol is known yet. */
function answerPlainly(
  response: HttpResponse,
  status: number,
  code: string,
  message: string,
): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ code, message }))
}

function hasHost(request: HttpRequest): boolean {
  const authority = 'authority' in request ? request.authority : request.headers.host
  return typeof authority === 'string' && URL.canParse(`http://${authority}`)
}
