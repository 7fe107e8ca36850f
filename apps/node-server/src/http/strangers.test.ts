/** What anybody can send who reaches the port: each gets a typed answer or is cut off, and others are served meanwhile. */
import http2 from 'node:http2'
import net from 'node:net'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { createClient } from '@connectrpc/connect'
import { createConnectTransport } from '@connectrpc/connect-node'
import { ClusterService } from '@quorail/proto/quorail/cluster/v1/cluster_pb'
import { expect, onTestFinished, test } from 'vitest'
import { createClusterService } from '../services/cluster-service.ts'
import { createMemoryHost } from '../testing/memory-host.ts'
import { beginCall, cancelCall, noSettings, ping, preface } from '../testing/raw-frames.ts'
import { requestBytesUnderWay } from './body-limits.ts'
import { openClientPort } from './client-port.ts'
import { type DoorLimits, doorLimits } from './door-limits.ts'

const path = '/quorail.cluster.v1.ClusterService/GetStatus'

async function start(limits: Partial<DoorLimits> = {}) {
  const bugs: string[] = []
  const host = createMemoryHost(1_000)
  const port = await openClientPort({
    port: 0,
    hosts: ['127.0.0.1'],
    origins: [],
    routes: (router) => router.service(ClusterService, createClusterService(host)),
    interceptors: [],
    plainRoutes: [],
    health: { unready: () => [] },
    limits: { ...doorLimits, ...limits },
    onBug: (what, reason) => bugs.push(`${what}: ${String(reason)}`),
    shutdownSignal: new AbortController().signal,
  })
  onTestFinished(async () => {
    await port.close(0)
    expect(bugs).toEqual([])
    await expect.poll(requestBytesUnderWay).toBe(0)
  })
  const baseUrl = `http://127.0.0.1:${port.port}`
  const transport = createConnectTransport({ baseUrl, httpVersion: '1.1' })
  const serves = async () => {
    expect((await createClient(ClusterService, transport).getStatus({})).status?.id).toBe('n1')
  }
  return { port: port.port, baseUrl, serves }
}

/** A connection on which one writes what one likes. */
function connect(port: number) {
  const socket = net.connect(port, '127.0.0.1')
  let seen = ''
  socket.on('data', (chunk) => {
    seen += chunk.toString('latin1')
  })
  socket.on('error', () => {})
  onTestFinished(() => {
    socket.destroy()
  })
  const closed = new Promise<string>((resolve) => socket.on('close', () => resolve(seen)))
  return { socket, closed }
}

const post = (fields: string, body: Buffer | string = '{}', line = `POST ${path} HTTP/1.1`) =>
  Buffer.concat([
    Buffer.from(
      `${line}\r\n${fields}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`,
    ),
    Buffer.from(body),
  ])

const json = 'Host: x\r\nContent-Type: application/json'
const proto = 'Host: x\r\nContent-Type: application/proto'
const zeros = Buffer.alloc(64 * 2 ** 20)
const none = Buffer.alloc(0)

test.each<[string, Buffer, number, string]>([
  ['a good request', post(json), 200, '"status"'],
  [
    'a host that is none',
    post('Host: a b[\r\nContent-Type: application/json'),
    400,
    'invalid_argument',
  ],
  ['an empty host', post('Host: \r\nContent-Type: application/json'), 400, 'invalid_argument'],
  [
    'no host',
    post('X: y\r\nContent-Type: application/json', '{}', `POST ${path} HTTP/1.0`),
    400,
    'invalid_argument',
  ],
  ['no host, of HTTP/1.1', post('X: y'), 400, ''],
  ['another path', post(json, '{}', 'POST /etc/passwd HTTP/1.1'), 404, 'unimplemented'],
  ['a path of nothing but slashes', post(json, '{}', 'POST //// HTTP/1.1'), 404, 'unimplemented'],
  [
    'a path that is an address',
    post(json, '{}', 'POST http://evil.example/ HTTP/1.1'),
    404,
    'unimplemented',
  ],
  ['another method', post(json, '', `DELETE ${path} HTTP/1.1`), 405, ''],
  ['no method', post(json, '', `BREW ${path} HTTP/1.1`), 400, ''],
  ['another content type', post('Host: x\r\nContent-Type: text/xml'), 415, ''],
  ['no content type', post('Host: x'), 415, ''],
  ['no JSON', post(json, '{"a'), 400, 'invalid_argument'],
  ['JSON of another kind', post(json, '[]'), 400, 'invalid_argument'],
  ['no message', post(proto, Buffer.from([0xff, 0xff])), 400, 'UNREADABLE_REQUEST'],
  ['a compression nobody knows', post(`${json}\r\nContent-Encoding: zip`), 501, 'unimplemented'],
  ['gzip that is none', post(`${json}\r\nContent-Encoding: gzip`), 400, 'invalid_argument'],
  [
    'gzip that is cut off',
    post(`${json}\r\nContent-Encoding: gzip`, gzipSync('{"a":1}').subarray(0, 12)),
    400,
    'invalid_argument',
  ],
  [
    'brotli that is cut off',
    post(
      `${json}\r\nContent-Encoding: br`,
      brotliCompressSync(zeros.subarray(0, 999)).subarray(0, 5),
    ),
    400,
    'invalid_argument',
  ],
  [
    '64 MiB in 64 KiB of gzip',
    post(`${proto}\r\nContent-Encoding: gzip`, gzipSync(zeros)),
    429,
    'resource_exhausted',
  ],
  [
    '64 MiB in brotli',
    post(`${proto}\r\nContent-Encoding: br`, brotliCompressSync(zeros)),
    429,
    'resource_exhausted',
  ],
  ['5 MiB', post(proto, zeros.subarray(0, 5 * 2 ** 20)), 429, 'resource_exhausted'],
  ['a deadline that is none', post(`${json}\r\nConnect-Timeout-Ms: soon`), 400, 'invalid_argument'],
  ['20 KB of headers', post(`${json}\r\nX-A: ${'a'.repeat(20_000)}`), 431, ''],
  ['two lengths', post(`${json}\r\nContent-Length: 1`), 400, ''],
  ['a length and chunks', post(`${json}\r\nTransfer-Encoding: chunked`), 400, ''],
  ['bytes', Buffer.from([0, 1, 2, 3, 250, 251, 13, 10, 13, 10]), 400, ''],
])('HTTP/1.1: %s', async (_what, bytes, status, said) => {
  const { port, serves } = await start()
  const { socket, closed } = connect(port)
  socket.write(bytes)
  const seen = await closed
  expect(seen).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  expect(seen).toContain(said)
  await serves()
})

/** A gRPC call with these bytes as its body; what its trailers say. */
function grpcStatus(port: number, body: Buffer, headers: http2.OutgoingHttpHeaders = {}) {
  const session = http2.connect(`http://127.0.0.1:${port}`)
  onTestFinished(() => session.destroy())
  session.on('error', () => {})
  return new Promise<string>((resolve, reject) => {
    const stream = session.request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
      ...headers,
    })
    let status = ''
    const note = (fields: http2.IncomingHttpHeaders) => {
      status ||= String(fields['grpc-status'] ?? '')
    }
    stream.on('response', note)
    stream.on('trailers', note)
    stream.on('error', reject)
    stream.on('close', () => resolve(status))
    stream.resume()
    stream.end(body)
  })
}

const envelope = (flags: number, length: number, body: Buffer) => {
  const head = Buffer.alloc(5)
  head[0] = flags
  head.writeUInt32BE(length, 1)
  return Buffer.concat([head, body])
}

test.each<[string, Buffer, string, http2.OutgoingHttpHeaders?]>([
  ['a good call', envelope(0, 0, none), '0'],
  ['no message at all', none, '12'],
  ['half a head', Buffer.from([0, 0, 0]), '3'],
  ['a body that ends too soon', envelope(0, 9, Buffer.from([8])), '3'],
  ['a length of 4 GB', envelope(0, 0xffffffff, Buffer.alloc(100)), '8'],
  ['two messages', Buffer.concat([envelope(0, 0, none), envelope(0, 0, none)]), '12'],
  ['compressed, and it is not said how', envelope(1, 4, Buffer.alloc(4)), '13'],
  [
    'a bomb',
    envelope(1, gzipSync(zeros).length, gzipSync(zeros)),
    '8',
    { 'grpc-encoding': 'gzip' },
  ],
  ['a deadline that is none', envelope(0, 0, none), '3', { 'grpc-timeout': 'soon' }],
])('gRPC: %s', async (_what, body, status, headers) => {
  const { port, serves } = await start()
  expect(await grpcStatus(port, body, headers)).toBe(status)
  await serves()
})

test('60 bombs at once are inflated one after the other, and others are served meanwhile', async () => {
  const { baseUrl, serves } = await start()
  const bomb = gzipSync(zeros)
  const answers = Array.from({ length: 60 }, async () => {
    const headers = { 'content-type': 'application/proto', 'content-encoding': 'gzip' }
    return (await fetch(`${baseUrl}${path}`, { method: 'POST', headers, body: bomb })).status
  })
  await serves()
  expect(new Set(await Promise.all(answers))).toEqual(new Set([429]))
})

test.each([
  ['headers that never end', `POST ${path} HTTP/1.1\r\nHost: x\r\nX-`],
  ['a body that never ends', `POST ${path} HTTP/1.1\r\n${json}\r\nContent-Length: 9\r\n\r\n{`],
  ['nothing', ''],
])('a connection that is slow for ever is closed: %s', async (_what, text) => {
  const { port } = await start({ silentMs: 200, headerMs: 200, bodyMs: 400 })
  const { socket, closed } = connect(port)
  if (text !== '') socket.write(text)
  expect(await closed).toMatch(/^$|^HTTP\/1.1 408 /)
})

test('HTTP/2: a body that never ends is cut off; a connection without calls is closed', async () => {
  const { port } = await start({ bodyMs: 300, unusedSessionMs: 300 })
  const slow = http2.connect(`http://127.0.0.1:${port}`)
  onTestFinished(() => slow.destroy())
  const stream = slow.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
  })
  stream.on('error', () => {})
  await new Promise((resolve) => stream.on('close', resolve))
  expect(stream.rstCode).toBe(http2.constants.NGHTTP2_ENHANCE_YOUR_CALM)
  const { socket, closed } = connect(port)
  socket.write(Buffer.concat([preface, noSettings]))
  await closed
})

test('bodies that are held back have a limit together', async () => {
  const { port, serves } = await start({ bytesUnderWay: 100_000 })
  const open = Array.from({ length: 20 }, () => connect(port))
  for (const { socket } of open) {
    socket.write(`POST ${path} HTTP/1.1\r\n${proto}\r\nContent-Length: 20000\r\n\r\n`)
    socket.write(Buffer.alloc(10_000))
  }
  await expect.poll(() => open.filter(({ socket }) => socket.destroyed).length).toBeGreaterThan(9)
  for (const { socket } of open) socket.destroy()
  await expect.poll(requestBytesUnderWay).toBe(0)
  await serves()
})

test('2,000 connections that say nothing keep nobody out', async () => {
  const { port, serves } = await start({ silentConnections: 500 })
  const silent: ReturnType<typeof connect>[] = []
  // The kernel's line of new connections is short; each of these is waited for.
  while (silent.length < 2_000) {
    const some = Array.from({ length: 200 }, () => connect(port))
    await Promise.all(
      some.map(({ socket }) => new Promise((resolve) => socket.on('connect', resolve))),
    )
    silent.push(...some)
  }
  await serves()
  await expect
    .poll(() => silent.filter(({ socket }) => socket.destroyed).length)
    .toBeGreaterThanOrEqual(1_500)
  await serves()
})

test('beyond the most connections new ones are closed, until others end', async () => {
  const { port, serves } = await start({ connections: 20 })
  const open = Array.from({ length: 30 }, () => connect(port))
  await expect.poll(() => open.filter(({ socket }) => socket.destroyed).length).toBe(10)
  for (const { socket } of open) socket.destroy()
  await expect.poll(serves).toBeUndefined()
})

/** As many frames as the connection takes; resolves when the server has closed it. */
async function flood(port: number, frames: Buffer, times: number): Promise<void> {
  const { socket, closed } = connect(port)
  socket.write(Buffer.concat([preface, noSettings]))
  for (let at = 0; at < times && !socket.destroyed; at += 1)
    if (!socket.write(frames))
      await new Promise((resolve) => socket.once('drain', resolve).once('close', resolve))
  await closed
}

const many = (times: number, make: (at: number) => Buffer) =>
  Buffer.concat(Array.from({ length: times }, (_, at) => make(at)))

test.each<[string, Buffer]>([
  // CVE-2023-44487
  [
    'calls begun and cancelled',
    many(20_000, (at) => Buffer.concat([beginCall(2 * at + 1, path), cancelCall(2 * at + 1)])),
  ],
  ['calls begun', many(20_000, (at) => beginCall(2 * at + 1, path))],
  ['pings', many(20_000, () => ping)],
  ['settings', many(20_000, () => noSettings)],
])(
  'HTTP/2: a flood of %s ends its connection, and others are served meanwhile',
  async (_what, frames) => {
    const { port, serves } = await start({ bodyMs: 2_000 })
    const flooding = Promise.all([1, 2, 3].map(() => flood(port, frames, 1)))
    await serves()
    await flooding
    await serves()
  },
)
