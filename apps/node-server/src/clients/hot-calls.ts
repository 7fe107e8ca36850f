import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2'
import type { DescMethodUnary } from '@bufbuild/protobuf'
import type { Compression } from '@connectrpc/connect/protocol'
import { BookingService } from '@quorail/proto/quorail/booking/v1/booking_service_pb'
import { PaymentService } from '@quorail/proto/quorail/booking/v1/payment_service_pb'
import type { NodeHost } from '../host/types.ts'
import type { DoorLimits } from '../http/door-limits.ts'
import { createLater } from '../http/handle-late.ts'
import type { StreamTaker } from '../http/take-streams.ts'
import { forwardHeader } from '../reads/forward-interceptor.ts'
import { readHeader } from '../reads/read-interceptor.ts'
import { createBookingPlans, type Planner, plansByMethod } from '../services/booking-plans.ts'
import type { Door } from '../services/door.ts'
import type { StreamedCallWatch } from '../tracing/streamed-calls.ts'
import { HotCall } from './hot-call.ts'

/** What calls of which there are many are answered with. */
export interface HotCallOptions {
  readonly host: NodeHost
  readonly door: Door
  readonly limits: DoorLimits
  readonly compressions: readonly Compression[]
  readonly watch: StreamedCallWatch
  /** Where a call comes from, for the limits of callers without an account. */
  readonly addressOf: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => string
}

/** A method that is one command. */
export interface HotMethod {
  /** `package.Service/Method`. */
  readonly name: string
  readonly method: DescMethodUnary
  readonly planner: Planner<DescMethodUnary>
}

/** As Connect's handlers have it: see the client port. */
const longestTimeoutMs = 60_000

/**
 * Takes the unary calls of Connect's protocol that are one command each, as programs make them by the thousand: protobuf
 * over HTTP/2, nothing unusual in the headers. All others go to Connect's handlers, which a test compares these with, byte
 * for byte.
 */
export function createHotCalls(options: HotCallOptions): StreamTaker {
  const methods = hotMethods(options.host)
  const later = createLater()
  let knownAuthority: string | undefined
  return (stream, headers) => {
    const method = methods.get(headers[':path'] ?? '')
    if (method === undefined || !isUsual(headers, options.limits)) return false
    const authority = headers[':authority']
    if (authority !== knownAuthority) {
      if (authority === undefined || !URL.canParse(`http://${authority}`)) return false
      knownAuthority = authority
    }
    new HotCall(options, method, stream, headers).read(later)
    return true
  }
}

function hotMethods(host: NodeHost): ReadonlyMap<string, HotMethod> {
  const plans = plansByMethod(createBookingPlans(host))
  const methods = new Map<string, HotMethod>()
  for (const { typeName, methods: all } of [BookingService, PaymentService])
    for (const method of all) {
      const name = `${typeName}/${method.name}`
      const planner = plans.get(name)
      if (planner !== undefined && method.methodKind === 'unary')
        methods.set(`/${name}`, { name, method: method as DescMethodUnary, planner })
    }
  return methods
}

/** Pages, reads by an index, forwarding, compression and what Connect has to refuse are left to its handlers. */
function isUsual(headers: IncomingHttpHeaders, { messageBytes }: DoorLimits): boolean {
  return (
    headers[':method'] === 'POST' &&
    headers['content-type'] === 'application/proto' &&
    headers.origin === undefined &&
    headers['content-encoding'] === undefined &&
    headers.expect === undefined &&
    headers[forwardHeader] === undefined &&
    headers[readHeader] === undefined &&
    isWholeUpTo(messageBytes, headers['content-length']) &&
    isWholeUpTo(longestTimeoutMs, headers['connect-timeout-ms'])
  )
}

/** Or absent. */
function isWholeUpTo(most: number, text: string | string[] | undefined): boolean {
  if (text === undefined) return true
  return typeof text === 'string' && /^\d{1,10}$/.test(text) && Number(text) <= most
}
