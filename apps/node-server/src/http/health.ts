import type { HttpRequest, HttpResponse } from './handler.ts'

export interface Health {
  /** Takes requests: false while starting, stopping, or cut off from the cluster. */
  ready(): boolean
}

/** `/healthz`: the process answers. `/readyz`: send it requests. True when the path was one of them. */
export function answerHealth(
  health: Health,
  request: HttpRequest,
  response: HttpResponse,
): boolean {
  const path = request.url?.split('?', 1)[0]
  if (path !== '/healthz' && path !== '/readyz') return false
  const good = path === '/healthz' || health.ready()
  response.writeHead(good ? 200 : 503, {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
  })
  response.end(good ? 'ok\n' : 'not ready\n')
  return true
}
