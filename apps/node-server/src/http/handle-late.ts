import type http2 from 'node:http2'

type Take = (request: http2.Http2ServerRequest, response: http2.Http2ServerResponse) => void

/** What is left waits until the loop has been around: sockets, timers and the log come first. */
const turnMs = 10

/**
 * Requests of HTTP/2 are handled when all that came with them has been read: what is cancelled by then costs nothing
 * more. (`process.nextTick` is too early for it: Node runs it after each frame.)
 */
export function handleLate(handle: Take): Take {
  let waiting: Parameters<Take>[] = []
  let next = 0
  const handleSome = (): void => {
    const until = performance.now() + turnMs
    while (next < waiting.length) {
      const [request, response] = waiting[next++] as Parameters<Take>
      const isCancelled = request.stream.closed || request.stream.destroyed
      if (isCancelled) continue
      handle(request, response)
      if (performance.now() >= until) break
    }
    if (next < waiting.length) setImmediate(handleSome)
    else {
      waiting = []
      next = 0
    }
  }
  return (request, response) => {
    if (waiting.push([request, response]) === 1) setImmediate(handleSome)
  }
}
