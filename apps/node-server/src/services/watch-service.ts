import type { HandlerContext, ServiceImpl } from '@connectrpc/connect'
import { info } from '@quorail/booking-fsm'
import type { WatchService } from '@quorail/proto/quorail/watch/v1/watch_pb'
import { type Principal, principalKey } from '../auth/principal.ts'
import { callerAddressKey } from '../auth/rate-interceptor.ts'
import { principalOf, tokenOf } from '../auth/sessions.ts'
import { watchNotFound } from '../errors/watch-errors.ts'
import type { NodeHost } from '../host/types.ts'
import { cutStreamKey } from '../http/cut-stream.ts'
import { type WatchLimits, watchLimits } from '../watch/watch-limits.ts'
import type { WatchMeter } from '../watch/watch-meter.ts'
import { WatchStreams } from '../watch/watch-streams.ts'

/** A session that was opened a moment ago may not have come to this node yet. */
const sessionWithinMs = 1_000

/** Watches, on every node. docs/internals/watches.md says what they promise. */
export function createWatchService(
  host: NodeHost,
  meter: WatchMeter,
  limits: WatchLimits = watchLimits,
): ServiceImpl<typeof WatchService> {
  const streams = new WatchStreams(host, limits, meter)
  return {
    async *watch({ subscriptions }, context) {
      const { values, requestHeader, signal } = context
      const principal = await callerSoon(host, context)
      const address = values.get(callerAddressKey)
      streams.charge(principal, address, subscriptions.length)
      const asMessages = (requestHeader.get('content-type') ?? '').includes('json')
      const cut = values.get(cutStreamKey)
      const stream = streams.open({ principal, address, asMessages, cut })
      // Also when the client is gone while a frame waits to be taken, and nothing goes on any more.
      signal.addEventListener('abort', () => streams.close(stream))
      try {
        stream.change(subscriptions, [])
        const { watchId } = stream
        const { clusterId } = info(host.state)
        const { heartbeatMs } = limits
        yield* stream.frames({ watchId, heartbeatMs, nodeId: host.id, clusterId }, signal)
      } finally {
        streams.close(stream)
      }
    },

    async changeWatch({ watchId, add, remove }, context) {
      const stream = streams.find(watchId)
      if (stream === undefined) throw watchNotFound()
      const principal = await callerSoon(host, context)
      const isTheirs =
        principal === undefined ? stream.principal === undefined : stream.adopt(principal)
      if (!isTheirs) throw watchNotFound()
      streams.charge(principal, context.values.get(callerAddressKey), add.length)
      stream.change(add, remove)
      return { index: BigInt(streams.index) }
    },
  }
}

async function callerSoon(
  host: NodeHost,
  { values, requestHeader }: HandlerContext,
): Promise<Principal | undefined> {
  const known = values.get(principalKey)
  if (known !== undefined || tokenOf(requestHeader) === undefined || host.isServingLeader())
    return known
  for (const until = performance.now() + sessionWithinMs; performance.now() < until; ) {
    await new Promise((resolve) => setTimeout(resolve, 50))
    const principal = principalOf(host.state, requestHeader, host.nowMs())
    if (principal !== undefined) return principal
  }
  return undefined
}
