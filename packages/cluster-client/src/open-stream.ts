import type { DescMessage, DescMethodStreaming, MessageInitShape } from '@bufbuild/protobuf'
import type { ContextValues, StreamResponse } from '@connectrpc/connect'
import { runCall } from './call.ts'
import type { Context } from './context.ts'

export interface StreamRequest<I extends DescMessage, O extends DescMessage> {
  readonly method: DescMethodStreaming<I, O>
  readonly signal: AbortSignal | undefined
  readonly timeoutMs: number | undefined
  readonly header: HeadersInit | undefined
  readonly input: AsyncIterable<MessageInitShape<I>>
  readonly contextValues: ContextValues | undefined
}

/**
 * Opens a stream at the node that takes it. Until the first message is there, a node that does not
 * lead or does not answer is left for another; after it, the stream is the caller's, errors and all.
 */
export async function openStream<I extends DescMessage, O extends DescMessage>(
  context: Context,
  request: StreamRequest<I, O>,
): Promise<StreamResponse<I, O>> {
  const { limits } = context.settings
  const { method, signal, timeoutMs } = request
  if (method.methodKind !== 'server_streaming') {
    // What is sent can be sent once only, so there is nothing to try again with.
    const transport = context.transportTo(context.book.preferred)
    return transport.stream(
      method,
      signal,
      timeoutMs,
      request.header,
      request.input,
      request.contextValues,
    )
  }
  const messages: MessageInitShape<I>[] = []
  for await (const message of request.input) messages.push(message)
  return runCall(context, {
    // Streams only read: opening one twice is harmless.
    repeatability: 'read',
    needsLeader: false,
    overallMs: limits.openStreamMs,
    attemptMs: limits.firstMessageMs,
    signal,
    send: (url, _ms, controller) => openAt(context, request, url, messages, controller),
  })
}

async function openAt<I extends DescMessage, O extends DescMessage>(
  context: Context,
  { method, signal, timeoutMs, header, contextValues }: StreamRequest<I, O>,
  url: string,
  messages: readonly MessageInitShape<I>[],
  controller: AbortController,
): Promise<StreamResponse<I, O>> {
  const response = await context
    .transportTo(url)
    .stream(method, controller.signal, timeoutMs, header, replay(messages), contextValues)
  const iterator = response.message[Symbol.asyncIterator]()
  const first = await iterator.next()
  // From here on the attempt is over, and only the caller's signal can end the stream.
  const follow = () => controller.abort(signal?.reason)
  signal?.addEventListener('abort', follow)
  return { ...response, message: rest(first, iterator, controller, () => unfollow()) }

  function unfollow(): void {
    signal?.removeEventListener('abort', follow)
  }
}

async function* replay<T>(messages: readonly T[]): AsyncIterable<T> {
  yield* messages
}

async function* rest<T>(
  first: IteratorResult<T>,
  iterator: AsyncIterator<T>,
  controller: AbortController,
  end: () => void,
): AsyncGenerator<T> {
  try {
    for (let result = first; result.done !== true; result = await iterator.next()) {
      yield result.value
    }
  } finally {
    // Connect does not cancel a stream that is left early; aborting it does.
    end()
    controller.abort()
  }
}
