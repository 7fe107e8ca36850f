/** Who calls past Connect's handlers: clients as they are, and strangers who begin and do not end. */
import http2 from 'node:http2'
import { setTimeout as wait } from 'node:timers/promises'
import { create, toBinary, toJson } from '@bufbuild/protobuf'
import { ConnectError, createClient } from '@connectrpc/connect'
import { createConnectTransport, createGrpcTransport } from '@connectrpc/connect-node'
import {
  BookingService,
  HoldSeatsRequestSchema,
  HoldSeatsResponseSchema,
} from '@quorail/proto/quorail/booking/v1/booking_service_pb'
import { ErrorDetailSchema } from '@quorail/proto/quorail/cluster/v1/errors_pb'
import { expect, onTestFinished, test } from 'vitest'
import { ask, bothWays, isQuiet, type World } from '../testing/two-ways.ts'

const path = `/${BookingService.typeName}/HoldSeats`
const request = (requestId: string) => ({
  requestId,
  runId: 100n,
  toStop: 1,
  classCode: '2',
  passengers: [{ name: 'Ann Example' }],
})
const body = (requestId: string) =>
  toBinary(HoldSeatsRequestSchema, create(HoldSeatsRequestSchema, request(requestId)))
const headersOf = ({ headers }: World) => ({
  ':method': 'POST',
  ':path': path,
  'content-type': 'application/proto',
  ...headers,
})
function gate() {
  let open = (): void => undefined
  const promise = new Promise<void>((resolve) => {
    open = resolve
  })
  return { promise, resolve: open }
}
const bookingsOf = ({ host }: World) => host.status().appliedIndex

const transports = {
  'Connect over HTTP/2': (baseUrl: string) => createConnectTransport({ baseUrl, httpVersion: '2' }),
  'Connect over HTTP/1.1': (baseUrl: string) =>
    createConnectTransport({ baseUrl, httpVersion: '1.1' }),
  JSON: (baseUrl: string) =>
    createConnectTransport({ baseUrl, httpVersion: '2', useBinaryFormat: false }),
  gRPC: (baseUrl: string) => createGrpcTransport({ baseUrl }),
}

test.each(Object.keys(transports) as (keyof typeof transports)[])(
  'a client of %s hears the same both ways',
  async (name) => {
    const told: unknown[][] = []
    const worlds = await bothWays(onTestFinished)
    for (const world of worlds) {
      const client = createClient(BookingService, transports[name](world.baseUrl))
      const answers: unknown[] = []
      const call = async (asked: object, options: object) => {
        try {
          const answer = await client.holdSeats(asked, { headers: world.headers, ...options })
          answers.push(toJson(HoldSeatsResponseSchema, answer))
        } catch (reason) {
          const { code, rawMessage, ...error } = ConnectError.from(reason)
          const [detail] = ConnectError.from(reason).findDetails(ErrorDetailSchema)
          answers.push([code, rawMessage, error.details.length, detail?.code, detail?.field])
        }
      }
      await call(request('request-1'), {})
      await call(request('request-1'), { timeoutMs: 20_000 })
      await call({ ...request('request-1'), toStop: 2 }, {})
      await call({ ...request('request-2'), runId: 0n }, {})
      await call(request('request-3'), { headers: {} })
      await call({ ...request('request-4'), runId: 999_999n }, {})
      world.host.follow({ id: 'n2', clientUrl: 'http://localhost:2', term: 2 })
      await call(request('request-5'), {})
      told.push(answers)
    }
    expect(told[0]).toEqual(told[1])
    expect(told[0]).toHaveLength(7)
    expect(worlds[0].taken()).toBe(name === 'Connect over HTTP/2' ? 7 : 0)
  },
)

test('an error has a trace of its own where the caller named none', async () => {
  for (const world of await bothWays(onTestFinished)) {
    const client = createClient(BookingService, transports['Connect over HTTP/2'](world.baseUrl))
    const reason: unknown = await client
      .holdSeats({ ...request('request-1'), runId: 0n })
      .catch((error: unknown) => error)
    const [detail] = ConnectError.from(reason).findDetails(ErrorDetailSchema)
    expect(detail?.traceId).toMatch(/^[0-9a-f]{32}$/)
  }
})

test('who asks for more than a person can use is refused both ways', async () => {
  const answers = await Promise.all(
    (await bothWays(onTestFinished, {}, 4)).map(async (world) => {
      const headers = {
        ...headersOf(world),
        traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`,
      }
      const first = await ask(world, { headers, body: [body('request-1')] })
      return [first, await ask(world, { headers, body: [body('request-2')] })]
    }),
  )
  expect(answers[0]).toEqual(answers[1])
  expect(answers[0]?.map(({ headers }) => headers[':status'])).toEqual([200, 429])
})

test('what is cancelled before it is whole is not done, and others are served', async () => {
  for (const world of await bothWays(onTestFinished)) {
    const before = bookingsOf(world)
    const half = body('request-1').subarray(0, 10)
    const headers = headersOf(world)
    const answer = await ask(world, { headers, body: [half], instead: 'reset' })
    expect(answer).toMatchObject({ headers: {}, body: '', reset: 8 })
    expect(bookingsOf(world)).toBe(before)
    const next = await ask(world, { headers, body: [body('request-1')] })
    expect(next.headers[':status']).toBe(200)
    await expect.poll(isQuiet).toBe(true)
  }
})

test('what is cancelled while the log has it is done all the same', async () => {
  for (const world of await bothWays(onTestFinished)) {
    const { promise: go, resolve: release } = gate()
    const before = bookingsOf(world)
    let proposed = false
    world.logInstead(async (submission) => {
      proposed = true
      await go
      return world.host.submit(submission)
    })
    const stream = world.session.request(headersOf(world))
    stream.on('error', () => {})
    stream.end(body('request-1'))
    await expect.poll(() => proposed).toBe(true)
    stream.close(http2.constants.NGHTTP2_CANCEL)
    await wait(50)
    release()
    await expect.poll(() => bookingsOf(world)).toBe(before + 1)
    await expect.poll(async () => world.metrics.text()).toContain('transport="call",code="ok"} 1')
    expect(world.bugs).toEqual([])
    await expect.poll(isQuiet).toBe(true)
  }
})

test('who begins and does not end is cut off', async () => {
  for (const world of await bothWays(onTestFinished, { bodyMs: 200 })) {
    const answer = await ask(world, {
      headers: headersOf(world),
      body: [body('request-1').subarray(0, 10)],
      instead: 'nothing',
    })
    expect(answer).toMatchObject({ headers: {}, reset: http2.constants.NGHTTP2_ENHANCE_YOUR_CALM })
    await expect.poll(isQuiet).toBe(true)
  }
})

test('what comes when too much is under way is cut off', async () => {
  for (const world of await bothWays(onTestFinished, { bytesUnderWay: 50_000 })) {
    const answer = await ask(world, {
      headers: headersOf(world),
      body: [new Uint8Array(60_000)],
      instead: 'nothing',
    })
    expect(answer).toMatchObject({ headers: {}, reset: http2.constants.NGHTTP2_ENHANCE_YOUR_CALM })
    await expect.poll(isQuiet).toBe(true)
  }
})

test('who goes on sending too large a body has the answer, and is cut off', async () => {
  for (const world of await bothWays(onTestFinished, { messageBytes: 1_000, bodyMs: 2_000 })) {
    const stream = world.session.request(headersOf(world))
    let status: unknown
    stream.on('response', (headers) => {
      status = headers[':status']
    })
    stream.on('error', () => {})
    stream.resume()
    const closed = new Promise((resolve) => stream.on('close', resolve))
    const sending = setInterval(() => {
      if (stream.writable) stream.write(new Uint8Array(2_000))
    }, 5)
    await closed
    clearInterval(sending)
    expect(status).toBe(429)
    await expect.poll(isQuiet).toBe(true)
  }
})

test('calls under way are answered when the port closes', async () => {
  const [world] = await bothWays(onTestFinished)
  const asked = ask(world, { headers: headersOf(world), body: [body('request-1')] })
  const { promise: go, resolve: release } = gate()
  world.logInstead(async (submission) => {
    await go
    return world.host.submit(submission)
  })
  await expect.poll(world.taken).toBe(1)
  const closing = world.close(20_000)
  await wait(50)
  release()
  expect((await asked).headers[':status']).toBe(200)
  await closing
})
