/** Every RPC of the port, unary or a stream, is sent bytes that are no message of its: each answer has a code and a sentence. */
import http2 from 'node:http2'
import { gzipSync } from 'node:zlib'
import type { DescMethod } from '@bufbuild/protobuf'
import type { ConnectRouter } from '@connectrpc/connect'
import { ClusterService } from '@quorail/proto/quorail/cluster/v1/cluster_pb'
import { MembershipService } from '@quorail/proto/quorail/cluster/v1/membership_pb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { policies } from '../auth/policies.ts'
import { createClusterService } from '../services/cluster-service.ts'
import { createDoor } from '../services/door.ts'
import { createRoutes } from '../services/index.ts'
import { createMembershipService, type MembershipOptions } from '../services/membership-service.ts'
import { withToolServices } from '../services/tool-services.ts'
import { createMemoryHost, foundMemoryHost } from '../testing/memory-host.ts'
import { type ClientPort, openClientPort } from './client-port.ts'
import { doorLimits } from './door-limits.ts'

const messageBytes = 10_000
const large = Buffer.alloc(2 * messageBytes)
const bomb = gzipSync(Buffer.alloc(2 ** 20))
const none = Buffer.alloc(0)

const bugs: string[] = []
const methods: DescMethod[] = []
let port: ClientPort
let session: http2.ClientHttp2Session

beforeAll(async () => {
  const host = createMemoryHost(1_000)
  foundMemoryHost(host)
  const door = createDoor(host)
  // Nobody gets as far as to what it does.
  const membership = { host } as unknown as MembershipOptions
  const routes = withToolServices(host, (router) => {
    createRoutes({ host, secureCookies: false, gatewayUrl: undefined, door })(router)
    router.service(ClusterService, createClusterService(host))
    router.service(MembershipService, createMembershipService(membership))
  })
  port = await openClientPort({
    ...{ port: 0, hosts: ['127.0.0.1'], origins: [], plainRoutes: [] },
    routes: (router) => routes(noting(router)),
    interceptors: [...door.interceptors],
    health: { unready: () => [] },
    limits: { ...doorLimits, messageBytes },
    onBug: (what, reason) => bugs.push(`${what}: ${String(reason)}`),
    shutdownSignal: new AbortController().signal,
  })
  session = http2.connect(`http://127.0.0.1:${port.port}`)
  session.on('error', () => {})
})

afterAll(async () => {
  session.destroy()
  await port.close(0)
})

function noting(router: ConnectRouter): ConnectRouter {
  return {
    handlers: router.handlers,
    service(descriptor, implementation, options) {
      methods.push(...descriptor.methods)
      router.service(descriptor, implementation, options)
      return this
    },
    rpc(method, implementation, options) {
      methods.push(method)
      router.rpc(method, implementation, options)
      return this
    },
  }
}

const nameOf = (method: DescMethod): string => `${method.parent.typeName}/${method.name}`

test('every RPC that has a policy is among them', () => {
  const names = new Set(methods.map(nameOf))
  expect(Object.keys(policies).filter((name) => !names.has(name))).toEqual([])
  expect(new Set(methods.map(({ methodKind }) => methodKind)).size).toBeGreaterThan(2)
})

const json = { 'content-type': 'application/json' }
const proto = { 'content-type': 'application/proto' }

test.each<[string, Record<string, string>, Buffer]>([
  ['no message', proto, Buffer.from([0xff, 0xff])],
  ['a message that ends too soon', proto, Buffer.from([0x0a, 9, 1])],
  ['JSON that ends too soon', json, Buffer.from('{"a')],
  ['nothing where JSON should be', json, none],
  ['JSON of another kind', json, Buffer.from('[]')],
  ['more than the largest message', proto, large],
  ['a bomb', { ...proto, 'content-encoding': 'gzip' }, bomb],
  ['gzip that is cut off', { ...proto, 'content-encoding': 'gzip' }, bomb.subarray(0, 30)],
  ['a compression nobody knows', { ...proto, 'content-encoding': 'zip' }, none],
])('every unary RPC, by Connect: %s', async (_what, headers, body) => {
  for (const method of methods.filter(({ methodKind }) => methodKind === 'unary')) {
    const name = nameOf(method)
    const response = await fetch(addressOf(name), { method: 'POST', headers, body })
    const text = await response.text()
    expect(response.status, `${name}: ${text}`).toBeGreaterThanOrEqual(400)
    const error = JSON.parse(text) as { code?: string; message?: string }
    expect(error, name).toMatchObject({
      code: expect.stringMatching(/^(?!internal$|unknown$)[a-z_]+$/),
      message: expect.stringMatching(/\w+ \w+/),
    })
  }
  expect(bugs).toEqual([])
})

// Who asks so speaks none of our protocols: there is none to answer an error in (docs/operating/front-door.md).
test.each<[string, RequestInit, number]>([
  ['another content type', { method: 'POST', headers: { 'content-type': 'text/xml' } }, 415],
  ['no content type', { method: 'POST' }, 415],
  ['another HTTP method', { method: 'DELETE', headers: json }, 405],
])('every RPC: %s is answered by the status alone', async (_what, init, status) => {
  for (const method of methods) {
    const response = await fetch(addressOf(nameOf(method)), init)
    // HTTP/1.1 has no streams both ways: that is said first.
    const should = method.methodKind === 'bidi_streaming' ? 505 : status
    expect([response.status, await response.text()], nameOf(method)).toEqual([should, ''])
  }
  expect(bugs).toEqual([])
})

const envelope = (flags: number, length: number, body: Buffer): Buffer => {
  const head = Buffer.alloc(5)
  head[0] = flags
  head.writeUInt32BE(length, 1)
  return Buffer.concat([head, body])
}

test.each<[string, Buffer, Record<string, string>?]>([
  ['half a head', Buffer.from([0, 0, 0])],
  ['a body that ends too soon', envelope(0, 9, Buffer.from([8]))],
  ['no message', envelope(0, 2, Buffer.from([0xff, 0xff]))],
  ['a length of 4 GB', envelope(0, 0xffffffff, Buffer.alloc(100))],
  ['more than the largest message', envelope(0, large.length, large)],
  ['a bomb', envelope(1, bomb.length, bomb), { 'grpc-encoding': 'gzip' }],
  ['gzip that is none', envelope(1, 4, Buffer.alloc(4)), { 'grpc-encoding': 'gzip' }],
  ['a deadline that is none', envelope(0, 0, none), { 'grpc-timeout': 'soon' }],
])('every RPC, streams too, by gRPC: %s', async (_what, body, headers) => {
  for (const name of methods.map(nameOf)) {
    const { status, message } = await grpcAnswer(name, body, headers)
    // 0: done; 2: unknown; 13: a bug of ours.
    expect(['', '0', '2', '13'], `${name}: ${status} ${message}`).not.toContain(status)
    expect(message, name).toMatch(/\w+ \w+/)
  }
  expect(bugs).toEqual([])
})

const addressOf = (name: string): string => `http://127.0.0.1:${port.port}/${name}`

function grpcAnswer(name: string, body: Buffer, headers: http2.OutgoingHttpHeaders = {}) {
  return new Promise<{ status: string; message: string }>((resolve, reject) => {
    const stream = session.request({
      ...{ ':method': 'POST', ':path': `/${name}`, te: 'trailers' },
      'content-type': 'application/grpc',
      ...headers,
    })
    let status = ''
    let message = ''
    const note = (fields: http2.IncomingHttpHeaders): void => {
      status ||= String(fields['grpc-status'] ?? '')
      message ||= decodeURIComponent(String(fields['grpc-message'] ?? ''))
    }
    stream.on('response', note)
    stream.on('trailers', note)
    stream.on('error', reject)
    stream.on('close', () => resolve({ status, message }))
    stream.resume()
    stream.end(body)
  })
}
