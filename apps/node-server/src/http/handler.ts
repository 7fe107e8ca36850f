import type { connectNodeAdapter } from '@connectrpc/connect-node'

/** Handles a request of HTTP/1.1 or HTTP/2: what Connect's adapter gives, and does not name. */
export type Handler = ReturnType<typeof connectNodeAdapter>
export type HttpRequest = Parameters<Handler>[0]
export type HttpResponse = Parameters<Handler>[1]
