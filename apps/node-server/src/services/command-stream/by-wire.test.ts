/** Streams of calls over real HTTP/2, by each protocol: past Connect's iterables where they can be, and through them. */
import http2 from 'node:http2'
import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { Code, ConnectError, createClient, type Transport } from '@connectrpc/connect'
import {
  compressionGzip,
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from '@connectrpc/connect-node'
import { openCommandStream } from '@quorail/cluster-client'
import { BookingService } from '@quorail/proto/quorail/booking/v1/booking_service_pb'
import {
  CommandStreamService,
  type StreamCommandsRequest,
  StreamCommandsRequestSchema,
  type StreamCommandsResponse,
  StreamCommandsResponseSchema,
} from '@quorail/proto/quorail/booking/v1/command_stream_service_pb'
import { ErrorDetailSchema, NotLeaderSchema } from '@quorail/proto/quorail/cluster/v1/errors_pb'
import { expect, onTestFinished, test } from 'vitest'
import { openClientPort } from '../../http/client-port.ts'
import { EnvelopeReader, envelopeOf } from '../../peers/envelope.ts'
import { createMemoryHost, foundMemoryHost, type MemoryHost } from '../../testing/memory-host.ts'
import { loginTo } from '../../testing/memory-services.ts'
import { demoJourney } from '../../testing/sold-booking.ts'
import { demoCommands } from '../../timetable/demo-timetable.ts'
import { createDoor } from '../door.ts'
import { createRoutes } from '../index.ts'

const nowMs = Date.UTC(2026, 10, 22, 9)
const wait = { timeout: 30_000, interval: 20 }
const n2 = { id: 'n2', clientUrl: 'http://n2.invalid', term: 2 }

async function start() {
  const host = createMemoryHost(nowMs)
  foundMemoryHost(host)
  for (const command of demoCommands({ nowMs, timeZone: 'Europe/Zurich' })) host.run(command)
  const door = createDoor(host)
  const shutdown = new AbortController()
  const port = await openClientPort({
    port: 0,
    hosts: ['127.0.0.1'],
    origins: [],
    routes: createRoutes({ host, secureCookies: false, gatewayUrl: undefined, door }),
    interceptors: door.interceptors,
    plainRoutes: [],
    health: { unready: () => [] },
    shutdownSignal: shutdown.signal,
  })
  onTestFinished(() => port.close(0))
  const { headers } = loginTo(host, 'ann@example.org', 'passenger')
  return { host, shutdown, headers, baseUrl: `http://127.0.0.1:${port.port}` }
}

type Started = Awaited<ReturnType<typeof start>>

const { holdSeats, releaseHold } = BookingService.method
const encodeRelease = (number: number, requestId = `request-${number}`) => {
  const { name, input, parent } = releaseHold
  const request = toBinary(input, create(input, { requestId, bookingId: 1n }))
  return { number, method: `${parent.typeName}/${name}`, request }
}

function encodeHold(host: MemoryHost, number: number) {
  const { runId, classes } = demoJourney(host)
  const { name, input, parent } = holdSeats
  const request = create(input, {
    requestId: `request-${number}`,
    runId: BigInt(runId),
    fromStop: 0,
    toStop: 1,
    classCode: classes[0]?.classCode ?? '',
    passengers: [{ name: 'Ann Müster' }],
  })
  return { number, method: `${parent.typeName}/${name}`, request: toBinary(input, request) }
}

const baseOf = ({ baseUrl }: Started) => ({ baseUrl, httpVersion: '2' as const })
const gzip = { sendCompression: compressionGzip, compressMinBytes: 0 }
const transports: Record<string, (started: Started) => Transport> = {
  connect: (started) => createConnectTransport(baseOf(started)),
  'connect, JSON': (started) =>
    createConnectTransport({ ...baseOf(started), useBinaryFormat: false }),
  'connect, compressed requests': (started) =>
    createConnectTransport({ ...baseOf(started), ...gzip }),
  gRPC: ({ baseUrl }) => createGrpcTransport({ baseUrl }),
  'gRPC, compressed requests': ({ baseUrl }) => createGrpcTransport({ baseUrl, ...gzip }),
  'gRPC-Web': (started) => createGrpcWebTransport(baseOf(started)),
  'connect, with a time limit': (started) =>
    createConnectTransport({ ...baseOf(started), defaultTimeoutMs: 30_000 }),
}

/** What a stream of these frames gave, and how it ended. */
async function told(
  transport: Transport,
  headers: Record<string, string>,
  frames: AsyncIterable<StreamCommandsRequest>,
  onResponse: (response: StreamCommandsResponse) => void = () => undefined,
) {
  const results: [number, unknown][] = []
  let limits = 0
  try {
    const responses = createClient(CommandStreamService, transport).streamCommands(frames, {
      headers,
    })
    for await (const response of responses) {
      limits += response.limits?.calls ?? 0
      for (const { number, outcome } of response.results)
        results.push([
          number,
          outcome.case === 'error'
            ? [outcome.value.code, outcome.value.detail?.code, outcome.value.message]
            : outcome,
        ])
      onResponse(response)
    }
    return { limits, results, end: 'in good order' }
  } catch (reason) {
    const { code, rawMessage, ...error } = ConnectError.from(reason)
    const details = ConnectError.from(reason)
    const detail = details.findDetails(ErrorDetailSchema)[0]?.code
    const leader = details.findDetails(NotLeaderSchema)[0]?.leaderUrl
    return { limits, results, end: { code, rawMessage, detail, leader, name: error.name } }
  }
}

const frame = (calls: StreamCommandsRequest['calls'] | object[], sessionToken = '') =>
  create(StreamCommandsRequestSchema, { calls, sessionToken } as never)

test.each(Object.keys(transports))(
  'by %s: the same answers, the same errors, the same ends',
  async (name) => {
    const story = async (transportOf: (started: Started) => Transport) => {
      const started = await start()
      const transport = transportOf(started)
      async function* good() {
        const { host } = started
        yield frame([encodeHold(host, 1), encodeRelease(0), encodeRelease(2, 'short')])
        yield frame([])
        yield frame([{ ...encodeRelease(3), method: 'quorail.x.v1.X/Y' }, encodeRelease(4)])
        yield frame([{ ...encodeRelease(5), request: Uint8Array.of(255) }])
        yield frame([encodeRelease(6)], started.headers.authorization.replace('Bearer ', ''))
      }
      async function* tooMany() {
        yield frame(Array.from({ length: 257 }, (_, at) => encodeRelease(at)))
      }
      async function* badToken() {
        yield frame([encodeRelease(1)], 'what?')
      }
      async function* tooLarge() {
        const calls = Array.from({ length: 5 }, (_, number) => ({
          ...encodeRelease(number),
          request: new Uint8Array(1_000_000),
        }))
        yield frame(calls)
      }
      async function* open() {
        yield frame([encodeRelease(1)])
        await new Promise((resolve) => setTimeout(resolve, 10_000).unref())
      }
      const { headers, host, shutdown } = started
      const byNumber = ({ results, ...more }: Awaited<ReturnType<typeof told>>) => ({
        ...more,
        results: results.toSorted(([a], [b]) => a - b),
      })
      const outcomes = [
        byNumber(await told(transport, headers, good())),
        byNumber(await told(transport, {}, good())),
        await told(transport, headers, tooMany()),
        await told(transport, headers, badToken()),
        await told(transport, headers, open(), ({ results }) => {
          if (results.length > 0) shutdown.abort(new ConnectError('stopping', Code.Unavailable))
        }),
      ]
      const again = await start()
      outcomes.push(
        await told(transportOf(again), again.headers, open(), ({ results }) => {
          if (results.length > 0) again.host.follow(n2)
        }),
        await told(transportOf(again), again.headers, open()),
      )
      const large = await start()
      const { end } = await told(transportOf(large), large.headers, tooLarge())
      expect(end).toMatchObject({ code: Code.ResourceExhausted })
      expect(host.status().appliedIndex).toBeGreaterThan(0)
      return outcomes
    }
    const outcomes = await story(transports[name] as (started: Started) => Transport)
    const byIterables = await story(
      transports['connect, with a time limit'] as (started: Started) => Transport,
    )
    expect(outcomes).toEqual(byIterables)
    expect(outcomes[0]).toMatchObject({ limits: 4_096, end: 'in good order' })
    expect(outcomes[0]?.results.map(([number]) => number)).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(outcomes.slice(2, 5).map(({ end }) => (end as { code: Code }).code)).toEqual([
      ...[Code.InvalidArgument, Code.InvalidArgument, Code.Unavailable],
    ])
    expect(outcomes.at(-1)?.end).toMatchObject({ leader: n2.clientUrl })
  },
  60_000,
)

/** A client that speaks Connect's protocol by hand, and takes little at a time. */
function openRaw({ baseUrl, headers }: Started) {
  const session = http2.connect(baseUrl, { settings: { initialWindowSize: 2_048 } })
  session.on('error', () => undefined)
  onTestFinished(() => session.destroy())
  const stream = session.request({
    ':method': 'POST',
    ':path': '/quorail.booking.v1.CommandStreamService/StreamCommands',
    'content-type': 'application/connect+proto',
    'connect-accept-encoding': 'gzip',
    ...headers,
  })
  stream.on('error', () => undefined)
  const reader = new EnvelopeReader(2 ** 24)
  const got: { flags: number; response: StreamCommandsResponse }[] = []
  let end = ''
  return {
    stream,
    got,
    end: () => end,
    results: () => got.flatMap(({ response }) => response.results),
    send: (calls: object[]) =>
      stream.write(envelopeOf(0, toBinary(StreamCommandsRequestSchema, frame(calls as never)))),
    read() {
      stream.on('data', (piece: Buffer) => {
        for (const { flags, message } of reader.take(piece))
          if (flags === 2) end = message.toString()
          else got.push({ flags, response: fromBinary(StreamCommandsResponseSchema, message) })
      })
    },
  }
}

test('whoever does not read answers is not read from, and loses nothing', async () => {
  const started = await start()
  const client = openRaw(started)
  let sent = 0
  let taken = 0
  const more = (): void => {
    const calls = Array.from({ length: 256 }, () => encodeRelease(++sent))
    client.stream.write(
      envelopeOf(0, toBinary(StreamCommandsRequestSchema, frame(calls as never))),
      () => {
        taken += 256
        if (sent < 80 * 256) more()
      },
    )
  }
  const { appliedIndex: before } = started.host.status()
  more()
  await expect.poll(() => taken, wait).toBeGreaterThan(4_096)
  let was = -1
  // Until nothing moves any more.
  await expect
    .poll(
      () => {
        const isStill = taken === was
        was = taken
        return isStill
      },
      { timeout: 30_000, interval: 500 },
    )
    .toBe(true)
  const { appliedIndex } = started.host.status()
  // No more than the limit, what one frame and one piece of the connection hold beyond it.
  expect(appliedIndex - before).toBeLessThan(4_096 + 3 * 256)
  expect(taken).toBeLessThan(80 * 256)
  client.read()
  await expect.poll(() => taken, wait).toBe(80 * 256)
  client.stream.end()
  await expect.poll(client.end, wait).toBe('{}')
  expect(client.results().map(({ number }) => number)).toEqual(
    Array.from({ length: sent }, (_, at) => at + 1),
  )
  // Answers go as they are, though the client would take them compressed.
  expect(new Set(client.got.map(({ flags }) => flags))).toEqual(new Set([0]))
}, 60_000)

test('a client that leaves or is cut off leaves nothing behind', async () => {
  const started = await start()
  const watching = () => started.host.watchers()
  const before = watching()
  const client = openRaw(started)
  client.read()
  client.send([encodeRelease(1)])
  await expect.poll(() => client.results().length, wait).toBe(1)
  expect(watching()).toBe(before + 1)
  client.send([encodeRelease(2)])
  client.stream.close(http2.constants.NGHTTP2_CANCEL)
  await expect.poll(watching, wait).toBe(before)
  const cut = openRaw(started)
  cut.read()
  cut.stream.end(envelopeOf(0, new Uint8Array(100)).subarray(0, 50))
  await expect.poll(cut.end, wait).toContain('invalid_argument')
  await expect.poll(watching, wait).toBe(before)
})

test('a message that says it is compressed, where none is, ends the stream', async () => {
  const client = openRaw(await start())
  client.read()
  client.stream.write(envelopeOf(1, new Uint8Array(3)))
  await expect.poll(client.end, wait).toContain('invalid_argument')
})

test('the client of the package works over it as before', async () => {
  const started = await start()
  const stream = openCommandStream({
    endpoints: [started.baseUrl],
    createTransport: () => transports.connect?.(started) as Transport,
    header: started.headers,
  })
  const { runId, classes } = demoJourney(started.host)
  const held = await Promise.all(
    Array.from({ length: 20 }, (_, at) =>
      stream.call(holdSeats, {
        requestId: `request-${at}`,
        runId: BigInt(runId),
        fromStop: 0,
        toStop: 1,
        classCode: classes[0]?.classCode ?? '',
        passengers: [{ name: `Ann ${at}` }],
      }),
    ),
  )
  expect(new Set(held.map(({ booking }) => booking?.bookingId)).size).toBe(20)
  await stream.close()
})
