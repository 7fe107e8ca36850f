import type { ServiceImpl } from '@connectrpc/connect'
import type { CommandStreamService } from '@quorail/proto/quorail/booking/v1/command_stream_service_pb'
import type { NodeHost } from '../../host/types.ts'
import { callWireKey } from '../../http/call-wire.ts'
import { type StreamedCallWatch, unwatched } from '../../tracing/streamed-calls.ts'
import { createBookingPlans, plansByMethod } from '../booking-plans.ts'
import type { Door } from '../door.ts'
import { serveByConnect } from './by-connect.ts'
import { serveByWire } from './by-wire.ts'
import { defaultStreamLimits, type StreamLimits } from './command-stream.ts'
import type { UnaryMethod } from './unary-methods.ts'

/** Many calls in one stream; each goes through the same door and to the same service as by itself. */
export function createCommandStreamService(
  host: NodeHost,
  door: Door,
  methods: ReadonlyMap<string, UnaryMethod>,
  limits: StreamLimits = defaultStreamLimits,
  watch: StreamedCallWatch = unwatched,
): ServiceImpl<typeof CommandStreamService> {
  const plans = plansByMethod(createBookingPlans(host))
  return {
    streamCommands(frames, context) {
      const options = { host, door, methods, plans, limits, context, watch }
      const wire = context.values.get(callWireKey)()
      return wire === undefined ? serveByConnect(options, frames) : serveByWire(options, wire)
    },
  }
}
