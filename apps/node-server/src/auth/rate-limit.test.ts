import { Code, ConnectError, createClient, createRouterTransport } from '@connectrpc/connect'
import { BookingService } from '@quorail/proto/quorail/booking/v1/booking_service_pb'
import { TimetableService } from '@quorail/proto/quorail/booking/v1/timetable_service_pb'
import { ErrorDetailSchema } from '@quorail/proto/quorail/cluster/v1/errors_pb'
import { expect, test } from 'vitest'
import { createInterceptors, createRoutes } from '../services/index.ts'
import { createMemoryHost, foundMemoryHost } from '../testing/memory-host.ts'
import { registered } from '../testing/sold-booking.ts'
import { createRateLimit } from './rate-limit.ts'
import { newSessionToken, tokenHash } from './sessions.ts'

test('a burst is let through, then as many as come in time, each caller by itself', () => {
  let now = 1_000_000
  const limit = createRateLimit({ perMinute: 6, burst: 2, nowMs: () => now })
  expect([limit.waitSeconds('a'), limit.waitSeconds('a')]).toEqual([0, 0])
  expect(limit.waitSeconds('a')).toBe(10)
  expect(limit.waitSeconds('b')).toBe(0)
  now += 9_000
  expect(limit.waitSeconds('a')).toBe(1)
  now += 1_000
  expect(limit.waitSeconds('a')).toBe(0)
  now += 3_600_000
  expect([1, 2, 3].map(() => limit.waitSeconds('a'))).toEqual([0, 0, 10])
})

test('asking in vain does not put it off', () => {
  let now = 0
  const limit = createRateLimit({ perMinute: 60, burst: 1, nowMs: () => now })
  expect(limit.waitSeconds('a')).toBe(0)
  for (let at = 0; at < 9; at++) {
    now += 100
    expect(limit.waitSeconds('a')).toBe(1)
  }
  now += 100
  expect(limit.waitSeconds('a')).toBe(0)
})

test('of too many callers the one seen longest ago is forgotten', () => {
  const limit = createRateLimit({ perMinute: 1, burst: 1, nowMs: () => 0, callersAtMost: 2 })
  for (const who of ['a', 'b', 'a', 'c']) limit.waitSeconds(who)
  expect([limit.waitSeconds('a'), limit.waitSeconds('b')]).toEqual([60, 0])
})

function railway() {
  const host = createMemoryHost(Date.UTC(2026, 10, 22, 9, 0))
  foundMemoryHost(host)
  const limits = { holdsPerMinute: 4, searchesPerMinute: 8 }
  const transport = createRouterTransport(
    createRoutes({ host, secureCookies: false, gatewayUrl: undefined }),
    { router: { interceptors: createInterceptors(host, limits) } },
  )
  const login = (email: string, role: 'passenger' | 'staff') => {
    const accountId = registered(host, email, role)
    const token = newSessionToken()
    host.run({ type: 'openSession', accountId, tokenHash: tokenHash(token), ttlMs: 1_000_000 })
    return { headers: { authorization: `Bearer ${token}` } }
  }
  return { host, transport, login }
}

async function codeOf(call: Promise<unknown>) {
  const error = await call.then(() => undefined, ConnectError.from)
  const detail = error?.findDetails(ErrorDetailSchema)[0]
  return [error?.code, detail?.code, Number(detail?.figure)]
}

test('holds of one account are limited, with the time to wait; staff are not', async () => {
  const { host, transport, login } = railway()
  const [ann, ben, staff] = [
    login('ann@example.org', 'passenger'),
    login('ben@example.org', 'passenger'),
    login('st@example.org', 'staff'),
  ]
  const bookings = createClient(BookingService, transport)
  const hold = (auth: typeof ann) => {
    const passengers = [{ name: 'P' }]
    const at = { runId: 9n, fromStop: 0, toStop: 1, classCode: '2', passengers }
    return codeOf(bookings.holdSeats({ requestId: 'request-1', ...at }, auth))
  }
  expect((await hold(ann))[1]).toBe('RUN_NOT_FOUND')
  expect(await hold(ann)).toEqual([Code.ResourceExhausted, 'RATE_LIMITED', 15])
  expect((await hold(ben))[1]).toBe('RUN_NOT_FOUND')
  for (let at = 0; at < 9; at++) expect((await hold(staff))[1]).toBe('RUN_NOT_FOUND')
  host.advance(15_000)
  expect((await hold(ann))[1]).toBe('RUN_NOT_FOUND')
})

test('searches without an account are limited by where they come from', async () => {
  const { transport, login } = railway()
  const timetable = createClient(TimetableService, transport)
  const search = (auth = {}) => codeOf(timetable.searchStations({ text: 'x' }, auth))
  expect([(await search())[0], (await search())[0]]).toEqual([undefined, undefined])
  expect((await search())[1]).toBe('RATE_LIMITED')
  expect((await search(login('ann@example.org', 'passenger')))[0]).toBe(undefined)
})
