import { type UnreadyReason, unreadyReasons } from '../host/readiness.ts'
import type { HttpRequest, HttpResponse } from './handler.ts'

export interface Health {
  /** Why it is not to be sent requests; empty when it is. */
  unready(): readonly UnreadyReason[]
}

/**
 * `/healthz`: the process answers. `/readyz`: send it requests; otherwise each reason on a line, its name first. True
 * when the path was one of them.
 */
export function answerHealth(
  health: Health,
  request: HttpRequest,
  response: HttpResponse,
): boolean {
  const path = request.url?.split('?', 1)[0]
  if (path !== '/healthz' && path !== '/readyz') return false
  const reasons = path === '/healthz' ? [] : health.unready()
  response.writeHead(reasons.length === 0 ? 200 : 503, {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
  })
  const lines = reasons.map((reason) => `not ready: ${reason}: ${unreadyReasons[reason]}\n`)
  response.end(lines.join('') || 'ok\n')
  return true
}
