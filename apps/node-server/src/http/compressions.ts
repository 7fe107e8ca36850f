import { Code, ConnectError } from '@connectrpc/connect'
import type { Compression } from '@connectrpc/connect/protocol'
import { compressionBrotli, compressionGzip } from '@connectrpc/connect-node'
import { doorLimits } from './door-limits.ts'

/**
 * gzip and brotli, a few at a time: they run on the threads that the log's syncs run on, and whoever sends many
 * compressed requests must not stand before those.
 */
export function createCompressions(atOnce: number = doorLimits.compressions): Compression[] {
  const turn = createTurns(atOnce)
  return [compressionGzip, compressionBrotli].map((one) => ({
    name: one.name,
    compress: (bytes) => turn(() => one.compress(bytes)),
    decompress: (bytes, readMaxBytes) =>
      turn(() => one.decompress(bytes, readMaxBytes).catch(blame)),
  }))
}

/** What does not inflate is the sender's mistake, also where it just ends too soon. */
function blame(reason: unknown): never {
  const error = ConnectError.from(reason)
  if (error.code !== Code.Internal) throw error
  const message = 'the request does not inflate: it is cut off, or not compressed as it says'
  throw new ConnectError(message, Code.InvalidArgument, undefined, undefined, reason)
}

/** Lets so many run at once; the others wait in line. */
export function createTurns(atOnce: number): <T>(run: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let running = 0
  return async (run) => {
    if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve))
    else running += 1
    try {
      return await run()
    } finally {
      // The place goes to the next one, or is free.
      const next = waiting.shift()
      if (next === undefined) running -= 1
      else next()
    }
  }
}
