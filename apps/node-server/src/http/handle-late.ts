import type http2 from 'node:http2'

type Take = (request: http2.Http2ServerRequest, response: http2.Http2ServerResponse) => void

/** Calls it when all that came with the stream has been read, unless it is cancelled by then. */
export type Later = (stream: http2.Http2Stream, handle: () => void) => void

/** What is left waits until the loop has been around: sockets, timers and the log come first. */
const turnMs = 10

/**
 * Requests of HTTP/2 are handled when all that came with them has been read: what is cancelled by then costs nothing
 * more. (`process.nextTick` is too early for it: Node runs it after each frame.)
 */
export function createLater(): Later {
  let waiting: Parameters<Later>[] = []
  let next = 0
  const handleSome = (): void => {
    const until = performance.now() + turnMs
    while (next < waiting.length) {
      const [stream, handle] = waiting[next++] as Parameters<Later>
      const isCancelled = stream.closed || stream.destroyed
      if (isCancelled) continue
      handle()
      if (performance.now() >= until) break
    }
    if (next < waiting.length) setImmediate(handleSome)
    else {
      waiting = []
      next = 0
    }
  }
  return (stream, handle) => {
    if (waiting.push([stream, handle]) === 1) setImmediate(handleSome)
  }
}

/** The same for what takes requests. */
export function handleLate(handle: Take): Take {
  const later = createLater()
  return (request, response) => later(request.stream, () => handle(request, response))
}
