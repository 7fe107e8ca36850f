import { TimestampSchema, timestampFromMs } from '@bufbuild/protobuf/wkt'
import { Code, ConnectError, type ConnectRouter, createClient } from '@connectrpc/connect'
import {
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from '@connectrpc/connect-node'
import { BookingService } from '@quorail/proto/quorail/booking/v1/booking_service_pb'
import { ClusterService } from '@quorail/proto/quorail/cluster/v1/cluster_pb'
import { ErrorDetailSchema } from '@quorail/proto/quorail/cluster/v1/errors_pb'
import { WatchService } from '@quorail/proto/quorail/watch/v1/watch_pb'
import { expect, onTestFinished, test } from 'vitest'
import { openClientPort } from './client-port.ts'

async function startNode() {
  const bugs: string[] = []
  const port = await openClientPort({
    port: 0,
    hosts: ['127.0.0.1'],
    origins: [],
    routes: (router: ConnectRouter) => {
      router.service(BookingService, {
        getBooking() {
          // A bug of ours is none of the caller's.
          throw new Error('parse binary: not what came')
        },
        releaseHold: () => ({}),
      })
      router.service(ClusterService, { getStatus: () => ({}) })
      router.service(WatchService, { async *watch() {} })
    },
    interceptors: [],
    plainRoutes: [],
    health: { unready: () => [] },
    onBug: (what) => bugs.push(what),
    shutdownSignal: new AbortController().signal,
  })
  onTestFinished(() => port.close(0))
  return { baseUrl: `http://127.0.0.1:${port.port}`, bugs }
}

const errorOf = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (reason: unknown) => ConnectError.from(reason),
  )

const unreadable = {
  code: 'UNREADABLE_REQUEST',
  sentence: 'The bytes of this request are no message of its method.',
  nextStep: expect.stringMatching(/\w/),
}

const transports = {
  connect: (baseUrl: string, useBinaryFormat: boolean) =>
    createConnectTransport({ baseUrl, httpVersion: '1.1', useBinaryFormat }),
  'connect over HTTP/2': (baseUrl: string, useBinaryFormat: boolean) =>
    createConnectTransport({ baseUrl, httpVersion: '2', useBinaryFormat }),
  gRPC: (baseUrl: string, useBinaryFormat: boolean) =>
    createGrpcTransport({ baseUrl, useBinaryFormat }),
  'gRPC-Web': (baseUrl: string, useBinaryFormat: boolean) =>
    createGrpcWebTransport({ baseUrl, httpVersion: '1.1', useBinaryFormat }),
}

test.each(
  Object.entries(transports).flatMap(([name, open]) => [
    { name, format: 'protobuf', open, isBinary: true },
    { name, format: 'JSON', open, isBinary: false },
  ]),
)(
  '$name, $format: a body that is no message is an error for people',
  async ({ open, isBinary }) => {
    const { baseUrl, bugs } = await startNode()
    const transport = open(baseUrl, isBinary)
    // A point in time: in JSON a text, and in protobuf a number where the methods have something with a length.
    const time = { input: TimestampSchema }
    const message = timestampFromMs(4e12) as never
    const other = { ...BookingService.method.releaseHold, ...time } as never
    const unary = await errorOf(transport.unary(other, undefined, undefined, undefined, message))
    expect(unary?.code).toBe(Code.InvalidArgument)
    expect(unary?.findDetails(ErrorDetailSchema)[0]).toMatchObject(unreadable)

    const watch = { ...WatchService.method.watch, ...time } as never
    async function* input() {
      yield message
    }
    const streamed = await errorOf(
      (async () => {
        const stream = await transport.stream(watch, undefined, undefined, undefined, input())
        for await (const _ of stream.message);
      })(),
    )
    expect(streamed?.code).toBe(Code.InvalidArgument)
    expect(streamed?.findDetails(ErrorDetailSchema)[0]).toMatchObject(unreadable)
    expect(bugs).toEqual([])
  },
)

test('what is no JSON at all, and a query that is none', async () => {
  const { baseUrl } = await startNode()
  const said = async (response: Response) => ({
    ...((await response.json()) as object),
    status: response.status,
  })
  const post = await fetch(`${baseUrl}/quorail.booking.v1.BookingService/ReleaseHold`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"bookingId":',
  })
  const expected = { status: 400, code: 'invalid_argument', details: [{}] }
  expect(await said(post)).toMatchObject(expected)
  const query = 'encoding=proto&base64=1&message=%2F%2F8%3D'
  const get = await fetch(`${baseUrl}/quorail.cluster.v1.ClusterService/GetStatus?${query}`)
  expect(await said(get)).toMatchObject(expected)
})

test('a bug of ours stays one', async () => {
  const { baseUrl } = await startNode()
  const transport = createConnectTransport({ baseUrl, httpVersion: '1.1' })
  const error = await errorOf(createClient(BookingService, transport).getBooking({}))
  expect(error?.code).toBe(Code.Internal)
  expect(error?.details).toEqual([])
})
