import { setTimeout as wait } from 'node:timers/promises'
import { ConnectError, createClient, createRouterTransport } from '@connectrpc/connect'
import { BookingService } from '@quorail/proto/quorail/booking/v1/booking_service_pb'
import { ErrorDetailSchema } from '@quorail/proto/quorail/cluster/v1/errors_pb'
import { expect, test } from 'vitest'
import type { Submission, Submitted } from '../host/types.ts'
import { createDoor } from '../services/door.ts'
import { createRoutes } from '../services/index.ts'
import { createMemoryHost, foundMemoryHost } from '../testing/memory-host.ts'
import { loginTo } from '../testing/memory-services.ts'
import { traceIdOf } from './call-trace.ts'
import { RecentStages } from './recent-stages.ts'
import { createTraceInterceptors, type SlowCall } from './trace-interceptors.ts'

const trace = '4bf92f3577b34da6a3ce929d0e0e4736'
const traceparent = `00-${trace}-00f067aa0ba902b7-01`

/** A node whose log takes `logMs` for each command. */
function world(logMs: number, slowMs = 0) {
  const host = createMemoryHost(Date.UTC(2026, 10, 22))
  foundMemoryHost(host)
  const recent = new RecentStages()
  const slowHost = {
    ...host,
    submit: async (submission: Submission): Promise<Submitted> => {
      recent.note('append', 41.23)
      await wait(logMs)
      return host.submit(submission)
    },
  }
  const slow: SlowCall[] = []
  const { outer, inner } = createTraceInterceptors({
    slowMs,
    recent,
    onSlow: (call) => slow.push(call),
  })
  const transport = createRouterTransport(
    createRoutes({ host: slowHost, secureCookies: false, gatewayUrl: undefined }),
    { router: { interceptors: [outer, ...createDoor(slowHost).interceptors, inner] } },
  )
  const { headers, accountId } = loginTo(host, 'ann@example.org', 'passenger')
  const client = createClient(BookingService, transport)
  const release = (timeoutMs?: number) =>
    client
      .releaseHold(
        { requestId: 'request-1', bookingId: 7n },
        { headers: { ...headers, traceparent }, ...(timeoutMs !== undefined && { timeoutMs }) },
      )
      .then(
        () => undefined,
        (reason: unknown) => ConnectError.from(reason),
      )
  return { slow, release, accountId }
}

test('a trace is taken from the caller, and stands in every error', async () => {
  const error = await world(0).release()
  expect(error?.findDetails(ErrorDetailSchema)[0]).toMatchObject({
    code: 'BOOKING_NOT_FOUND',
    traceId: trace,
  })
})

test.each([
  [traceparent, trace],
  [`01-${trace}-00f067aa0ba902b7-00-more`, trace],
  [null, undefined],
  ['', undefined],
  [`00-${'0'.repeat(32)}-00f067aa0ba902b7-01`, undefined],
  [`00-${trace.toUpperCase()}-00f067aa0ba902b7-01`, undefined],
  [`00-${trace}\n-00f067aa0ba902b7-01`, undefined],
])('traceparent %j', (header, id) => {
  expect(traceIdOf(header)).toBe(id)
})

test('a slow call is told with the times of its stages and the longest batches of Raft meanwhile', async () => {
  const { release, slow, accountId } = world(60, 50)
  await release()
  const [told] = slow
  expect(told).toMatchObject({
    trace,
    method: 'quorail.booking.v1.BookingService/ReleaseHold',
    code: 'not_found',
    account: accountId,
    raft: { append: 41.2 },
  })
  expect(Object.keys(told?.stages ?? {})).toEqual(['door', 'prepare', 'log', 'answer'])
  expect(told?.stages.log).toBeGreaterThan(50)
  const sum = Object.values(told?.stages ?? {}).reduce((a, b) => a + b, 0)
  expect(Math.abs(sum - (told?.ms ?? 0))).toBeLessThan(100)
})

test('a call that is not slow is not told, and none when that is off', async () => {
  const quick = world(0, 10_000)
  await quick.release()
  const off = world(20, 0)
  await off.release()
  expect([quick.slow, off.slow]).toEqual([[], []])
})

test('of many slow calls ten a second are told', async () => {
  const { release, slow } = world(20, 1)
  await Promise.all(Array.from({ length: 50 }, () => release()))
  expect(slow.length).toBeGreaterThan(0)
  expect(slow.length).toBeLessThanOrEqual(20)
})

test('the longest batch of each stage since then, for ten seconds', () => {
  let now = 0
  const recent = new RecentStages(() => now)
  recent.note('append', 5)
  recent.note('append', 3)
  now = 5_000
  recent.note('apply', 1)
  expect(recent.longestSince(0)).toEqual({ append: 5, apply: 1 })
  expect(recent.longestSince(100)).toEqual({ apply: 1 })
  now = 10_000
  recent.note('append', 2)
  expect(recent.longestSince(0)).toEqual({ append: 2, apply: 1 })
})
