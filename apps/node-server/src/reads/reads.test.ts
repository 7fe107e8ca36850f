import {
  type CallOptions,
  Code,
  ConnectError,
  createClient,
  createRouterTransport,
  type Interceptor,
  type Transport,
} from '@connectrpc/connect'
import { createConnectTransport, createGrpcTransport } from '@connectrpc/connect-node'
import { forwarded, readAs, sourceIndex } from '@quorail/cluster-client'
import { AccountService } from '@quorail/proto/quorail/booking/v1/account_service_pb'
import { BookingService } from '@quorail/proto/quorail/booking/v1/booking_service_pb'
import { TimetableService } from '@quorail/proto/quorail/booking/v1/timetable_service_pb'
import { ErrorDetailSchema, NotLeaderSchema } from '@quorail/proto/quorail/cluster/v1/errors_pb'
import { WatchService } from '@quorail/proto/quorail/watch/v1/watch_pb'
import { expect, onTestFinished, test } from 'vitest'
import { createAccessInterceptor } from '../auth/access-interceptor.ts'
import { policies } from '../auth/policies.ts'
import { openClientPort } from '../http/client-port.ts'
import { createInterceptors, createRoutes } from '../services/index.ts'
import { createMemoryHost, foundMemoryHost, type MemoryHost } from '../testing/memory-host.ts'
import { loginTo } from '../testing/memory-services.ts'
import { arrivedAtKey } from './call-deadline.ts'
import { createForwardInterceptor } from './forward-interceptor.ts'

const n1 = { id: 'n1-leads', clientUrl: 'http://leader.invalid', term: 3 }

function newHost() {
  const host = createMemoryHost(Date.UTC(2026, 10, 22))
  foundMemoryHost(host)
  return host
}

const routes = (host: MemoryHost) =>
  createRoutes({ host, secureCookies: false, gatewayUrl: undefined })

const errorOf = (call: Promise<unknown>) => call.then(() => undefined, ConnectError.from)
const codeOf = async (call: Promise<unknown>) =>
  (await errorOf(call))?.findDetails(ErrorDetailSchema)[0]?.code

test('a read of any node is as new as it was asked for, and says at which index it answers', async () => {
  const host = newHost()
  host.follow(n1)
  const transport = createRouterTransport(routes(host), {
    router: { interceptors: createInterceptors(host) },
  })
  const read = (asked?: string) => {
    const headers = asked === undefined ? {} : { 'quorail-read': asked }
    return createClient(TimetableService, transport).searchStations({ text: 'x' }, { headers })
  }
  const { appliedIndex } = host.status()
  for (const asked of [undefined, 'stale', 'linearizable', 'index=0', `index=${appliedIndex}`])
    expect(Number((await read(asked)).index)).toBe(appliedIndex)
  expect(await codeOf(read(`index=${appliedIndex + 1}`))).toBe('NOT_YET_HERE')
  // As the client library writes it.
  const stations = (options: CallOptions) =>
    createClient(TimetableService, transport).searchStations({ text: 'x' }, options)
  for (const atLeast of ['linearizable', { atLeast: BigInt(appliedIndex) }] as const)
    expect(sourceIndex(await stations(readAs(atLeast)))).toBe(BigInt(appliedIndex))
  const ahead = readAs({ atLeast: BigInt(appliedIndex) + 1n })
  expect(await codeOf(stations(ahead))).toBe('NOT_YET_HERE')
  for (const asked of ['', 'newest', 'index=', 'index=-1', `index=${'9'.repeat(16)}`])
    expect(await codeOf(read(asked)), asked).toBe('INVALID_FIELD')
})

test('every answer of any node has its index', () => {
  const anywhere = Object.entries(policies).filter(([, { where }]) => where === 'anyNode')
  const services = [TimetableService, WatchService]
  const methods = services.flatMap(({ typeName, methods }) =>
    methods.map((method) => [
      `${typeName}/${method.name}`,
      method.output.fields.map(({ name }) => name),
    ]),
  )
  for (const [name] of anywhere) expect(Object.fromEntries(methods)[name], name).toContain('index')
})

/** A follower whose calls for the leader go to `leader`. */
function follower(leader: MemoryHost, opened: string[] = []) {
  const host = newHost()
  host.follow(n1)
  const toLeader = createRouterTransport(routes(leader), {
    router: { interceptors: createInterceptors(leader) },
  })
  const forward = createForwardInterceptor(host, (url) => {
    opened.push(url)
    return toLeader
  })
  return createRouterTransport(routes(host), {
    router: { interceptors: [forward, createAccessInterceptor(host)] },
  })
}

test('a follower passes a call on to the leader when it is asked to, answers and refusals alike', async () => {
  const leader = newHost()
  const { headers: login } = loginTo(leader, 'ann@example.org', 'passenger')
  const opened: string[] = []
  const transport = follower(leader, opened)
  const accounts = createClient(AccountService, transport)
  const headers = { ...login, 'quorail-forward': '1' }
  for (const options of [{ headers }, forwarded({ headers: login })])
    expect((await accounts.getMe({}, options)).account?.email).toBe('ann@example.org')
  const release = { requestId: 'request-1', bookingId: 7n }
  const bookings = createClient(BookingService, transport)
  const refused = await errorOf(bookings.releaseHold(release, { headers }))
  expect(refused?.code).toBe(Code.NotFound)
  expect(refused?.findDetails(ErrorDetailSchema)[0]?.code).toBe('BOOKING_NOT_FOUND')
  expect(opened).toEqual([n1.clientUrl])
  // Nobody has asked: it is redirected.
  const redirected = await errorOf(bookings.releaseHold(release, { headers: login }))
  expect(redirected?.findDetails(NotLeaderSchema)[0]?.leaderUrl).toBe(n1.clientUrl)
})

test('a follower passes on what comes by gRPC as well, and compressed answers', async () => {
  const leader = newHost()
  const { headers } = loginTo(leader, 'ann@example.org', 'passenger')
  for (let at = 0; at < 40; at += 1) loginTo(leader, `ann${at}@example.org`, 'passenger')
  const host = newHost()
  host.follow(n1)
  const toLeader = createRouterTransport(routes(leader), {
    router: { interceptors: createInterceptors(leader) },
  })
  const port = await openClientPort({
    port: 0,
    hosts: ['127.0.0.1'],
    origins: [],
    routes: routes(host),
    interceptors: [createForwardInterceptor(host, () => toLeader), createAccessInterceptor(host)],
    plainRoutes: [],
    health: { unready: () => [] },
    shutdownSignal: new AbortController().signal,
  })
  onTestFinished(() => port.close(0))
  const transport = createGrpcTransport({ baseUrl: `http://127.0.0.1:${port.port}` })
  const accounts = createClient(AccountService, transport)
  const call = { headers: { ...headers, 'quorail-forward': '1' } }
  expect((await accounts.getMe({}, call)).account?.email).toBe('ann@example.org')
  // Long enough to be compressed.
  for (let at = 0; at < 12; at += 1)
    await accounts.savePassenger(
      { requestId: `request-${at}`, passenger: { name: `${at} ${'Ann '.repeat(20)}` } },
      call,
    )
  expect((await accounts.listPassengers({}, call)).passengers.length).toBeGreaterThan(9)
})

/** A leader that says with what its calls came, behind a follower's real port. */
async function recordedForward() {
  const seen: { timeoutMs: number | undefined; header: Headers }[] = []
  const leader = createRouterTransport((router) =>
    router.service(BookingService, {
      releaseHold(_request, { timeoutMs, requestHeader }) {
        seen.push({ timeoutMs: timeoutMs(), header: requestHeader })
        return {}
      },
    }),
  )
  const host = newHost()
  host.follow(n1)
  const port = await openClientPort({
    ...{ port: 0, hosts: ['127.0.0.1'], origins: [], plainRoutes: [] },
    routes: routes(host),
    interceptors: [createForwardInterceptor(host, () => leader), createAccessInterceptor(host)],
    health: { unready: () => [] },
    shutdownSignal: new AbortController().signal,
  })
  onTestFinished(() => port.close(0))
  return { seen, baseUrl: `http://127.0.0.1:${port.port}` }
}

test("the rest of the caller's time goes along to the leader, and its trace", async () => {
  const { seen, baseUrl } = await recordedForward()
  const traceparent = `00-${'5a'.repeat(16)}-${'c3'.repeat(8)}-01`
  const headers = { 'quorail-forward': '1', traceparent }
  const release = { requestId: 'request-1', bookingId: 7n }
  const transports = [
    createConnectTransport({ baseUrl, httpVersion: '1.1' }),
    createConnectTransport({ baseUrl, httpVersion: '2' }),
    createGrpcTransport({ baseUrl }),
  ]
  for (const transport of transports) {
    const bookings = createClient(BookingService, transport)
    await bookings.releaseHold(release, { headers, timeoutMs: 30_000 })
    const { timeoutMs, header } = seen.pop() ?? {}
    expect(timeoutMs).toBeGreaterThan(0)
    expect(timeoutMs).toBeLessThanOrEqual(30_000)
    expect(header?.get('traceparent')).toBe(traceparent)
    // Who waits as long as it takes is not given a limit here.
    await bookings.releaseHold(release, { headers })
    expect(seen.pop()?.timeoutMs).toBeUndefined()
  }
})

test('a call whose time is over is not passed on, and what was spent here is taken off', async () => {
  const host = newHost()
  host.follow(n1)
  const passedOn: (number | undefined)[] = []
  const leader: Transport = {
    unary(_method, _signal, timeoutMs) {
      passedOn.push(timeoutMs)
      return Promise.reject(new ConnectError('gone', Code.Unavailable))
    },
    stream: () => Promise.reject(new ConnectError('no streams', Code.Unimplemented)),
  }
  const arrived = (agoMs: number): Interceptor => {
    const at = performance.now() - agoMs
    return (next) => (request) => {
      request.contextValues.set(arrivedAtKey, at)
      return next(request)
    }
  }
  const release = (agoMs: number, timeoutMs: number) => {
    const interceptors = [arrived(agoMs), createForwardInterceptor(host, () => leader)]
    const transport = createRouterTransport(routes(host), { router: { interceptors } })
    const call = createClient(BookingService, transport).releaseHold(
      { requestId: 'request-1', bookingId: 7n },
      { headers: { 'quorail-forward': '1' }, timeoutMs },
    )
    return codeOf(call)
  }
  expect(await release(40_000, 30_000)).toBe('DEADLINE_EXCEEDED')
  expect(passedOn).toEqual([])
  await release(10_000, 30_000)
  expect(passedOn[0]).toBeLessThanOrEqual(20_000)
})

test('a call is passed on once: a leader that leads no more says so', async () => {
  const former = newHost()
  const { headers } = loginTo(former, 'ann@example.org', 'passenger')
  former.follow({ ...n1, id: 'n3', clientUrl: 'http://another.invalid' })
  const accounts = createClient(AccountService, follower(former))
  const error = await errorOf(
    accounts.getMe({}, { headers: { ...headers, 'quorail-forward': '1' } }),
  )
  expect(error?.findDetails(NotLeaderSchema)[0]?.leaderUrl).toBe('http://another.invalid')
})

test('a leader that is gone with the question leaves its outcome unknown', async () => {
  const host = newHost()
  host.follow(n1)
  const gone = createRouterTransport((router) =>
    router.service(BookingService, {
      releaseHold() {
        throw new ConnectError('the connection was lost', Code.Unavailable)
      },
    }),
  )
  const transport = createRouterTransport(routes(host), {
    router: { interceptors: [createForwardInterceptor(host, () => gone)] },
  })
  const release = createClient(BookingService, transport).releaseHold(
    { requestId: 'request-1', bookingId: 7n },
    { headers: { 'quorail-forward': '1' } },
  )
  expect(await codeOf(release)).toBe('OUTCOME_UNKNOWN')
})
