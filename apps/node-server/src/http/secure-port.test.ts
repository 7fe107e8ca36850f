/** The client port with TLS: who gets what, and that it is the same port otherwise. */
import http2 from 'node:http2'
import https from 'node:https'
import net from 'node:net'
import tls from 'node:tls'
import { createClient } from '@connectrpc/connect'
import { connectNodeAdapter, createConnectTransport } from '@connectrpc/connect-node'
import { createClusterTransport } from '@quorail/cluster-client'
import { ClusterService } from '@quorail/proto/quorail/cluster/v1/cluster_pb'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import type { Issued } from '../certificates/issue.ts'
import { certificateOf, newAuthority, peerCertificate } from '../testing/test-certificates.ts'
import { type DoorLimits, doorLimits } from './door-limits.ts'
import type { Handler } from './handler.ts'
import { createPolyglotServer } from './polyglot.ts'

let authority: Issued
beforeAll(async () => {
  authority = await newAuthority()
})

const echo: Handler = (request, response) => {
  request.resume()
  request.on('end', () => response.end(`${request.httpVersion} ${request.method}`))
}

async function start(limits: DoorLimits = doorLimits, handler: Handler = echo) {
  const certificate = await peerCertificate(authority, { node: 'n1', use: 'server' })
  const server = createPolyglotServer(handler, limits, certificate)
  const port = await server.listen(0, ['127.0.0.1', '::1'])
  let closed: Promise<void> | undefined
  const close = (): Promise<void> => {
    closed ??= server.close(0)
    return closed
  }
  onTestFinished(close)
  return { port, certificate, close }
}

function ask1(port: number, options: https.RequestOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = https.request(
      {
        port,
        host: 'localhost',
        ca: authority.certificate,
        agent: false,
        method: 'POST',
        ...options,
      },
      (response) => {
        let seen = ''
        response.on('data', (chunk) => {
          seen += String(chunk)
        })
        response.on('end', () => resolve(seen))
      },
    )
    request.on('error', reject)
    request.end('body')
  })
}

function connect2(port: number, host = 'localhost'): http2.ClientHttp2Session {
  const session = http2.connect(`https://${host}:${port}`, { ca: authority.certificate })
  session.on('error', () => {})
  onTestFinished(() => session.destroy())
  return session
}

function ask2(session: http2.ClientHttp2Session): Promise<string> {
  return new Promise((resolve, reject) => {
    const stream = session.request({ ':method': 'POST', ':path': '/' })
    let seen = ''
    stream.on('data', (chunk) => {
      seen += String(chunk)
    })
    stream.on('error', reject)
    stream.on('end', () => resolve(seen))
    stream.end('body')
  })
}

test('HTTP/1.1 and HTTP/2 on one port, by what the handshake agrees on, on both addresses', async () => {
  const { port } = await start()
  expect(await ask1(port)).toBe('1.1 POST')
  expect(await ask1(port, { host: '::1' })).toBe('1.1 POST')
  expect(await ask2(connect2(port))).toBe('2.0 POST')
  expect(await ask2(connect2(port, '[::1]'))).toBe('2.0 POST')
})

test('who believes another authority is not spoken to', async () => {
  const { port } = await start()
  const other = await newAuthority()
  await expect(ask1(port, { ca: other.certificate })).rejects.toMatchObject({
    code: expect.stringMatching(/CERT|SIGNATURE|ISSUER/),
  })
  expect(await ask1(port)).toBe('1.1 POST')
})

test('plain text and TLS 1.2 get no answer', async () => {
  const { port } = await start()
  const socket = net.connect(port, '127.0.0.1')
  let seen = ''
  socket.on('error', () => {})
  socket.on('data', (chunk) => {
    seen += chunk.toString('latin1')
  })
  socket.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n')
  await new Promise((resolve) => socket.once('close', resolve))
  expect(seen).not.toContain('HTTP')
  await expect(ask1(port, { maxVersion: 'TLSv1.2' })).rejects.toThrow(/protocol.version/i)
  expect(await ask1(port)).toBe('1.1 POST')
})

test('a renewed certificate counts for new connections; those that there are go on', async () => {
  const { port, certificate } = await start()
  const session = connect2(port)
  expect(await ask2(session)).toBe('2.0 POST')
  const before = await serialOf(port)
  const issued = await certificateOf(authority, { node: 'n1', use: 'server', endsInHours: 30 })
  certificate.set({ ...certificate.get(), cert: issued.certificate, key: issued.key })
  expect(await serialOf(port)).not.toBe(before)
  expect(await ask2(session)).toBe('2.0 POST')
})

function serialOf(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({ port, host: '127.0.0.1', ca: authority.certificate })
    socket.on('error', reject)
    socket.on('secureConnect', () => {
      resolve(socket.getPeerX509Certificate()?.serialNumber ?? '')
      socket.destroy()
    })
  })
}

test('who says nothing, before the handshake or after it, is closed, and keeps nobody out', async () => {
  const { port } = await start({
    ...doorLimits,
    silentConnections: 20,
    silentMs: 500,
    headerMs: 500,
    bodyMs: 500,
    unusedSessionMs: 500,
  })
  const closed: Promise<unknown>[] = []
  const open = (socket: net.Socket): void => {
    socket.on('error', () => {})
    socket.resume()
    closed.push(new Promise((resolve) => socket.once('close', resolve)))
    onTestFinished(() => void socket.destroy())
  }
  for (let at = 0; at < 40; at += 1) open(net.connect(port, '127.0.0.1'))
  expect(await ask1(port)).toBe('1.1 POST')
  for (const ALPNProtocols of [['h2'], ['http/1.1'], undefined])
    open(
      tls.connect({
        port,
        host: '127.0.0.1',
        ca: authority.certificate,
        ...(ALPNProtocols && { ALPNProtocols }),
      }),
    )
  await Promise.all(closed)
  expect(await ask2(connect2(port))).toBe('2.0 POST')
})

test('closing ends every connection, also one in the middle of its handshake', async () => {
  const { port, close } = await start()
  const sockets = [
    net.connect(port, '127.0.0.1'),
    tls.connect({ port, host: '127.0.0.1', ca: authority.certificate }),
  ]
  const ended = sockets.map((socket) => {
    socket.on('error', () => {})
    socket.resume()
    return new Promise((resolve) => socket.once('close', resolve))
  })
  await ask2(connect2(port))
  await close()
  await Promise.all(ended)
})

test.each(['1.1', '2'] as const)(
  'cluster-client goes to https, over HTTP/%s, by whom its transport believes',
  async (httpVersion) => {
    const { port } = await start(
      doorLimits,
      connectNodeAdapter({
        routes: (router) =>
          router.service(ClusterService, { getStatus: () => ({ status: { id: 'n1' } }) }),
      }),
    )
    const clientTo = (ca: string) =>
      createClient(
        ClusterService,
        createClusterTransport({
          endpoints: [`https://localhost:${port}`],
          createTransport: (baseUrl) =>
            createConnectTransport({ baseUrl, httpVersion, nodeOptions: { ca } }),
        }),
      )
    const { status } = await clientTo(authority.certificate).getStatus({})
    expect(status?.id).toBe('n1')
    const other = await newAuthority()
    await expect(clientTo(other.certificate).getStatus({}, { timeoutMs: 1_000 })).rejects.toThrow()
  },
)
