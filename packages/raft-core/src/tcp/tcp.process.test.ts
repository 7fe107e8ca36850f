import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { freePorts } from '../../test/free-ports.ts'
import { type TransportSubject, transportSuite } from '../testing/transport-suite.ts'
import { encodeAnswer, encodeHello } from './handshake.ts'
import {
  openTcpTransport,
  type TcpEvent,
  type TcpLimits,
  type TcpOptions,
  type TcpTls,
  type TcpTransport,
} from './index.ts'

const CLUSTER = 'c1'.repeat(16)
const host = '127.0.0.1'
const IDS = ['a', 'b', 'c'] as const
const ALL = { foreign: true, lanes: true, setPeers: true }

async function tcpSubject(tlsOf: (id: string) => TcpTls | undefined): Promise<TransportSubject> {
  const ports = await freePorts(IDS.length)
  const peers = Object.fromEntries(IDS.map((id, i) => [id, { host, port: ports[i] as number }]))
  const open = new Map<string, TcpTransport>()
  const start = async (id: string, clusterId: string) => {
    const tls = tlsOf(id)
    const listen = peers[id] as { host: string; port: number }
    const transport = await openTcpTransport({
      id,
      clusterId,
      listen,
      peers,
      ...(tls === undefined ? {} : { tls }),
    })
    open.set(id, transport)
    return transport
  }
  return {
    open: (id) => start(id, CLUSTER),
    openForeign: (id) => start(id, 'f0'.repeat(16)),
    close: async (id) => open.get(id)?.close(),
    wait: (ms) => sleep(ms),
    dispose: async () => {
      await Promise.all([...open.values()].map((transport) => transport.close()))
    },
  }
}

async function opened(options: Partial<TcpOptions> & { id: string }): Promise<TcpTransport> {
  const listen = { host, port: 0 }
  const transport = await openTcpTransport({ clusterId: CLUSTER, listen, peers: {}, ...options })
  onTestFinished(() => transport.close())
  return transport
}

describe('over sockets', () => {
  for (const { name, run } of transportSuite(() => tcpSubject(() => undefined), ALL)) it(name, run)
})

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'raft-tls-'))
afterAll(() => fs.rmSync(folder, { recursive: true }))
const hasOpenssl = (() => {
  try {
    execFileSync('openssl', ['version'])
    return true
  } catch {
    return false
  }
})()

const openssl = (...args: string[]) =>
  execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']

function makeAuthority(name: string): void {
  const files = ['-keyout', `${name}.key`, '-out', `${name}.pem`]
  openssl('req', '-x509', ...curve, ...files, '-subj', `/CN=${name}`)
}

/** A certificate for `id`, signed by `authority`. */
function certified(id: string, authority = 'ca'): TcpTls {
  const file = `${authority}-${id}`
  if (!fs.existsSync(path.join(folder, `${authority}.pem`))) makeAuthority(authority)
  if (!fs.existsSync(path.join(folder, `${file}.pem`))) {
    const signed = ['-CA', `${authority}.pem`, '-CAkey', `${authority}.key`]
    const names = ['-subj', `/CN=member`, '-addext', `subjectAltName=DNS:${id},DNS:x.example`]
    const files = ['-keyout', `${file}.key`, '-out', `${file}.pem`]
    openssl('req', '-x509', ...curve, ...signed, ...names, ...files)
  }
  const read = (name: string) => fs.readFileSync(path.join(folder, name), 'utf8')
  return { key: read(`${file}.key`), cert: read(`${file}.pem`), ca: read('ca.pem') }
}

describe.skipIf(!hasOpenssl)('over TLS', () => {
  for (const { name, run } of transportSuite(() => tcpSubject((id) => certified(id)), ALL)) {
    it(name, run)
  }

  async function between(a: TcpTls | undefined, b: TcpTls, isExpected = true) {
    const events: TcpEvent[] = []
    const observer = (event: TcpEvent) => void events.push(event)
    const nowhere = { host, port: (await freePorts(1))[0] as number }
    const listener = await opened({ id: 'b', tls: b, peers: { a: nowhere }, observer })
    let received = 0
    listener.onReceive = () => void received++
    const tls = a === undefined ? {} : { tls: a }
    const dialer = await opened({ id: 'a', peers: { b: listener.address }, observer, ...tls })
    // Until it has come through or somebody has said no; what is silent about it gets its time.
    const isRefused = () => events.some(({ type }) => type === 'refused')
    for (let i = 0; i < 3_000 && received === 0 && !(i > 40 && (isRefused() || !isExpected)); i++) {
      dialer.send('b', Uint8Array.of(1))
      await sleep(10)
    }
    return { received: received > 0, events }
  }

  it('lets in whose certificate is signed and names it', async () => {
    expect((await between(certified('a'), certified('b'))).received).toBe(true)
  })

  it('refuses whose certificate names another, unless any of the authority will do', async () => {
    const { received, events } = await between(certified('c'), certified('b'))
    expect(received).toBe(false)
    const reason = 'wrongCertificate'
    expect(events).toContainEqual(expect.objectContaining({ type: 'refused', by: 'us', reason }))
    const lax = { identity: 'authority' } as const
    const any = await between({ ...certified('c'), ...lax }, { ...certified('b'), ...lax })
    expect(any.received).toBe(true)
  })

  it('does not send to a node whose certificate names another', async () => {
    const { received, events } = await between(certified('a'), certified('c'))
    expect(received).toBe(false)
    const refused = events.find((event) => event.type === 'refused')
    expect(refused).toMatchObject({ by: 'us', peer: 'b', reason: 'wrongCertificate' })
  })

  it('refuses another authority, and who speaks without TLS', async () => {
    makeAuthority('other')
    expect((await between(certified('a', 'other'), certified('b'), false)).received).toBe(false)
    expect((await between(undefined, certified('b'), false)).received).toBe(false)
  })
})

const QUICK: Partial<TcpLimits> = { keepAliveMs: 50, silentAfterMs: 300 }

/** Passes connections on; those of before `swallow` stay open and carry nothing from then on. */
async function proxyTo(port: number) {
  const sockets = new Set<net.Socket>()
  let old = new Set<net.Socket>()
  const server = net.createServer((client) => {
    const onward = net.connect(port, host)
    for (const [from, to] of [[client, onward] as const, [onward, client] as const]) {
      sockets.add(from)
      from.on('error', () => {})
      from.on('data', (data) => void (old.has(from) || to.write(data)))
      from.on('close', () => void (old.has(from) || to.destroy()))
    }
  })
  server.listen(0, host)
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const swallow = () => {
    old = new Set(sockets)
  }
  return { address: { host, port: (server.address() as net.AddressInfo).port }, swallow }
}

it('replaces a connection that carries nothing any more, in both directions', async () => {
  const lost: string[] = []
  const [portOfA, portOfB] = (await freePorts(2)) as [number, number]
  const [toA, toB] = [await proxyTo(portOfA), await proxyTo(portOfB)]
  const node = (id: string, port: number, peers: Exclude<TcpOptions['peers'], undefined>) =>
    opened({ id, listen: { host, port }, peers, limits: QUICK })
  const a = await node('a', portOfA, { b: toB.address })
  const b = await node('b', portOfB, { a: toA.address })
  for (const transport of [a, b]) transport.onPeerLost = (peer) => void lost.push(peer)
  let got = 0
  a.onReceive = () => void got++
  b.onReceive = (_from, bytes) => b.send('a', bytes)
  const timer = setInterval(() => a.send('b', Uint8Array.of(1)), 10)
  onTestFinished(() => clearInterval(timer))
  await expect.poll(() => got).toBeGreaterThan(20)
  toA.swallow()
  toB.swallow()
  await sleep(100)
  const before = got
  await expect.poll(() => got).toBeGreaterThan(before + 20)
  expect(a.stats().peers.b?.connections).toBeGreaterThan(1)
  expect(lost).toEqual([])
})

it('never keeps more than it may for a peer that does not read', async () => {
  const reader = net.createServer((socket) => socket.on('error', () => {}))
  // It greets as `b` would, by passing the real answer on, and then reads no more.
  const [portOfA] = (await freePorts(1)) as [number]
  const b = await opened({ id: 'b', peers: { a: { host, port: portOfA } } })
  reader.on('connection', (socket) => {
    const onward = net.connect(b.address.port, host)
    onward.on('error', () => {})
    socket.once('data', (hello) => {
      socket.pause()
      onward.write(hello)
    })
    onward.on('data', (answer) => socket.write(answer))
    onTestFinished(() => {
      socket.destroy()
      onward.destroy()
    })
  })
  reader.listen(0, host)
  await once(reader, 'listening')
  onTestFinished(() => void reader.close())
  const { port } = reader.address() as net.AddressInfo
  const limits = { maxWaitingBytes: 8 << 20 }
  const a = await opened({ id: 'a', peers: { b: { host, port } }, limits })
  const stats = () => a.stats().peers.b
  await expect.poll(() => stats()?.sending).toBe(true)
  const batch = new Uint8Array(1 << 20)
  for (let i = 0; i < 64; i++) {
    a.send('b', batch)
    expect(stats()?.waitingBytes).toBeLessThanOrEqual(9 << 20)
    await sleep(1)
  }
  expect(stats()?.dropped.waitingFull).toBeGreaterThan(20)
})

it('a peer that ends with a reset is lost: so do connections of a process that was killed', async () => {
  const nowhere = { host, port: (await freePorts(1))[0] as number }
  const a = await opened({ id: 'a', peers: { b: nowhere } })
  const lost: string[] = []
  a.onPeerLost = (peer) => void lost.push(peer)
  const socket = net.connect(a.address.port, host)
  socket.write(encodeHello({ id: 'b', clusterId: CLUSTER, incarnation: undefined }, 'a'))
  await once(socket, 'data')
  expect(a.stats().peers.b?.receiving).toBe(true)
  socket.resetAndDestroy()
  await expect.poll(() => lost).toEqual(['b'])
})

it('gives a connection up when the peer ends it, also with much waiting to be sent', async () => {
  const server = net.createServer((socket) => {
    onTestFinished(() => void socket.destroy())
    socket.on('error', () => {})
    socket.once('data', () => {
      socket.pause()
      socket.write(
        encodeAnswer({ id: 'b', clusterId: CLUSTER, incarnation: undefined }, 'accepted', 1),
      )
      server.once('enough', () => socket.end())
    })
  })
  server.listen(0, host)
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const { port } = server.address() as net.AddressInfo
  const a = await opened({ id: 'a', peers: { b: { host, port } } })
  await expect.poll(() => a.stats().peers.b?.sending).toBe(true)
  for (let i = 0; i < 20; i++) a.send('b', new Uint8Array(1 << 20))
  expect(a.stats().peers.b?.waitingBytes).toBeGreaterThan(1 << 20)
  server.emit('enough')
  // Long before the peer would count as silent, if a machine has nothing else to do.
  await expect.poll(() => a.stats().peers.b?.waitingBytes, { interval: 5 }).toBe(0)
})

it('says what is wrong: a port that is taken, and options that can not be', async () => {
  const { address } = await opened({ id: 'a' })
  await expect(opened({ id: 'b', listen: address })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  await expect(opened({ id: 'b', clusterId: 'mine' })).rejects.toThrow('clusterId: must be 32')
  await expect(opened({ id: '' })).rejects.toThrow('id: a name has 1 to 64 bytes')
  const peers = { c: { host, port: 0 } }
  await expect(opened({ id: 'b', peers })).rejects.toThrow('peers.c.port')
  const limits = { silentAfterMs: 600 }
  await expect(opened({ id: 'b', limits })).rejects.toThrow('at least twice limits.keepAliveMs')
})

it('answers a stranger that speaks something else by closing', async () => {
  const { address } = await opened({ id: 'a' })
  const socket = net.connect(address.port, host)
  socket.resume().write('GET / HTTP/1.1\r\n\r\n')
  await once(socket, 'close')
})

it('what was sent before closing still arrives, and closing leaves no socket', async () => {
  const [portOfA] = (await freePorts(1)) as [number]
  const b = await opened({ id: 'b', peers: { a: { host, port: portOfA } } })
  const listen = { host, port: portOfA }
  const a = await opened({ id: 'a', listen, peers: { b: b.address } })
  let bytes = 0
  b.onReceive = (_from, batch) => {
    bytes += batch.length
  }
  await expect.poll(() => a.stats().peers.b?.sending).toBe(true)
  for (let i = 0; i < 8; i++) a.send('b', new Uint8Array(1 << 20))
  await Promise.all([a.close(), a.close()])
  await expect.poll(() => bytes).toBe(8 << 20)
  const socket = net.connect(portOfA, host)
  await expect(once(socket, 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})
