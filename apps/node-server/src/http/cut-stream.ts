import http2 from 'node:http2'
import { createContextKey } from '@connectrpc/connect'
import type { HttpRequest } from './handler.ts'

/** Ends the answer's stream at once, also when its client takes nothing any more; nothing in tests without a network. */
export const cutStreamKey = createContextKey<() => void>(() => undefined, {
  description: 'ends a stream that nobody reads',
})

export function cutStream(request: HttpRequest): void {
  if ('stream' in request) request.stream.close(http2.constants.NGHTTP2_CANCEL)
  else request.socket.destroy()
}
