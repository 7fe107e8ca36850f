import { readFileSync } from 'node:fs'
import { createClient, createRouterTransport } from '@connectrpc/connect'
import { findRun, listRuns } from '@quorail/booking-fsm'
import { AccountService } from '@quorail/proto/quorail/booking/v1/account_service_pb'
import { BookingService } from '@quorail/proto/quorail/booking/v1/booking_service_pb'
import { TimetableService } from '@quorail/proto/quorail/booking/v1/timetable_service_pb'
import { afterEach, expect, test } from 'vitest'
import { createInterceptors, createRoutes } from '../services/index.ts'
import { MemoryRows } from '../testing/memory-cluster.ts'
import { createMemoryHost, foundMemoryHost } from '../testing/memory-host.ts'
import { loginTo, memoryServices } from '../testing/memory-services.ts'
import { type MetricsPort, openMetricsPort } from './metrics-port.ts'
import { createNodeMetrics, type NodeMetrics } from './node-metrics.ts'

const now = Date.UTC(2026, 10, 22, 9, 0)
let port: MetricsPort | undefined
afterEach(async () => {
  await port?.close()
  port = undefined
})

async function scrape(metrics: NodeMetrics): Promise<Map<string, number>> {
  port ??= await openMetricsPort(metrics, 0, ['127.0.0.1'])
  const response = await fetch(`http://127.0.0.1:${port.port}/metrics`)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4')
  const lines = (await response.text()).split('\n').filter((line) => /^quorail_/.test(line))
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]),
  )
}

function watched() {
  const host = createMemoryHost(Date.UTC(2026, 10, 22))
  const metrics = createNodeMetrics()
  metrics.watch(host)
  return { host, metrics }
}

test('says how the node stands at the moment of the question', async () => {
  const { host, metrics } = watched()
  expect((await scrape(metrics)).get('quorail_accounts')).toBe(0)
  foundMemoryHost(host)
  host.run({
    type: 'registerAccount',
    email: 'a@example.org',
    displayName: 'A',
    passwordHash: 'x',
    role: 'staff',
  })
  const figures = await scrape(metrics)
  expect(figures.get('quorail_accounts')).toBe(1)
  expect(figures.get('quorail_applied_index')).toBe(host.status().appliedIndex)
  expect(figures.get('quorail_ready')).toBe(1)
})

test('counts calls by how they ended', async () => {
  const { host, metrics } = watched()
  foundMemoryHost(host)
  const transport = createRouterTransport(
    createRoutes({ host, secureCookies: false, gatewayUrl: undefined }),
    { router: { interceptors: [metrics.interceptor, ...createInterceptors(host)] } },
  )
  await createClient(TimetableService, transport).searchStations({ text: 'x', limit: 3 })
  await createClient(AccountService, transport)
    .listSessions({})
    .catch(() => {})
  const figures = await scrape(metrics)
  const calls = (service: string, method: string, code: string) =>
    figures.get(
      `quorail_rpc_calls_total{service="quorail.booking.v1.${service}",method="${method}",transport="call",code="${code}"}`,
    )
  expect(calls('TimetableService', 'SearchStations', 'ok')).toBe(1)
  expect(calls('AccountService', 'ListSessions', 'unauthenticated')).toBe(1)
  expect(
    figures.get(
      'quorail_rpc_seconds_count{service="quorail.booking.v1.TimetableService",method="SearchStations",transport="call"}',
    ),
  ).toBe(1)
})

test('counts calls in streams too, with times that add up, however often it is asked', async () => {
  const { metrics } = watched()
  const method = 'quorail.booking.v1.BookingService/HoldSeats'
  for (const ms of [0.4, 3, 3, 9_000]) metrics.streamed.count(method, 0, ms)
  metrics.streamed.count(method, 9, 0.2)
  await scrape(metrics)
  metrics.streamed.count(method, 9, 0.2)
  const figures = await scrape(metrics)
  const labels = 'service="quorail.booking.v1.BookingService",method="HoldSeats",transport="stream"'
  expect(figures.get(`quorail_rpc_calls_total{${labels},code="ok"}`)).toBe(4)
  expect(figures.get(`quorail_rpc_calls_total{${labels},code="failed_precondition"}`)).toBe(2)
  const upTo = (le: string) => figures.get(`quorail_rpc_seconds_bucket{le="${le}",${labels}}`)
  expect(['0.0005', '0.0025', '0.005', '5', '+Inf'].map(upTo)).toEqual([3, 3, 5, 5, 6])
  expect(figures.get(`quorail_rpc_seconds_count{${labels}}`)).toBe(6)
  expect(figures.get(`quorail_rpc_seconds_sum{${labels}}`)).toBeCloseTo(9.0068)
})

test('adds up what Raft measures and counts, however much comes between two looks at it', async () => {
  const { metrics } = watched()
  for (const scrapes of [1, 2, 3]) {
    for (let n = 0; n < 700; n += 1) metrics.raft.stage('apply', 2, 2)
    metrics.raft.count('messagesSent', 5)
    const figures = await scrape(metrics)
    expect(figures.get('quorail_raft_stage_seconds_count{stage="apply"}')).toBe(700 * scrapes)
    expect(figures.get('quorail_raft_stage_entries_total{stage="apply"}')).toBe(1_400 * scrapes)
    expect(figures.get('quorail_raft_total{what="messagesSent"}')).toBe(5 * scrapes)
  }
})

test('takes what Raft measures and reports', async () => {
  const { metrics } = watched()
  metrics.raft.stage('append', 2, 64)
  metrics.raft.count('bytesSent', 1000)
  metrics.observe({ type: 'quorumLost', term: 3 })
  const figures = await scrape(metrics)
  expect(figures.get('quorail_raft_stage_entries_total{stage="append"}')).toBe(64)
  expect(figures.get('quorail_raft_stage_seconds_bucket{le="0.0025",stage="append"}')).toBe(1)
  expect(figures.get('quorail_raft_stage_seconds_bucket{le="0.001",stage="append"}')).toBe(0)
  expect(figures.get('quorail_raft_total{what="bytesSent"}')).toBe(1000)
  expect(figures.get('quorail_raft_events_total{event="quorumLost"}')).toBe(1)
})

test('counts the holds that are alive', async () => {
  const { host, transport } = memoryServices(now)
  const metrics = createNodeMetrics()
  metrics.watch(host)
  expect((await scrape(metrics)).get('quorail_holds')).toBe(0)
  const ann = loginTo(host, 'ann@example.org', 'passenger')
  const day = { fromDate: 20261124, toDate: 20261124, limit: 1 }
  const run = findRun(host.state, listRuns(host.state, day)[0]?.runId ?? 0)
  const bookings = createClient(BookingService, transport)
  const hold = async (requestId: string) => {
    const { booking } = await bookings.holdSeats(
      {
        ...{ requestId, runId: BigInt(run?.runId ?? 0), fromStop: 0, toStop: 1 },
        ...{ classCode: run?.coaches[0]?.classCode ?? '', passengers: [{ name: 'Ann' }] },
      },
      ann,
    )
    return booking?.bookingId ?? 0n
  }
  const first = await hold('request-1')
  await hold('request-2')
  expect((await scrape(metrics)).get('quorail_holds')).toBe(2)
  await bookings.releaseHold({ requestId: 'request-3', bookingId: first }, ann)
  expect((await scrape(metrics)).get('quorail_holds')).toBe(1)
  host.advance(3_600_000)
  host.run({ type: 'tick' })
  expect((await scrape(metrics)).get('quorail_holds')).toBe(0)
})

test('says how long the database took for a batch, the synced ones apart', async () => {
  const { metrics } = watched()
  const rows = new MemoryRows()
  const store = metrics.database(rows)
  const commit = (appliedIndex: number, durable: boolean) =>
    new Promise<Error | undefined>((resolve) =>
      store.commit({ changes: [], appliedIndex, stateHash: '', durable }, resolve),
    )
  rows.hold()
  const waits = Promise.all([commit(1, false), commit(2, false), commit(3, true)])
  expect((await scrape(metrics)).get('quorail_database_batch_seconds_count')).toBeUndefined()
  rows.release()
  expect(await waits).toEqual([undefined, undefined, undefined])
  rows.failure = new Error('disk I/O error')
  expect(await commit(4, true)).toBe(rows.failure)
  const figures = await scrape(metrics)
  expect(figures.get('quorail_database_batch_seconds_count{durable="false"}')).toBe(2)
  expect(figures.get('quorail_database_batch_seconds_count{durable="true"}')).toBe(1)
  expect(figures.get('quorail_database_batch_seconds_sum{durable="true"}')).toBeGreaterThan(0)
})

test('answers nothing but GET /metrics', async () => {
  const { metrics } = watched()
  await scrape(metrics)
  const at = `http://127.0.0.1:${port?.port}`
  expect((await fetch(`${at}/`)).status).toBe(404)
  expect((await fetch(`${at}/metrics`, { method: 'POST' })).status).toBe(405)
})

test('has what its page says, and nothing else', async () => {
  const { metrics } = watched()
  const page = readFileSync(
    new URL('../../../../docs/operating/metrics.md', import.meta.url),
    'utf8',
  )
  const table = page.slice(0, page.indexOf('## What to be woken for'))
  const said = [...table.matchAll(/`(quorail_\w+)`/g)].map(([, name]) => name)
  const had = [...(await metrics.text()).matchAll(/^# TYPE (quorail_\w+)/gm)].map(
    ([, name]) => name,
  )
  expect(said.sort()).toEqual(had.sort())
  const used = [...page.matchAll(/quorail_\w+/g)].map(([name]) => name)
  expect(used.filter((name) => !had.includes(name))).toEqual([])
})
