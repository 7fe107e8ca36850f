import { getEventListeners } from 'node:events'
import { create, type DescMethodUnary, toBinary } from '@bufbuild/protobuf'
import {
  Code,
  createContextValues,
  createHandlerContext,
  createRouterTransport,
} from '@connectrpc/connect'
import { AccountService } from '@quorail/proto/quorail/booking/v1/account_service_pb'
import { BookingService } from '@quorail/proto/quorail/booking/v1/booking_service_pb'
import {
  type CommandResult,
  CommandStreamService,
  type StreamCommandsRequest,
  StreamCommandsRequestSchema,
} from '@quorail/proto/quorail/booking/v1/command_stream_service_pb'
import { expect, test } from 'vitest'
import { createNodeMetrics } from '../../metrics/node-metrics.ts'
import { createMemoryHost, foundMemoryHost } from '../../testing/memory-host.ts'
import { loginTo } from '../../testing/memory-services.ts'
import { RecentStages } from '../../tracing/recent-stages.ts'
import { createTraceInterceptors, type SlowCall } from '../../tracing/trace-interceptors.ts'
import { createDoor } from '../door.ts'
import { createRoutes } from '../index.ts'
import { createCommandStreamService } from './command-stream-service.ts'
import { rememberMethods } from './unary-methods.ts'

/** The sender's clock is not this machine's. */
const aDay = 86_400_000

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'

/** A node whose commands of streams are watched; a call is slow from `slowMs` on. */
function world(slowMs: number) {
  const host = createMemoryHost(Date.UTC(2026, 10, 22))
  foundMemoryHost(host)
  const { headers, accountId } = loginTo(host, 'ann@example.org', 'passenger')
  const door = createDoor(host)
  const slow: SlowCall[] = []
  const tracing = createTraceInterceptors({
    slowMs,
    recent: new RecentStages(),
    onSlow: (call) => slow.push(call),
  })
  const metrics = createNodeMetrics()
  const parts = { host, secureCookies: false, gatewayUrl: undefined, door }
  let remembered: ReturnType<typeof rememberMethods> | undefined
  createRouterTransport((router) => {
    remembered = rememberMethods(router)
    createRoutes(parts)(remembered.router as never)
  })
  const watch = tracing.streamed(metrics.streamed)
  const methods = remembered?.methods ?? new Map()
  const service = createCommandStreamService(host, door, methods, undefined, watch)
  const context = createHandlerContext({
    service: CommandStreamService,
    method: CommandStreamService.method.streamCommands,
    protocolName: 'grpc',
    requestMethod: 'POST',
    url: 'http://n1.invalid',
    requestHeader: { ...headers, traceparent: `00-${traceId}-00f067aa0ba902b7-01` },
    contextValues: createContextValues(),
  })
  /** One stream of these frames; what was answered, by number. */
  const stream = async (frames: readonly StreamCommandsRequest[]) => {
    async function* input() {
      yield* frames
    }
    const results = new Map<number, CommandResult['outcome']>()
    for await (const response of service.streamCommands(input(), context))
      for (const { number, outcome } of response.results ?? [])
        results.set(number as number, outcome as CommandResult['outcome'])
    return results
  }
  return { host, stream, slow, metrics, context, accountId }
}

const call = (method: DescMethodUnary, number: number, timeoutMs = 0) => ({
  number,
  method: `${method.parent.typeName}/${method.name}`,
  request: toBinary(
    method.input,
    create(method.input, { requestId: `request-${number}`, bookingId: 7n } as never),
  ),
  timeoutMs,
})

const frame = (sentMs: number, ...calls: ReturnType<typeof call>[]) =>
  create(StreamCommandsRequestSchema, { sentMs, calls })

const { releaseHold } = BookingService.method
const { getMe } = AccountService.method

const codeOf = (outcome: CommandResult['outcome'] | undefined) =>
  outcome?.case === 'error' ? outcome.value.detail?.code : outcome?.case

test('a call whose time was over on its way is refused before it is proposed', async () => {
  const { host, stream } = world(0)
  const { appliedIndex } = host.status()
  const sent = performance.now() + aDay
  const results = await stream([
    frame(sent, call(releaseHold, 1, 3_000)),
    // By the sender's clock it was on its way for 5 s longer than the first.
    frame(sent - 5_000, call(releaseHold, 2, 3_000), call(releaseHold, 3), call(getMe, 4, 3_000)),
    frame(0, call(releaseHold, 5, 1)),
  ])
  expect([1, 2, 3, 4, 5].map((number) => codeOf(results.get(number)))).toEqual([
    'BOOKING_NOT_FOUND',
    'DEADLINE_EXCEEDED',
    'BOOKING_NOT_FOUND',
    'DEADLINE_EXCEEDED',
    'BOOKING_NOT_FOUND',
  ])
  expect(host.status().appliedIndex).toBe(appliedIndex + 3)
})

test('each call is counted by method and by how it ended; what is no method is not', async () => {
  const { stream, metrics } = world(0)
  const unknown = { ...call(releaseHold, 3), method: 'quorail.booking.v1.BookingService/Fly' }
  await stream([frame(1, call(getMe, 1), call(releaseHold, 2), unknown)])
  const text = await metrics.text()
  const lines = text.split('\n').filter((line) => line.startsWith('quorail_rpc_calls_total{'))
  const labels = (service: string, method: string, code: string) =>
    `{service="quorail.booking.v1.${service}",method="${method}",transport="stream",code="${code}"}`
  expect(lines.sort()).toEqual([
    `quorail_rpc_calls_total${labels('AccountService', 'GetMe', 'ok')} 1`,
    `quorail_rpc_calls_total${labels('BookingService', 'ReleaseHold', 'not_found')} 1`,
  ])
})

test('a slow call is told with its stages, its number and the trace of its stream', async () => {
  const { stream, slow, accountId } = world(4_000)
  const sent = performance.now() + aDay
  const results = await stream([
    frame(sent, call(releaseHold, 1), call(getMe, 2)),
    frame(sent - 5_000, call(releaseHold, 3), call(getMe, 4)),
  ])
  const told = slow.toSorted((a, b) => (a.call ?? 0) - (b.call ?? 0))
  const about = { trace: traceId, account: accountId }
  expect(told).toMatchObject([
    {
      ...about,
      call: 3,
      method: 'quorail.booking.v1.BookingService/ReleaseHold',
      code: 'not_found',
    },
    { ...about, call: 4, method: 'quorail.booking.v1.AccountService/GetMe', code: 'ok' },
  ])
  expect(Object.keys(told[0]?.stages ?? {})).toEqual(['waited', 'door', 'log'])
  expect(Object.keys(told[1]?.stages ?? {})).toEqual(['waited', 'door', 'answer'])
  expect(told[0]?.stages.waited).toBeGreaterThanOrEqual(4_000)
  const refused = results.get(1)
  expect(refused?.case === 'error' ? refused.value.detail?.traceId : '').toBe(traceId)
  expect(refused?.case === 'error' ? refused.value.code : 0).toBe(Code.NotFound)
})

test('calls that are over leave nothing at their stream', async () => {
  const { stream, context } = world(0)
  const listeners = () => getEventListeners(context.signal, 'abort').length
  const before = listeners()
  await stream([
    frame(1, ...Array.from({ length: 100 }, (_, number) => call(getMe, number, 9_000))),
  ])
  expect(listeners()).toBe(before)
})
