import { create, type DescMessage, type MessageInitShape } from '@bufbuild/protobuf'
import type { Transport } from '@connectrpc/connect'
import { runCall } from './call.ts'
import type { ClusterState } from './cluster-state.ts'
import { createContext } from './context.ts'
import { openStream } from './open-stream.ts'
import type { ClusterTransportOptions, Settings } from './options.ts'
import { forwardHeader, readHeader, readHeaderValue } from './read-consistency.ts'
import { type Repeatability, repeatabilityOf } from './repeatable.ts'
import { withTrace } from './trace.ts'

/** A transport to the whole cluster. Make one for a page or a program and keep it. */
export interface ClusterTransport extends Transport {
  /** What is known now. The same object until something changes (fit for `useSyncExternalStore`). */
  state(): ClusterState
  /** Calls after every change of `state()`; what it gives ends that. */
  subscribe(listener: () => void): () => void
}

export function createClusterTransport(options: ClusterTransportOptions): ClusterTransport {
  const context = createContext(options)
  const { book, settings, transportTo } = context
  const { limits } = settings

  return {
    state: () => book.state(),
    subscribe: (listener) => book.subscribe(listener),

    async unary(method, signal, timeoutMs, header, input, contextValues) {
      // One message for all attempts, so that all carry the same request id.
      const message = asInit(method.input, input)
      const repeatability = repeatabilityOf(method, message, settings.repeatable)
      const headers = headersOf(header, repeatability, settings)
      const response = await runCall(context, {
        repeatability,
        // Whoever passes calls on succeeds without leading.
        needsLeader: repeatability !== 'read' && !headers.has(forwardHeader),
        overallMs: timeoutMs !== undefined && timeoutMs > 0 ? timeoutMs : limits.unaryMs,
        attemptMs: limits.attemptMs,
        signal,
        send: (url, ms, controller) =>
          transportTo(url).unary(method, controller.signal, ms, headers, message, contextValues),
      })
      settings.seen?.note(response.message)
      return response
    },

    stream(method, signal, timeoutMs, header, input, contextValues) {
      return openStream(context, { method, signal, timeoutMs, header, input, contextValues })
    },
  }
}

/** The same for all attempts. What the call says itself counts. */
function headersOf(
  header: HeadersInit | undefined,
  repeatability: Repeatability,
  { reads, forward }: Settings,
): Headers {
  const headers = withTrace(header)
  if (repeatability === 'read' && reads !== undefined && !headers.has(readHeader))
    headers.set(readHeader, readHeaderValue(reads))
  if (forward && !headers.has(forwardHeader)) headers.set(forwardHeader, '1')
  return headers
}

/** Settles defaults once; the result is a message, which is an init shape as well. */
function asInit<I extends DescMessage>(schema: I, input: MessageInitShape<I>): MessageInitShape<I> {
  return create(schema, input) as MessageInitShape<I>
}
