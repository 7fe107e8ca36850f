import type http2 from 'node:http2'
import type { Compression } from '@connectrpc/connect/protocol'
import type { DoorLimits } from './door-limits.ts'

/**
 * Takes a stream of HTTP/2 for itself, before anything is made for it or read from it. False: it is none of its own,
 * and goes the usual way.
 */
export type StreamTaker = (
  stream: http2.ServerHttp2Stream,
  headers: http2.IncomingHttpHeaders,
) => boolean

/** What a port has in common for all that come in by it. */
export interface PortParts {
  readonly limits: DoorLimits
  /** A few at a time, of all. */
  readonly compressions: Compression[]
  /** Where a call comes from. */
  readonly addressOf: (
    stream: http2.ServerHttp2Stream,
    headers: http2.IncomingHttpHeaders,
  ) => string
}

/** Puts the takers, each asked in turn, in front of what listens to the server's streams now. */
export function takeStreams(server: http2.Http2Server, takers: readonly StreamTaker[]): void {
  if (takers.length === 0) return
  const usual = server.listeners('stream')
  server.removeAllListeners('stream')
  server.on('stream', (stream, headers, ...more) => {
    if (takers.some((take) => take(stream, headers))) return
    for (const listener of usual) listener.call(server, stream, headers, ...more)
  })
}
