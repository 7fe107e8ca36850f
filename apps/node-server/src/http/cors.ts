import { cors } from '@connectrpc/connect'
import type { HttpRequest, HttpResponse } from './handler.ts'

export type CorsGuard = (request: HttpRequest, response: HttpResponse) => boolean

/** What a browser's page may send besides Connect's own headers. */
const ownHeaders = [
  'authorization',
  'quorail-client',
  'x-request-id',
  'traceparent',
  'quorail-read',
  'quorail-forward',
]

/**
 * Cross-origin access for an exact list of origins, with credentials (the session is a cookie).
 * The guard answers preflights itself: `true` means that the response is done.
 */
export function createCorsGuard(origins: readonly string[]): CorsGuard {
  const allowed = new Set(origins)
  const allowMethods = cors.allowedMethods.join(', ')
  const allowHeaders = [...cors.allowedHeaders, ...ownHeaders].join(', ')
  const exposeHeaders = cors.exposedHeaders.join(', ')
  return (request, response) => {
    const { origin } = request.headers
    // The answer differs by origin, so no cache may give one's to another.
    response.setHeader('vary', 'Origin')
    const isPreflight =
      request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined
    if (typeof origin === 'string' && allowed.has(origin)) {
      response.setHeader('access-control-allow-origin', origin)
      response.setHeader('access-control-allow-credentials', 'true')
      response.setHeader('access-control-expose-headers', exposeHeaders)
      if (isPreflight) {
        response.setHeader('access-control-allow-methods', allowMethods)
        response.setHeader('access-control-allow-headers', allowHeaders)
        response.setHeader('access-control-max-age', '7200')
      }
    }
    if (!isPreflight) return false
    // For any other origin without the headers above: the browser refuses.
    response.writeHead(204)
    response.end()
    return true
  }
}
