import { streamSilent } from './client-errors.ts'
import { type Clock, systemClock } from './clock.ts'

export interface ReadStreamOptions {
  readonly signal?: AbortSignal
  /** Nothing for so long: the stream is taken for dead and ends with code STREAM_SILENT. */
  readonly silenceMs?: number
  readonly clock?: Clock
}

/**
 * Reads a server stream so that leaving it, by `break`, `return` or an error, really ends the call:
 *
 *     for await (const { status } of readStream((signal) => client.watchStatus({}, { signal }))) …
 *
 * Connect's own iterable does not cancel when a loop is left; this one aborts in `finally`.
 */
export async function* readStream<T>(
  open: (signal: AbortSignal) => AsyncIterable<T>,
  { signal, silenceMs, clock = systemClock }: ReadStreamOptions = {},
): AsyncGenerator<T, void, undefined> {
  const controller = new AbortController()
  const follow = () => controller.abort(signal?.reason)
  if (signal?.aborted === true) follow()
  signal?.addEventListener('abort', follow)
  let silent = false
  let stop: () => void = () => undefined
  const watch = () => {
    stop()
    if (silenceMs === undefined) return
    stop = clock.after(silenceMs, () => {
      silent = true
      controller.abort()
    })
  }
  try {
    watch()
    for await (const message of open(controller.signal)) {
      // A slow reader is not a silent server: the watch rests while the message is handled.
      stop()
      yield message
      watch()
    }
  } catch (error) {
    throw silent ? streamSilent() : error
  } finally {
    stop()
    signal?.removeEventListener('abort', follow)
    controller.abort()
  }
}
